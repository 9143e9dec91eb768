import { int32Scratch } from './scratch.js';

/**
 * `clipped`: an n-gram counts as often as it occurs, a match at most as often as in the other text (Lin 2004; Google's
 * rouge_score). `set`: each distinct n-gram counts once (the `rouge` and `rouge_chinese` packages).
 */
export type Counting = 'clipped' | 'set';

/** How many n-grams two texts have, and how many of them they share. */
export interface Overlap {
  shared: number;
  target: number;
  prediction: number;
}

const targetGrams = int32Scratch();
const predictionGrams = int32Scratch();
const targetCounts = int32Scratch();
const predictionCounts = int32Scratch();
const slots = int32Scratch();
const prefixes = int32Scratch();
const lasts = int32Scratch();

/**
 * Overlaps of the 1-grams, 2-grams, … up to `order`, in this order. Ids are those of `tokenIds`, 0 to `size - 1`.
 *
 * An n-gram is numbered as the pair of its first n - 1 tokens, numbered before, and its last token: exact for every n,
 * and two integers to hash however long the n-gram is.
 */
export function ngramOverlaps(
  target: Int32Array,
  prediction: Int32Array,
  size: number,
  order: number,
  counting: Counting = 'clipped',
): Overlap[] {
  const targetIds = targetGrams(target.length);
  const predictionIds = predictionGrams(prediction.length);
  targetIds.set(target);
  predictionIds.set(prediction);
  let targetLength = target.length;
  let predictionLength = prediction.length;
  const overlaps = [countOverlap(targetIds, targetLength, predictionIds, predictionLength, size, counting)];

  for (let n = 2; n <= order; n++) {
    const numbering = openNumbering(targetLength + predictionLength);
    targetLength = lengthen(numbering, targetIds, target, n);
    predictionLength = lengthen(numbering, predictionIds, prediction, n);
    overlaps.push(countOverlap(targetIds, targetLength, predictionIds, predictionLength, numbering.size, counting));
  }
  return overlaps;
}

/** A hash table with open addressing, from pairs to numbers counted from 0. A slot holds the number + 1. */
interface Numbering {
  slots: Int32Array;
  mask: number;
  prefixes: Int32Array;
  lasts: Int32Array;
  size: number;
}

function openNumbering(capacity: number): Numbering {
  const slotCount = 1 << (33 - Math.clz32(capacity | 1));
  const table = slots(slotCount);
  table.fill(0, 0, slotCount);
  return { slots: table, mask: slotCount - 1, prefixes: prefixes(capacity), lasts: lasts(capacity), size: 0 };
}

/** Turns the (n - 1)-gram numbers in `grams` into n-gram numbers, in place. Returns how many n-grams there are. */
function lengthen(numbering: Numbering, grams: Int32Array, tokens: Int32Array, n: number): number {
  const { slots, mask, prefixes, lasts } = numbering;
  const length = Math.max(tokens.length - n + 1, 0);
  let size = numbering.size;
  for (let i = 0; i < length; i++) {
    const prefix = grams[i]!;
    const last = tokens[i + n - 1]!;
    let hash = Math.imul(Math.imul(prefix, 0x9e3779b1) ^ last, 0x85ebca6b);
    hash = (hash ^ (hash >>> 15)) & mask;
    let gram = slots[hash]! - 1;
    while (gram >= 0 && (prefixes[gram] !== prefix || lasts[gram] !== last)) {
      hash = (hash + 1) & mask;
      gram = slots[hash]! - 1;
    }
    if (gram < 0) {
      gram = size++;
      slots[hash] = size;
      prefixes[gram] = prefix;
      lasts[gram] = last;
    }
    grams[i] = gram;
  }
  numbering.size = size;
  return length;
}

function countOverlap(
  targetIds: Int32Array,
  targetLength: number,
  predictionIds: Int32Array,
  predictionLength: number,
  size: number,
  counting: Counting,
): Overlap {
  const inTarget = countIds(targetCounts(size), targetIds, targetLength, size);
  const inPrediction = countIds(predictionCounts(size), predictionIds, predictionLength, size);
  let shared = 0;
  if (counting === 'clipped') {
    for (let id = 0; id < size; id++) shared += Math.min(inTarget[id]!, inPrediction[id]!);
    return { shared, target: targetLength, prediction: predictionLength };
  }
  let distinctTarget = 0;
  let distinctPrediction = 0;
  for (let id = 0; id < size; id++) {
    if (inTarget[id]! > 0) distinctTarget++;
    if (inPrediction[id]! > 0) distinctPrediction++;
    if (inTarget[id]! > 0 && inPrediction[id]! > 0) shared++;
  }
  return { shared, target: distinctTarget, prediction: distinctPrediction };
}

function countIds(counts: Int32Array, ids: Int32Array, length: number, size: number): Int32Array {
  counts.fill(0, 0, size);
  for (let i = 0; i < length; i++) counts[ids[i]!]!++;
  return counts;
}
