import { cdfOf, continuedFraction, quantileOf, type UpperTail } from './tail.js';

/** P(T <= t) of Student's t with `df` degrees of freedom, any number over 0. */
export function studentCdf(t: number, df: number): number {
  return cdfOf(student(df), t);
}

/** The t with P(T <= t) = p. */
export function studentQuantile(p: number, df: number): number {
  return quantileOf(student(df), p);
}

function student(df: number): UpperTail {
  const ratio = gammaRatio(df / 2);
  return {
    density: (t) => (ratio / Math.sqrt(df * Math.PI)) * Math.exp((-(df + 1) / 2) * Math.log1p((t * t) / df)),
    tail(t) {
      if (t === Number.POSITIVE_INFINITY) return 0;
      // P(T > t) = I_x(df/2, 1/2) / 2 with x = df / (df + t²); Abramowitz & Stegun 26.7.1
      const a = df / 2;
      const squared = (t * t) / df;
      const x = 1 / (1 + squared);
      const y = squared / (1 + squared);
      const front = (ratio / Math.sqrt(Math.PI)) * Math.exp(-a * Math.log1p(squared)) * Math.sqrt(y);
      // The fraction converges fast on one side of the mean of the beta distribution only.
      return x < (a + 1) / (a + 2.5)
        ? (front / a / betaFraction(x, a, 0.5)) * 0.5
        : 0.5 - (front / 0.5 / betaFraction(y, 0.5, a)) * 0.5;
    },
  };
}

/** The fraction under x^a (1-x)^b / (a B(a,b)) in I_x(a, b); Abramowitz & Stegun 26.5.8. */
function betaFraction(x: number, a: number, b: number): number {
  return continuedFraction(1, (i) => {
    const m = i >> 1;
    const coefficient =
      i % 2 === 0
        ? (m * (b - m)) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m)) / ((a + 2 * m) * (a + 2 * m + 1));
    return [coefficient * x, 1];
  });
}

/**
 * Γ(a + 1/2) / Γ(a). Two logarithms of Γ would cancel to nine digits at a million degrees of freedom; their ratio's own
 * series does not. (DLMF 5.11.13.)
 */
function gammaRatio(a: number): number {
  let factor = 1;
  let z = a;
  for (; z < 100; z++) factor *= z / (z + 0.5);
  const u = 1 / z;
  const series =
    1 - u * (1 / 8 - u * (1 / 128 + u * (5 / 1024 - u * (21 / 32768 + u * (399 / 262144 - u * (869 / 4194304))))));
  return factor * Math.sqrt(z) * series;
}
