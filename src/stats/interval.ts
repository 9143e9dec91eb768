import { normalQuantile } from './normal.js';
import { studentQuantile } from './student.js';

/** A two-sided interval: lower and upper end. */
export type Interval = [low: number, high: number];

/** Of a proportion. Wilson 1927; holds its level at 0 and at `n` successes, where mean ± error has no width. `n` >= 1. */
export function wilsonInterval(successes: number, n: number, confidence = 0.95): Interval {
  const z = normalQuantile(0.5 + confidence / 2);
  const p = successes / n;
  const shrink = 1 + (z * z) / n;
  const center = (p + (z * z) / (2 * n)) / shrink;
  const half = ((z / shrink) * Math.sqrt(p * (1 - p) + (z * z) / (4 * n))) / Math.sqrt(n);
  return [successes === 0 ? 0 : center - half, successes === n ? 1 : center + half];
}

/** Of a mean with a standard error estimated from the data. `df`: degrees of freedom, over 0. */
export function studentInterval(mean: number, standardError: number, df: number, confidence = 0.95): Interval {
  const half = studentQuantile(0.5 + confidence / 2, df) * standardError;
  return [mean - half, mean + half];
}

/** The part of `interval` that lies in `range`. */
export function cutTo([low, high]: Interval, [min, max]: readonly [number, number]): Interval {
  return [Math.max(low, min), Math.min(high, max)];
}
