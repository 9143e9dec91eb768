/** 0 at `zero` and beyond, 1 at `one` and beyond, straight between. `zero` may be the greater of the two. */
export function ramp(value: number, zero: number, one: number): number {
  return Math.min(1, Math.max(0, (value - zero) / (one - zero)));
}
