import { cdfOf, continuedFraction, quantileOf, type UpperTail } from './tail.js';

const standardNormal: UpperTail = {
  density: (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI),
  tail(x) {
    if (x >= 2.5) return this.density(x) / continuedFraction(x, (i) => [i, x]);
    // Φ(x) - 1/2 = φ(x) (x + x³/3 + x⁵/(3·5) + …), Abramowitz & Stegun 26.2.11
    let term = x;
    let sum = 0;
    for (let k = 1; sum + term !== sum; k++) {
      sum += term;
      term *= (x * x) / (2 * k + 1);
    }
    return 0.5 - this.density(x) * sum;
  },
};

/** P(Z <= x) of the standard normal distribution. */
export function normalCdf(x: number): number {
  return cdfOf(standardNormal, x);
}

/** The x with P(Z <= x) = p. */
export function normalQuantile(p: number): number {
  return quantileOf(standardNormal, p);
}
