import { isWhitespace, type TokenizeOptions, type TokenizerName, tokenize } from './tokenize.js';

/**
 * Several texts as one run of small integers, equal for equal tokens, so that what compares them never touches strings.
 * Ids are 0 to `size - 1`. Text k is `ids[ends[k - 1]]` up to `ids[ends[k]]`, the first one from 0.
 */
export interface TokenIds {
  ids: Int32Array;
  ends: number[];
  size: number;
}

/** Tokens of texts that are compared with each other. `jieba` throws UsageError if it has not been loaded. */
export function tokenIds(texts: readonly string[], name: TokenizerName, options?: TokenizeOptions): TokenIds {
  if (name === 'char') return characterIds(texts);
  return wordIds(texts.map((text) => tokenize(text, name, options)));
}

export function wordIds(texts: readonly (readonly string[])[]): TokenIds {
  const known = new Map<string, number>();
  const ids = new Int32Array(texts.reduce((sum, words) => sum + words.length, 0));
  const ends: number[] = [];
  let length = 0;
  for (const words of texts) {
    for (const word of words) {
      let id = known.get(word);
      if (id === undefined) {
        id = known.size;
        known.set(word, id);
      }
      ids[length++] = id;
    }
    ends.push(length);
  }
  return { ids, ends, size: known.size };
}

/**
 * By code point: id + 1 while a call runs, 0 otherwise. It spans all of Unicode, but only pages that hold a text's
 * characters ever take memory. Beside a Map it is ten times faster, and ids are what takes time on short texts.
 */
let idByCodePoint: Int32Array | undefined;

function characterIds(texts: readonly string[]): TokenIds {
  idByCodePoint ??= new Int32Array(0x110000);
  const known = idByCodePoint;
  const distinct: number[] = [];
  const ids = new Int32Array(texts.reduce((sum, text) => sum + text.length, 0));
  const ends: number[] = [];
  let length = 0;
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) {
      const codePoint = text.codePointAt(i)!;
      if (codePoint > 0xffff) i++;
      if (isWhitespace(codePoint)) continue;
      let id = known[codePoint]!;
      if (id === 0) {
        distinct.push(codePoint);
        id = distinct.length;
        known[codePoint] = id;
      }
      ids[length++] = id - 1;
    }
    ends.push(length);
  }
  for (const codePoint of distinct) known[codePoint] = 0;
  return { ids: ids.subarray(0, length), ends, size: distinct.length };
}
