/** `a + b` as an exact pair: the rounded sum and what rounding lost (Knuth's two-sum). */
export function twoSum(a: number, b: number): [sum: number, error: number] {
  const sum = a + b;
  const shadow = sum - a;
  return [sum, a - (sum - shadow) + (b - shadow)];
}

/** Splits a double's 53 bits into two halves of at most 26, so that their products are exact. */
const SPLITTER = 2 ** 27 + 1;

/** `a * b` as an exact pair: the rounded product and what rounding lost (Dekker). |a| and |b| up to 1e150. */
export function twoProduct(a: number, b: number): [product: number, error: number] {
  const product = a * b;
  const aHigh = SPLITTER * a - (SPLITTER * a - a);
  const bHigh = SPLITTER * b - (SPLITTER * b - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return [product, aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

/**
 * A sum without rounding until it is read. Samples finish in any order, and a resumed run in another than an
 * uninterrupted one; their sums must not differ in the last bit. Kept as a few doubles that do not overlap
 * (Shewchuk 1997, "Adaptive precision floating-point arithmetic", grow-expansion). Finite values only.
 */
export class ExactSum {
  /** Their sum is the exact sum; smallest first. Two or three are in use, unless magnitudes differ wildly. */
  private parts = new Float64Array(8);
  private length = 0;

  add(value: number): void {
    const { parts, length } = this;
    let carry = value;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      // `twoSum`, without its pair: this is the loop that every number of a run goes through.
      const part = parts[i]!;
      const sum = carry + part;
      const shadow = sum - carry;
      const error = carry - (sum - shadow) + (part - shadow);
      if (error !== 0) parts[kept++] = error;
      carry = sum;
    }
    parts[kept] = carry;
    this.length = kept + 1;
    if (this.length === parts.length) {
      this.parts = new Float64Array(2 * parts.length);
      this.parts.set(parts);
    }
  }

  addProduct(a: number, b: number): void {
    const [product, error] = twoProduct(a, b);
    this.add(product);
    if (error !== 0) this.add(error);
  }

  /** Adds `factor` times another sum, exactly. */
  addScaled(other: ExactSum, factor: number): void {
    for (const part of other.parts.slice(0, other.length)) this.addProduct(part, factor);
  }

  subtractSquare(other: ExactSum): void {
    const parts = other.parts.slice(0, other.length);
    for (const a of parts) for (const b of parts) this.addProduct(-a, b);
  }

  /** The double nearest to the sum. */
  value(): number {
    const { parts } = this;
    let i = this.length - 1;
    let sum = i < 0 ? 0 : parts[i]!;
    while (i > 0) {
      const [rounded, error] = twoSum(sum, parts[--i]!);
      sum = rounded;
      if (error === 0) continue;
      // Exactly between two doubles: the next part says which of them is the nearer one.
      const below = i > 0 ? parts[i - 1]! : 0;
      const twice = 2 * error;
      if (error * below > 0 && sum + twice - sum === twice) sum += twice;
      break;
    }
    return sum;
  }
}
