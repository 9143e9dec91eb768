import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Moments } from '../../src/stats/moments.js';
import { ExactSum, twoProduct, twoSum } from '../../src/stats/sum.js';

const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
const values = fc.array(value, { maxLength: 40 });

/** The exact value of a double as a fraction: numerator over 2^1074. */
function exact(x: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const raw = bits.getBigUint64(0);
  const exponent = (raw >> 52n) & 0x7ffn;
  const mantissa = (raw & 0xfffffffffffffn) | (exponent === 0n ? 0n : 1n << 52n);
  const magnitude = mantissa << (exponent === 0n ? 0n : exponent - 1n);
  return raw >> 63n === 0n ? magnitude : -magnitude;
}

function sumOf(list: readonly number[]): number {
  const sum = new ExactSum();
  for (const x of list) sum.add(x);
  return sum.value();
}

function momentsOf(list: readonly number[]): Moments {
  const moments = new Moments();
  for (const x of list) moments.add(x);
  return moments;
}

describe('error-free arithmetic', () => {
  it('loses nothing in a sum', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [sum, error] = twoSum(a, b);
        return exact(sum) + exact(error) === exact(a) + exact(b);
      }),
    );
  });

  it('loses nothing in a product', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
        fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
        (a, b) => {
          const [product, error] = twoProduct(a, b);
          return BigInt(product) + BigInt(error) === BigInt(a) * BigInt(b);
        },
      ),
    );
  });
});

describe('an exact sum', () => {
  it('is the double nearest to the true sum', () => {
    fc.assert(
      fc.property(values, (list) => {
        const truth = list.reduce((sum, x) => sum + exact(x), 0n);
        const nearest = sumOf(list);
        const distance = (x: number): bigint => {
          const d = exact(x) - truth;
          return d < 0n ? -d : d;
        };
        const step = Math.abs(nearest) * 2 ** -52;
        return distance(nearest) <= distance(nearest + step) && distance(nearest) <= distance(nearest - step);
      }),
      { numRuns: 500 },
    );
  });

  it('does not cancel', () => {
    expect(sumOf([1e16, 1, -1e16])).toBe(1);
    expect(sumOf([1e100, 3.25, -1e100, 1e-20])).toBe(3.25);
    expect(sumOf(Array(10).fill(0.1))).toBe(1);
  });

  it('rounds a tie by what lies below it', () => {
    expect(sumOf([1, 2 ** -53, 2 ** -120])).toBe(1 + 2 ** -52);
    expect(sumOf([1, 2 ** -53, -(2 ** -120)])).toBe(1);
    expect(sumOf([1, 2 ** -53])).toBe(1);
  });

  it('is 0 of nothing', () => {
    expect(new ExactSum().value()).toBe(0);
  });
});

describe('moments', () => {
  it('do not depend on the order of the values, to the last bit', () => {
    fc.assert(
      fc.property(
        values.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const [a, b] = [momentsOf(list), momentsOf(shuffled)];
          expect([a.n, a.mean, a.variance]).toEqual([b.n, b.mean, b.variance]);
        },
      ),
    );
  });

  it('are the same when a stream is cut in two and merged', () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        const merged = momentsOf(first);
        merged.merge(momentsOf(second));
        const whole = momentsOf([...first, ...second]);
        expect([merged.n, merged.mean, merged.variance]).toEqual([whole.n, whole.mean, whole.variance]);
      }),
    );
  });

  it('agree with the two-pass formula', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 2, maxLength: 50 }), (list) => {
        const mean = list.reduce((a, b) => a + b, 0) / list.length;
        const variance = list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (list.length - 1);
        const moments = momentsOf(list);
        expect(moments.mean).toBeCloseTo(mean, 12);
        expect(moments.variance).toBeCloseTo(variance, 10);
      }),
    );
  });

  it('keep a small spread around a large mean', () => {
    const moments = momentsOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
    expect([moments.mean, moments.variance]).toEqual([1e9 + 10, 30]);
  });

  it('have no mean of nothing and no variance of one', () => {
    expect([momentsOf([]).mean, momentsOf([]).variance, momentsOf([]).squaredDistances]).toEqual([null, null, 0]);
    expect([momentsOf([3]).mean, momentsOf([3]).variance]).toEqual([3, null]);
  });
});
