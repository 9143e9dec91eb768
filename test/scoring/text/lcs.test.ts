import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lcsLength, lcsRows } from '../../../src/scoring/text/lcs.js';
import { lcsPositions, lcsTable } from './oracle.js';

const SIZE = 6;
/** Lengths around the word borders 32, 64, 96 and 128 as well as short ones. */
const length = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 12 }) },
  { weight: 1, arbitrary: fc.integer({ min: 29, max: 35 }) },
  { weight: 1, arbitrary: fc.integer({ min: 61, max: 67 }) },
  { weight: 1, arbitrary: fc.constantFrom(95, 96, 97, 127, 128, 129) },
);
const ids = fc
  .tuple(length, fc.integer({ min: 1, max: SIZE }))
  .chain(([n, distinct]) =>
    fc.array(fc.integer({ min: SIZE - distinct, max: SIZE - 1 }), { minLength: n, maxLength: n }),
  )
  .map((array) => Int32Array.from(array));

describe('longest common subsequence', () => {
  it('equals the textbook table in length and in the way back, on 10,000 random pairs', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const [rows, columns] = [[...a], [...b]];
        const expected = lcsTable(rows, columns).at(-1)!.at(-1)!;
        expect(lcsLength(a, b, SIZE)).toBe(expected);
        expect(lcsRows(a, b, SIZE)).toEqual(lcsPositions(rows, columns));
      }),
      { numRuns: 10_000 },
    );
  });

  it('is found in a long text that differs from the other in every seventh token', () => {
    const a = Int32Array.from({ length: 5_000 }, (_, i) => (i * i + (i >> 3)) % 997);
    const b = a.map((id, i) => (i % 7 === 3 ? 997 : id));
    const kept = [...a.keys()].filter((i) => i % 7 !== 3);
    expect(lcsLength(a, b, 998)).toBe(kept.length);
    expect(lcsRows(a, b, 998)).toHaveLength(kept.length);
  });

  it('carries over all words of a column', () => {
    const same = new Int32Array(200);
    expect(lcsLength(same, same, 1)).toBe(200);
    expect(lcsLength(same, same.subarray(0, 65), 1)).toBe(65);
    expect(lcsRows(same, same.subarray(0, 3), 1)).toEqual([197, 198, 199]);
  });

  it('is empty where a side is empty or nothing is shared', () => {
    const none = new Int32Array(0);
    const some = Int32Array.of(0, 1, 2);
    expect(lcsLength(none, some, 6)).toBe(0);
    expect(lcsLength(some, none, 6)).toBe(0);
    expect(lcsLength(some, Int32Array.of(3, 4, 5), 6)).toBe(0);
    expect(lcsRows(none, none, 0)).toEqual([]);
    expect(lcsRows(some, Int32Array.of(5), 6)).toEqual([]);
  });

  it('gives the same after a text too long for its buffers to be kept', () => {
    const long = Int32Array.from({ length: 1_100_000 }, (_, i) => i % 3);
    const short = Int32Array.of(0, 2, 1);
    expect(lcsLength(short, long, 3)).toBe(3);
    expect(lcsLength(short, short, 3)).toBe(3);
  });
});
