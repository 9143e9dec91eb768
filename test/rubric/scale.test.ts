import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anchorBounds,
  anchorFor,
  describeScale,
  isOnScale,
  nearestOnScale,
  scaleSize,
  scaleValues,
} from '../../src/rubric/scale.js';
import type { Scale } from '../../src/rubric/types.js';

function scale(min: number, max: number, step: number): Scale {
  return { min, max, step, multiply: 1, anchors: [] };
}

describe('scaleValues', () => {
  it.each([
    [scale(1, 5, 1), [1, 2, 3, 4, 5]],
    [scale(0, 1, 0.5), [0, 0.5, 1]],
    [scale(0, 1, 0.1), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]],
    [scale(-0.3, 0.3, 0.15), [-0.3, -0.15, 0, 0.15, 0.3]],
    [scale(0, 3e-7, 1e-7), [0, 1e-7, 2e-7, 3e-7]],
    [scale(0, 300, 100), [0, 100, 200, 300]],
  ])('has no noise of binary fractions: %o', (given, expected) => {
    expect(scaleValues(given)).toEqual(expected);
    expect(scaleSize(given)).toBe(expected.length);
  });

  it('are on the scale, each its own nearest, and nothing between them is', () => {
    const any = fc.record({
      min: fc.integer({ min: -50, max: 50 }),
      count: fc.integer({ min: 1, max: 60 }),
      digits: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(any, ({ min, count, digits }) => {
        const step = Number((10 ** -digits).toFixed(digits));
        const given = scale(min, Number((min + count * step).toFixed(digits)), step);
        const values = scaleValues(given);
        expect(values).toHaveLength(count + 1);
        expect(values.at(-1)).toBe(given.max);
        for (const value of values) {
          expect(isOnScale(given, value)).toBe(true);
          expect(nearestOnScale(given, value + step * 0.4)).toBe(Math.min(value, given.max));
          expect(isOnScale(given, value + step * 0.4)).toBe(false);
        }
      }),
    );
  });
});

describe('isOnScale', () => {
  it.each([0, 11, -1, 7.5, 1.0000001, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %d',
    (value) => {
      expect(isOnScale(scale(1, 10, 1), value)).toBe(false);
    },
  );
});

describe('nearestOnScale', () => {
  it('stays on the scale', () => {
    const given = scale(1, 10, 1);
    expect([-5, 1.4, 1.5, 9.99, 1e9].map((value) => nearestOnScale(given, value))).toEqual([1, 1, 2, 10, 10]);
  });
});

describe('describeScale', () => {
  it('names the step only where it is not 1', () => {
    expect(describeScale(scale(1, 10, 1))).toBe('1 to 10');
    expect(describeScale(scale(0, 1, 0.5))).toBe('0 to 1 in steps of 0.5');
  });
});

describe('anchors', () => {
  const text = { en: '', zh: '' };
  const anchors = ['-2--1', '0.5', '7 – 8', 'best'].map((range) => ({ range, text }));

  it('cover the values that their range names', () => {
    expect(anchors.map(({ range }) => anchorBounds(range))).toEqual([[-2, -1], [0.5, 0.5], [7, 8], undefined]);
    expect([-1.5, 0.5, 8, 9].map((value) => anchorFor(anchors, value)?.range)).toEqual([
      '-2--1',
      '0.5',
      '7 – 8',
      undefined,
    ]);
  });
});
