import type { RougeScore } from '../../../src/scoring/text/rouge.js';

/** ROUGE written out from its definitions over arrays of strings, with no care for speed. */

/** L[i][j]: length of the LCS of the first i tokens of `a` and the first j of `b`. */
export function lcsTable<T>(a: readonly T[], b: readonly T[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      table[i]![j] = a[i - 1] === b[j - 1] ? table[i - 1]![j - 1]! + 1 : Math.max(table[i - 1]![j]!, table[i]![j - 1]!);
    }
  }
  return table;
}

/** Positions in `a` of the LCS that Google's way back through the table finds. */
export function lcsPositions<T>(a: readonly T[], b: readonly T[]): number[] {
  const table = lcsTable(a, b);
  const positions: number[] = [];
  let i = a.length;
  let j = b.length;
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      positions.unshift(i - 1);
      i--;
      j--;
    } else if (table[i]![j - 1]! > table[i - 1]![j]!) {
      j--;
    } else {
      i--;
    }
  }
  return positions;
}

function grams(tokens: readonly string[], n: number): string[] {
  return tokens.slice(0, Math.max(tokens.length - n + 1, 0)).map((_, i) => JSON.stringify(tokens.slice(i, i + n)));
}

function toScore(shared: number, target: number, prediction: number): RougeScore {
  const precision = prediction === 0 ? 0 : shared / prediction;
  const recall = target === 0 ? 0 : shared / target;
  return { precision, recall, f: shared === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

export function slowRougeN(target: readonly string[], prediction: readonly string[], n: number): RougeScore {
  const left = grams(target, n);
  const predicted = grams(prediction, n);
  const total = left.length;
  let shared = 0;
  for (const gram of predicted) {
    const at = left.indexOf(gram);
    if (at < 0) continue;
    left.splice(at, 1);
    shared++;
  }
  return toScore(shared, total, predicted.length);
}

export function slowRougeL(target: readonly string[], prediction: readonly string[]): RougeScore {
  return toScore(lcsTable(target, prediction).at(-1)!.at(-1)!, target.length, prediction.length);
}

export function slowRougeLsum(target: readonly string[][], prediction: readonly string[][]): RougeScore {
  const left = prediction.flat();
  let shared = 0;
  for (const sentence of target) {
    const union = new Set(prediction.flatMap((other) => lcsPositions(sentence, other)));
    for (const position of [...union].sort((x, y) => x - y)) {
      const at = left.indexOf(sentence[position]!);
      if (at < 0) continue;
      left.splice(at, 1);
      shared++;
    }
  }
  return toScore(shared, target.flat().length, prediction.flat().length);
}
