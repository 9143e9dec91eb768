import { lcsLength, lcsRows } from './lcs.js';
import { type Counting, ngramOverlaps, type Overlap } from './ngrams.js';
import { type SentenceSplit, splitSentences } from './sentences.js';
import { type TokenIds, tokenIds, wordIds } from './token-ids.js';
import type { TokenizerName } from './tokenize.js';

/** `rouge1`, `rouge2`, …: n-grams. `rougeL`: longest common subsequence. `rougeLsum`: the same, over sentences. */
export type RougeType = `rouge${number}` | 'rougeL' | 'rougeLsum';

/** Each 0 to 1. */
export interface RougeScore {
  precision: number;
  recall: number;
  f: number;
}

export interface RougeTokenOptions {
  types: readonly RougeType[];
  /**
   * `clipped` (default): Lin 2004, and equal to Google's rouge_score. `set`: n-grams as sets and 1e-8 added to the
   * divisor of F, so that equal texts score 0.999999995. Then `rouge1`, … and `rougeL` equal rouge_chinese on the same
   * tokens, and `rougeLsum` equals what the `rouge` package calls rouge-l (LongBench's value) on the same sentences.
   */
  counting?: Counting;
}

export interface RougeOptions extends RougeTokenOptions {
  tokenizer: TokenizerName;
  /** For the tokenizer `word`: Porter stems, as rouge_score's `use_stemmer`. Default false. */
  stemmer?: boolean;
  /** Where `rougeLsum` cuts sentences. Default `lines`, as rouge_score does. */
  sentences?: SentenceSplit;
}

/**
 * ROUGE of a prediction against one or more targets. With several, each type takes the target with its best F, the
 * earlier one of equals (rouge_score's `score_multi`). No target, or no tokens on either side: 0.
 * Throws UsageError if the tokenizer `jieba` has not been loaded.
 */
export function rougeScores(
  targets: readonly string[],
  prediction: string,
  options: RougeOptions,
): Record<string, RougeScore> {
  // Tokens never span sentences, so that one pass over the sentences serves the other types too.
  const split = options.types.includes('rougeLsum')
    ? (text: string) => splitSentences(text, options.sentences)
    : (text: string) => [text];
  const texts = [prediction, ...targets].map(split);
  return compareBest(texts, tokenIds(texts.flat(), options.tokenizer, options), options);
}

/** The same for texts that are tokens already: each text an array of sentences, each sentence an array of tokens. */
export function rougeOfTokens(
  targets: readonly (readonly (readonly string[])[])[],
  prediction: readonly (readonly string[])[],
  options: RougeTokenOptions,
): Record<string, RougeScore> {
  const texts = [prediction, ...targets];
  return compareBest(texts, wordIds(texts.flat()), options);
}

/** `texts`, each a list of sentences, are the prediction and then the targets. */
function compareBest(
  texts: readonly (readonly unknown[])[],
  tokens: TokenIds,
  { types, counting = 'clipped' }: RougeTokenOptions,
): Record<string, RougeScore> {
  const [prediction, ...targets] = locate(texts, tokens);
  const best: Record<string, RougeScore> = {};
  for (const target of targets) {
    const scores = compare(target, prediction!, tokens.size, types, counting);
    for (const type of types) {
      const before = best[type];
      if (before === undefined || scores[type]!.f > before.f) best[type] = scores[type]!;
    }
  }
  for (const type of types) best[type] ??= { precision: 0, recall: 0, f: 0 };
  return best;
}

/** A text as token ids: whole, and sentence by sentence. */
interface TokenText {
  ids: Int32Array;
  sentences: Int32Array[];
}

/** Finds each text in the one run of ids; of `texts` only the number of sentences counts. */
function locate(texts: readonly (readonly unknown[])[], { ids, ends }: TokenIds): TokenText[] {
  let sentence = 0;
  let start = 0;
  return texts.map((text) => {
    const first = start;
    const sentences = text.map(() => {
      const from = start;
      start = ends[sentence++]!;
      return ids.subarray(from, start);
    });
    return { ids: ids.subarray(first, start), sentences };
  });
}

function compare(
  target: TokenText,
  prediction: TokenText,
  size: number,
  types: readonly RougeType[],
  counting: Counting,
): Record<string, RougeScore> {
  const order = Math.max(0, ...types.map(orderOf));
  const overlaps = order > 0 ? ngramOverlaps(target.ids, prediction.ids, size, order, counting) : [];
  const scores: Record<string, RougeScore> = {};
  for (const type of types) {
    let overlap: Overlap;
    if (type === 'rougeL') overlap = lcsOverlap(target.ids, prediction.ids, size);
    else if (type === 'rougeLsum') overlap = summaryOverlap(target, prediction, size, counting);
    else overlap = overlaps[orderOf(type) - 1]!;
    scores[type] = toScore(overlap, counting);
  }
  return scores;
}

/** n of ROUGE-n, 0 for the others. */
function orderOf(type: RougeType): number {
  return type === 'rougeL' || type === 'rougeLsum' ? 0 : Number(type.slice('rouge'.length));
}

function lcsOverlap(target: Int32Array, prediction: Int32Array, size: number): Overlap {
  return { shared: lcsLength(target, prediction, size), target: target.length, prediction: prediction.length };
}

function summaryOverlap(target: TokenText, prediction: TokenText, size: number, counting: Counting): Overlap {
  if (counting === 'set') return distinctSummaryOverlap(target, prediction, size);
  // With one sentence on each side nothing can be counted twice.
  if (target.sentences.length === 1 && prediction.sentences.length === 1) {
    return lcsOverlap(target.ids, prediction.ids, size);
  }
  return clippedSummaryOverlap(target, prediction, size);
}

/** Lin's union LCS: a token of a target sentence counts if it is in its LCS with any sentence of the prediction. */
function clippedSummaryOverlap(target: TokenText, prediction: TokenText, size: number): Overlap {
  const left = new Int32Array(size);
  for (const id of prediction.ids) left[id]!++;
  let shared = 0;
  for (const sentence of target.sentences) {
    const inUnion = new Uint8Array(sentence.length);
    for (const other of prediction.sentences) for (const i of lcsRows(sentence, other, size)) inUnion[i] = 1;
    for (let i = 0; i < sentence.length; i++) {
      const id = sentence[i]!;
      if (inUnion[i] === 1 && left[id]! > 0) {
        left[id]!--;
        shared++;
      }
    }
  }
  return { shared, target: target.ids.length, prediction: prediction.ids.length };
}

/** The distinct tokens of all LCS of a target sentence and a prediction sentence. */
function distinctSummaryOverlap(target: TokenText, prediction: TokenText, size: number): Overlap {
  const inUnion = new Uint8Array(size);
  for (const sentence of target.sentences) {
    // The `rouge` package goes back through the table with the roles swapped; where several LCS are equally long this
    // decides whose tokens count.
    for (const other of prediction.sentences) for (const i of lcsRows(other, sentence, size)) inUnion[other[i]!] = 1;
  }
  return {
    shared: inUnion.reduce((sum, one) => sum + one, 0),
    target: new Set(target.ids).size,
    prediction: new Set(prediction.ids).size,
  };
}

function toScore({ shared, target, prediction }: Overlap, counting: Counting): RougeScore {
  const precision = shared / Math.max(prediction, 1);
  const recall = shared / Math.max(target, 1);
  if (shared === 0) return { precision, recall, f: 0 };
  return { precision, recall, f: (2 * precision * recall) / (precision + recall + (counting === 'set' ? 1e-8 : 0)) };
}
