import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusteredMoments } from '../../src/stats/clusters.js';
import { MeanEstimator } from '../../src/stats/estimate.js';
import { cutTo, wilsonInterval } from '../../src/stats/interval.js';
import { reference } from './reference.js';

const unit: [number, number] = [0, 1];

function clusteredOf(scores: readonly number[], clusters: readonly (number | undefined)[]): ClusteredMoments {
  const moments = new ClusteredMoments();
  for (const [i, score] of scores.entries()) moments.add(score, clusters[i]);
  return moments;
}

function estimatorOf(scores: readonly number[], clusters: readonly (number | undefined)[] = []): MeanEstimator {
  const estimator = new MeanEstimator();
  for (const [i, score] of scores.entries()) estimator.add(score, clusters[i]);
  return estimator;
}

describe('the Wilson interval', () => {
  it.each(reference.wilson)('agrees with statsmodels at %d of %d', (successes, n, low, high) => {
    const [actualLow, actualHigh] = wilsonInterval(successes, n);
    expect(actualLow).toBeCloseTo(low, 12);
    expect(actualHigh).toBeCloseTo(high, 12);
  });

  it('ends at 0 and 1 and has a width, even when all values are the same', () => {
    expect(wilsonInterval(0, 20)[0]).toBe(0);
    expect(wilsonInterval(0, 20)[1]).toBeGreaterThan(0.1);
    expect(wilsonInterval(20, 20)[1]).toBe(1);
  });

  it('lies within 0 to 1 around the share, and mirrors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const successes = Math.round(n * share);
        const [low, high] = wilsonInterval(successes, n);
        const mirrored = wilsonInterval(n - successes, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / n);
        expect(high).toBeGreaterThanOrEqual(successes / n);
        expect(mirrored[0]).toBeCloseTo(1 - high, 12);
      }),
    );
  });
});

describe('the clustered standard error', () => {
  it.each(reference.clustered)('agrees with a cluster-robust regression in statsmodels', (expected) => {
    const moments = clusteredOf(expected.scores, expected.clusters);
    const scale = Math.max(1, Math.abs(expected.mean));
    expect(Math.abs(moments.moments().mean! - expected.mean) / scale).toBeLessThan(1e-14);
    expect(moments.standardError!).toBeCloseTo(expected.plain, 9);
  });

  it("is the published value of Miller's example", () => {
    const scores = [1, 1, 0, 0, 1, 1, 1, 0, 0, 0];
    const moments = clusteredOf(scores, [0, 0, 0, 1, 1, 2, 2, 2, 3, 3]);
    expect(moments.standardError).toBeCloseTo(0.122474, 5);
    expect(Math.sqrt(moments.moments().variance! / scores.length)).toBeCloseTo(0.166667, 5);
  });

  it('equals the double sum over pairs that defines it', () => {
    const scored = fc.record({ score: fc.double({ min: -50, max: 50, noNaN: true }), cluster: fc.option(fc.nat(5)) });
    fc.assert(
      fc.property(fc.array(scored, { minLength: 1, maxLength: 30 }), (rows) => {
        const scores = rows.map((row) => row.score);
        const clusters = rows.map((row) => row.cluster ?? undefined);
        const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
        let sum = 0;
        for (let i = 0; i < rows.length; i++) {
          for (let j = 0; j < rows.length; j++) {
            const together = i === j || (clusters[i] !== undefined && clusters[i] === clusters[j]);
            if (together) sum += (scores[i]! - mean) * (scores[j]! - mean);
          }
        }
        const expected = Math.sqrt(Math.max(0, sum)) / scores.length;
        // Near 0 a root magnifies the rounding of this naive formula.
        expect(Math.abs(clusteredOf(scores, clusters).standardError! - expected)).toBeLessThan(1e-6);
      }),
    );
  });

  it('counts lone values as clusters, and is null of nothing', () => {
    const moments = clusteredOf([1, 2, 3], [undefined, 100, 100]);
    expect([moments.clusters, moments.clustered]).toEqual([2, true]);
    expect(new ClusteredMoments().standardError).toBeNull();
  });
});

describe('an estimated mean', () => {
  it.each(reference.student)('has the t interval of scipy', (expected) => {
    const actual = estimatorOf(expected.scores).estimate();
    expect(actual).toMatchObject({ n: expected.scores.length, interval: 'student-t' });
    expect(actual.mean).toBeCloseTo(expected.mean, 14);
    expect(actual.sd).toBeCloseTo(expected.sd, 14);
    expect(actual.ci95![0]).toBeCloseTo(expected.low, 10);
    expect(actual.ci95![1]).toBeCloseTo(expected.high, 10);
  });

  it.each(reference.clustered)('has the interval of statsmodels where values share clusters', (expected) => {
    const actual = estimatorOf(expected.scores, expected.clusters).estimate();
    expect(actual.interval).toBe('clustered-t');
    expect(actual.ci95![0]).toBeCloseTo(expected.low, 8);
    expect(actual.ci95![1]).toBeCloseTo(expected.high, 8);
  });

  it('is the same with every value in a cluster of its own as without clusters', () => {
    const scores = [3, 5, 8, 1];
    expect(estimatorOf(scores, [0, 1, 2, 3]).estimate()).toEqual(estimatorOf(scores).estimate());
  });

  it('uses Wilson only for zeros and ones of a 0 to 1 scorer that stand alone', () => {
    expect(estimatorOf([0, 1, 1]).estimate(unit)).toMatchObject({ interval: 'wilson', ci95: wilsonInterval(2, 3) });
    expect(estimatorOf([0, 1, 1]).estimate().interval).toBe('student-t');
    expect(estimatorOf([0, 1, 1]).estimate([0, 10]).interval).toBe('student-t');
    expect(estimatorOf([0, 0.5, 1]).estimate(unit).interval).toBe('student-t');
    expect(estimatorOf([0, 1, 1], [0, 0, 1]).estimate(unit).interval).toBe('clustered-t');
  });

  it('cuts the interval to the range, and not when a value shows that the range is not its own', () => {
    expect(estimatorOf([9, 10, 10]).estimate([0, 10]).ci95![1]).toBe(10);
    expect(estimatorOf([9, 10, 11]).estimate([0, 10]).ci95![1]).toBeGreaterThan(11);
    expect(cutTo([-1, 3], [0, 2])).toEqual([0, 2]);
  });

  it('has no interval with fewer than two independent values', () => {
    const none = { ci95: null, interval: null };
    expect(estimatorOf([]).estimate(unit)).toEqual({ ...none, mean: null, n: 0, sd: null });
    expect(estimatorOf([1]).estimate(unit)).toEqual({ ...none, mean: 1, n: 1, sd: null });
    expect(estimatorOf([1, 0], [4, 4]).estimate(unit)).toMatchObject({ ...none, mean: 0.5, n: 2 });
  });

  it('has an interval of no width when all values are the same', () => {
    expect(estimatorOf([7, 7, 7]).estimate([1, 10]).ci95).toEqual([7, 7]);
    expect(estimatorOf([7, 7, 7], [0, 0, 1]).estimate([1, 10]).ci95).toEqual([7, 7]);
  });
});
