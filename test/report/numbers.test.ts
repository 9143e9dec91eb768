import { describe, expect, it } from 'vitest';
import { countText, durationText, plural, scoreText } from '../../src/report/numbers.js';
import type { MetricSummary } from '../../src/run/types.js';

function metric(mean: number | null, ci95: [number, number] | null = null): MetricSummary {
  return { mean, ci95, n: 5, interval: null, sd: null };
}

describe('numbers for people', () => {
  it('show a score with the decimals of its scale', () => {
    expect(scoreText(metric(7.1234, [6.8, 7.44]))).toEqual({ mean: '7.12', interval: '[6.80, 7.44]' });
    expect(scoreText(metric(0.31249, [0.3, 1]))).toEqual({ mean: '0.312', interval: '[0.300, 1.000]' });
    expect(scoreText(metric(0.9, [0.5, 1.3]))).toEqual({ mean: '0.90', interval: '[0.50, 1.30]' });
    expect(scoreText(metric(-250))).toEqual({ mean: '-250.0', interval: '' });
    expect(scoreText(metric(null))).toEqual({ mean: 'no score', interval: '' });
  });

  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1k'],
    [12_345, '12.3k'],
    [999_499, '999k'],
    [999_500, '1M'],
    [4_560_000, '4.56M'],
  ])('show the count %d as %s', (count, text) => {
    expect(countText(count)).toBe(text);
  });

  it.each([
    [0.2, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [200_000, '3 min 20 s'],
    [3_599_499, '59 min 59 s'],
    [3_599_600, '1 h 00 min'],
    [3_900_000, '1 h 05 min'],
  ])('show %d milliseconds as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it('count things', () => {
    expect([plural(1, 'sample'), plural(0, 'sample')]).toEqual(['1 sample', '0 samples']);
  });
});
