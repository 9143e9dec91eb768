/** Buffers longer than this, in elements, are not kept: one huge text must not hold its memory for good. */
const KEPT_LENGTH = 1 << 20;

/**
 * A typed array that is kept for the next call and grows as needed, one for each thread (a module is loaded once for
 * each). It holds whatever was left in it: its user clears what it reads.
 */
export function int32Scratch(): (length: number) => Int32Array {
  let kept = new Int32Array(0);
  return (length) => {
    if (length <= kept.length) return kept;
    const grown = new Int32Array(Math.max(length, Math.min(2 * kept.length, KEPT_LENGTH)));
    if (grown.length <= KEPT_LENGTH) kept = grown;
    return grown;
  };
}
