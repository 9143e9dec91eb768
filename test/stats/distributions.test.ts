import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from '../../src/stats/normal.js';
import { studentCdf, studentQuantile } from '../../src/stats/student.js';
import { reference, relativeError } from './reference.js';

describe("Student's t", () => {
  it.each(reference.studentTail)('P(T > t) agrees with scipy at df %d, t %d', (df, t, expected) => {
    expect(relativeError(studentCdf(-t, df), expected)).toBeLessThan(1e-10);
    expect(Math.abs(studentCdf(t, df) - (1 - expected))).toBeLessThan(1e-12);
  });

  it.each(reference.studentQuantile)('quantile agrees with scipy at df %d, p %d', (df, p, expected) => {
    const actual = studentQuantile(p, df);
    if (expected === 0 || Math.abs(expected) < 1e-12) expect(Math.abs(actual)).toBeLessThan(1e-12);
    else expect(relativeError(actual, expected)).toBeLessThan(1e-9);
  });

  it('is the Cauchy distribution at one degree of freedom', () => {
    for (const p of [1e-12, 0.01, 0.3, 0.75, 0.999]) {
      expect(relativeError(studentQuantile(p, 1), -1 / Math.tan(Math.PI * p))).toBeLessThan(1e-12);
    }
  });

  it('undoes its own distribution function, for any degrees of freedom', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -0.5, max: 6, noNaN: true }),
        fc.double({ min: 1e-8, max: 0.5, noNaN: true }),
        (exponent, p) => relativeError(studentCdf(studentQuantile(p, 10 ** exponent), 10 ** exponent), p) < 1e-9,
      ),
    );
  });

  it('is symmetric and falls to the normal as degrees of freedom grow', () => {
    expect(studentQuantile(0.25, 4)).toBe(-studentQuantile(0.75, 4));
    expect(studentQuantile(0.975, 1e7)).toBeCloseTo(normalQuantile(0.975), 6);
  });
});

describe('the normal distribution', () => {
  it.each(reference.normalTail)('P(Z > z) agrees with scipy at %d', (z, expected) => {
    expect(relativeError(normalCdf(-z), expected)).toBeLessThan(1e-13);
    expect(normalCdf(z)).toBeCloseTo(1 - expected, 15);
  });

  it.each(reference.normalQuantile)('quantile agrees with scipy at %d', (p, expected) => {
    if (expected === 0) expect(normalQuantile(p)).toBe(0);
    else expect(relativeError(normalQuantile(p), expected)).toBeLessThan(1e-12);
  });
});

describe.each([
  ['normal', normalCdf, normalQuantile],
  ['t', (x: number) => studentCdf(x, 3), (p: number) => studentQuantile(p, 3)],
])('the ends of %s', (_, cdf, quantile) => {
  it('are infinite at probability 0 and 1', () => {
    expect([quantile(0), quantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([cdf(Number.NEGATIVE_INFINITY), cdf(Number.POSITIVE_INFINITY)]).toEqual([0, 1]);
  });

  it('have no quantile outside 0 to 1', () => {
    expect([quantile(-0.1), quantile(1.1), quantile(Number.NaN)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});
