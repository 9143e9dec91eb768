import type { MetricSummary } from '../run/types.js';

/** A mean as shown to people, and its interval: `7.12`, `[6.80, 7.44]`; three decimals for what lies below 1. */
export function scoreText({ mean, ci95 }: MetricSummary): { mean: string; interval: string } {
  if (mean === null) return { mean: 'no score', interval: '' };
  const largest = Math.max(...[mean, ...(ci95 ?? [])].map(Math.abs));
  const text = (value: number): string => value.toFixed(largest <= 1 && mean < 1 ? 3 : largest < 100 ? 2 : 1);
  return { mean: text(mean), interval: ci95 ? `[${text(ci95[0])}, ${text(ci95[1])}]` : '' };
}

/** `950`, `12.3k`, `4.56M`. */
export function countText(count: number): string {
  if (count < 1000) return String(Math.round(count));
  const [value, unit] = count < 999_500 ? [count / 1e3, 'k'] : [count / 1e6, 'M'];
  return `${Number(value.toPrecision(3))}${unit}`;
}

/** `87 ms`, `1.2 s`, `3 min 20 s`, `1 h 05 min`. */
export function durationText(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** `1 sample`, `2 samples`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
