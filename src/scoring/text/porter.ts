/**
 * Porter's stemmer (Porter 1980, "An algorithm for suffix stripping") with the deviations of NLTK's `PorterStemmer` in its
 * default mode, because that is the stemmer of Google's rouge_score. The stemmers on npm follow Porter's own later
 * revision, which gives other stems (`dying`, `news`, `enjoyment`, `flies`).
 */

/** Words that the rules would spoil. */
const IRREGULAR = new Map([
  ['skies', 'sky'],
  ['sky', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['news', 'news'],
  ['inning', 'inning'],
  ['innings', 'inning'],
  ['outing', 'outing'],
  ['outings', 'outing'],
  ['canning', 'canning'],
  ['cannings', 'canning'],
  ['howe', 'howe'],
  ['proceed', 'proceed'],
  ['exceed', 'exceed'],
  ['succeed', 'succeed'],
]);

type Rule = readonly [suffix: string, replacement: string];

const DERIVED: readonly Rule[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['fulli', 'ful'],
];

const SHORTENED: readonly Rule[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];

/** Longer suffixes stand before those that they end in. */
const REMOVED = 'ement ment ent al ance ence er ic able ible ant ion ou ism ate iti ous ive ize'
  .split(' ')
  .map((suffix): Rule => [suffix, '']);

/** One letter for each of the word's: `c` consonant, `v` vowel. A `y` is a vowel after a consonant. */
function shapeOf(word: string): string {
  let shape = '';
  let afterConsonant = false;
  for (const letter of word) {
    const vowel: boolean = 'aeiou'.includes(letter) || (letter === 'y' && afterConsonant);
    shape += vowel ? 'v' : 'c';
    afterConsonant = !vowel;
  }
  return shape;
}

/** Porter's m: how often consonants follow vowels. */
function measure(stemmed: string): number {
  return shapeOf(stemmed).split('vc').length - 1;
}

/** Porter's *o, and NLTK's addition to it: vowel and consonant as the whole word. */
function endsShort(word: string): boolean {
  const shape = shapeOf(word);
  return shape === 'vc' || (shape.endsWith('cvc') && !/[wxy]$/.test(word));
}

/** The first rule whose suffix fits decides, even if what would be left does not satisfy `allowed`. */
function rewrite(word: string, rules: readonly Rule[], allowed: (left: string, suffix: string) => boolean): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const left = word.slice(0, word.length - rule[0].length);
  return allowed(left, rule[0]) ? left + rule[1] : word;
}

function withoutPlural(word: string): string {
  if (word.endsWith('ies')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('sses')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function withoutPast(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const left = word.replace(/(?:ed|ing)$/, '');
  if (left === word || !shapeOf(left).includes('v')) return word;
  if (/(?:at|bl|iz)$/.test(left)) return `${left}e`;
  if (left.at(-1) === left.at(-2) && shapeOf(left).endsWith('c')) return /[lsz]$/.test(left) ? left : left.slice(0, -1);
  return measure(left) === 1 && endsShort(left) ? `${left}e` : left;
}

function withoutFinalY(word: string): string {
  const left = word.slice(0, -1);
  return word.endsWith('y') && left.length > 1 && shapeOf(left).endsWith('c') ? `${left}i` : word;
}

function withoutDerivation(word: string): string {
  if (word.endsWith('alli') && measure(word.slice(0, -4)) > 0) return withoutDerivation(word.slice(0, -2));
  // The l counts with the stem, so that `geologi` is long enough.
  if (word.endsWith('logi')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  return rewrite(word, DERIVED, (left) => measure(left) > 0);
}

function withoutFinalE(word: string): string {
  if (!word.endsWith('e')) return word;
  const left = word.slice(0, -1);
  const m = measure(left);
  return m > 1 || (m === 1 && !endsShort(left)) ? left : word;
}

/** The stem of a lower-case word. Words of one or two letters are their own. */
export function stem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return word;
  let result = withoutDerivation(withoutFinalY(withoutPast(withoutPlural(word))));
  result = rewrite(result, SHORTENED, (left) => measure(left) > 0);
  result = rewrite(result, REMOVED, (left, suffix) => measure(left) > 1 && (suffix !== 'ion' || /[st]$/.test(left)));
  result = withoutFinalE(result);
  return result.endsWith('ll') && measure(result.slice(0, -1)) > 1 ? result.slice(0, -1) : result;
}
