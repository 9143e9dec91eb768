import { cdfOf, continuedFraction, quantileOf } from './tail.js';

/** P(Z <= x) of the standard normal distribution. */
export function normalCdf(x: number): number {
  return cdfOf({ tail, density }, x);
}

/** The x with P(Z <= x) = p. */
export function normalQuantile(p: number): number {
  return quantileOf({ tail, density }, p);
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** Abramowitz & Stegun 26.2.14 (a continued fraction) and 26.2.11 (x + x³/3 + x⁵/(3·5) + …, times the density). */
function tail(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  if (x >= 2.5) return density(x) / continuedFraction(x, (i) => [i, x]);
  let term = x;
  let sum = 0;
  for (let k = 1; sum + term !== sum; k++) {
    sum += term;
    term *= (x * x) / (2 * k + 1);
  }
  return 0.5 - density(x) * sum;
}
