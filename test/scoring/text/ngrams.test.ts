import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ngramOverlaps } from '../../../src/scoring/text/ngrams.js';

function grams(ids: Int32Array, n: number): string[] {
  return Array.from({ length: Math.max(ids.length - n + 1, 0) }, (_, i) => ids.slice(i, i + n).join());
}

function clippedShare(a: string[], b: string[]): number {
  const left = [...b];
  return a.filter((gram) => left.includes(gram) && left.splice(left.indexOf(gram), 1)).length;
}

const ids = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 }).map((array) => Int32Array.from(array));

describe('n-gram overlaps', () => {
  it('count every n-gram up to the order, clipped, as a plain count does', () => {
    fc.assert(
      fc.property(ids, ids, fc.integer({ min: 1, max: 6 }), (target, prediction, order) => {
        const overlaps = ngramOverlaps(target, prediction, 5, order);
        expect(overlaps).toHaveLength(order);
        for (const [index, overlap] of overlaps.entries()) {
          const [a, b] = [grams(target, index + 1), grams(prediction, index + 1)];
          expect(overlap).toEqual({ shared: clippedShare(a, b), target: a.length, prediction: b.length });
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('count distinct n-grams in set mode', () => {
    fc.assert(
      fc.property(ids, ids, (target, prediction) => {
        for (const [index, overlap] of ngramOverlaps(target, prediction, 5, 4, 'set').entries()) {
          const [a, b] = [new Set(grams(target, index + 1)), new Set(grams(prediction, index + 1))];
          const shared = [...a].filter((gram) => b.has(gram)).length;
          expect(overlap).toEqual({ shared, target: a.size, prediction: b.size });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('tell apart n-grams of many distinct tokens', () => {
    const target = Int32Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 4096);
    const prediction = target.toReversed();
    for (const [index, overlap] of ngramOverlaps(target, prediction, 4096, 3).entries()) {
      const counts = new Map<string, number>();
      for (const gram of grams(target, index + 1)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
      let shared = 0;
      for (const gram of grams(prediction, index + 1)) {
        const left = counts.get(gram) ?? 0;
        if (left > 0) shared++;
        counts.set(gram, left - 1);
      }
      expect(overlap.shared).toBe(shared);
    }
  });
});
