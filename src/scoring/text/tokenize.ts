import { cutWords, loadJieba } from './jieba.js';
import { stem } from './porter.js';

/**
 * `jieba`: Chinese words. `char`: Unicode code points, Latin letters and digits too, as is the practice for LCSTS.
 * `word`: what Google's rouge_score calls a word, a run of a-z and 0-9 after lower-casing; it sees no other script.
 * `jieba` and `char` drop whitespace and keep punctuation and case.
 */
export type TokenizerName = 'jieba' | 'char' | 'word';

export const TOKENIZERS: readonly TokenizerName[] = ['jieba', 'char', 'word'];

export interface TokenizeOptions {
  /** `word` only: reduce words of more than three letters to their Porter stems. Default false. */
  stemmer?: boolean;
}

/** Loads what a tokenizer needs, once a thread. Only `jieba` needs anything. Throws UsageError. */
export async function loadTokenizer(name: TokenizerName): Promise<void> {
  if (name === 'jieba') await loadJieba();
}

/** The tokens of a text. `jieba` throws UsageError if it has not been loaded. */
export function tokenize(text: string, name: TokenizerName, options: TokenizeOptions = {}): string[] {
  switch (name) {
    case 'jieba':
      return cutWords(text).filter((word) => !isBlank(word));
    case 'char':
      return Array.from(text).filter((character) => !isWhitespace(character.codePointAt(0)!));
    case 'word': {
      const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
      return options.stemmer ? words.map((word) => (word.length > 3 ? cachedStem(word) : word)) : words;
    }
  }
}

/** The tokenizer for a BCP 47 language tag: by its script, `jieba` for Chinese, `word` for Latin, `char` for others. */
export function defaultTokenizer(language: string): TokenizerName {
  let name = defaults.get(language);
  if (name === undefined) {
    name = byScript(language);
    defaults.set(language, name);
  }
  return name;
}

const defaults = new Map<string, TokenizerName>();

function byScript(language: string): TokenizerName {
  switch (scriptOf(language)) {
    case 'Hans':
    case 'Hant':
    case 'Hani':
      return 'jieba';
    case 'Latn':
      return 'word';
    default:
      return 'char';
  }
}

function scriptOf(language: string): string | undefined {
  try {
    const locale = new Intl.Locale(language);
    // An undetermined language would be taken for English.
    return /^und\b/i.test(language) ? locale.script : locale.maximize().script;
  } catch {
    return undefined;
  }
}

/** Unicode White_Space, told by code point because a regular expression for each character is many times slower. */
export function isWhitespace(codePoint: number): boolean {
  if (codePoint < 0x1680) {
    return codePoint === 0x20 || (codePoint >= 9 && codePoint <= 13) || codePoint === 0x85 || codePoint === 0xa0;
  }
  return (
    codePoint === 0x1680 ||
    (codePoint >= 0x2000 && codePoint <= 0x200a) ||
    codePoint === 0x2028 ||
    codePoint === 0x2029 ||
    codePoint === 0x202f ||
    codePoint === 0x205f ||
    codePoint === 0x3000
  );
}

function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isWhitespace(text.charCodeAt(i))) return false;
  return true;
}

/** A corpus uses few distinct words; the limit keeps a hostile one from filling the memory. */
const CACHED_STEMS = 20_000;
const stems = new Map<string, string>();

function cachedStem(word: string): string {
  let result = stems.get(word);
  if (result === undefined) {
    if (stems.size >= CACHED_STEMS) stems.clear();
    result = stem(word);
    stems.set(word, result);
  }
  return result;
}
