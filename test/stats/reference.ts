import { readFileSync } from 'node:fs';

/** Values of scipy and statsmodels; made by test/reference/stats/reference.py. */
export interface Reference {
  /** df, t, P(T > t). */
  studentTail: [number, number, number][];
  /** df, p, t. */
  studentQuantile: [number, number, number][];
  normalTail: [number, number][];
  normalQuantile: [number, number][];
  /** Successes, n, low, high. */
  wilson: [number, number, number, number][];
  clustered: { scores: number[]; clusters: number[]; mean: number; plain: number; low: number; high: number }[];
  student: { scores: number[]; mean: number; sd: number; low: number; high: number }[];
}

const lines = readFileSync(new URL('../reference/stats/reference.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');

export const reference = Object.fromEntries(
  lines.map((line) => {
    const { name, cases } = JSON.parse(line);
    return [name, cases];
  }),
) as unknown as Reference;

/** Distance relative to the expected value, absolute near 0. */
export function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300);
}
