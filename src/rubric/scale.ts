import type { Anchor, Scale } from './types.js';

/** Digits behind the decimal point of a number as JavaScript writes it. */
function decimals(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
}

/** The value `index` steps above the minimum, free of the noise of binary fractions: 3 steps of 0.1 are 0.3. */
function valueAt(scale: Scale, index: number): number {
  const digits = Math.min(Math.max(decimals(scale.min), decimals(scale.step)), 100);
  return Number((scale.min + index * scale.step).toFixed(digits));
}

/** How many values the scale allows. */
export function scaleSize(scale: Scale): number {
  return Math.floor((scale.max - scale.min) / scale.step + 1e-9) + 1;
}

/** The allowed values: min, min + step, … up to max. As many as `scaleSize` says. */
export function scaleValues(scale: Scale): number[] {
  return Array.from({ length: scaleSize(scale) }, (_, index) => valueAt(scale, index));
}

/** The allowed value nearest to `value`; outside the scale, its nearer end. Halves go up. */
export function nearestOnScale(scale: Scale, value: number): number {
  const index = Math.round((value - scale.min) / scale.step);
  return valueAt(scale, Math.min(Math.max(index, 0), scaleSize(scale) - 1));
}

/** Whether a judge may give this value. NaN and the infinities never are. */
export function isOnScale(scale: Scale, value: number): boolean {
  return Number.isFinite(value) && nearestOnScale(scale, value) === value;
}

/** The scale in a few words, for a message: `1 to 10`, `0 to 1 in steps of 0.5`. */
export function describeScale({ min, max, step }: Scale): string {
  return step === 1 ? `${min} to ${max}` : `${min} to ${max} in steps of ${step}`;
}

/** The lowest and highest value that an anchor's `range` names, or undefined where it is not of the form `7-8`, `0.5`. */
export function anchorBounds(range: string): [number, number] | undefined {
  const match = /^\s*(-?\d+(?:\.\d+)?)(?:\s*[-–~]\s*(-?\d+(?:\.\d+)?))?\s*$/.exec(range);
  if (!match) return undefined;
  const low = Number(match[1]);
  return [low, match[2] === undefined ? low : Number(match[2])];
}

/** The anchor that says what `value` means, if one covers it. */
export function anchorFor(anchors: readonly Anchor[], value: number): Anchor | undefined {
  return anchors.find((anchor) => {
    const bounds = anchorBounds(anchor.range);
    return bounds !== undefined && bounds[0] <= value && value <= bounds[1];
  });
}
