/** The upper half of a continuous distribution that is symmetric around 0. */
export interface UpperTail {
  /** P(X > x) for x >= 0, accurate relative to itself. */
  tail(x: number): number;
  density(x: number): number;
}

/** Any probability from the upper tail. */
export function cdfOf({ tail }: UpperTail, x: number): number {
  return x < 0 ? tail(-x) : 1 - tail(x);
}

/**
 * The x with P(X <= x) = p, by Newton's method on the logarithm of the tail, where both a normal's tail and a heavy one
 * are nearly straight. ±Infinity at p = 0 and 1; NaN outside.
 */
export function quantileOf(distribution: UpperTail, p: number): number {
  if (p > 0.5) return upperQuantile(distribution, 1 - p);
  return p === 0.5 ? 0 : -upperQuantile(distribution, p);
}

function upperQuantile({ tail, density }: UpperTail, target: number): number {
  if (target === 0) return Number.POSITIVE_INFINITY;
  if (!(target > 0)) return Number.NaN;
  let x = 0;
  for (let step = 0; step < 200; step++) {
    const above = tail(x);
    const next = Math.max(x + (Math.log(above / target) * above) / density(x), x / 2);
    if (Math.abs(next - x) <= 1e-15 * next) return next;
    x = next;
  }
  return x;
}

/**
 * b0 + a1/(b1 + a2/(b2 + …)) by Lentz's method as modified by Thompson and Barnett (1986); `term(i)` gives [a_i, b_i].
 */
export function continuedFraction(b0: number, term: (i: number) => readonly [a: number, b: number]): number {
  const tiny = 1e-300;
  let value = b0 || tiny;
  let c = value;
  let d = 0;
  for (let i = 1; i < 100_000; i++) {
    const [a, b] = term(i);
    d = 1 / (b + a * d || tiny);
    c = b + a / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return value;
}
