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
  /** Their sum is the exact sum; smallest first. */
  private readonly parts: number[] = [];

  add(value: number): void {
    const { parts } = this;
    let carry = value;
    let kept = 0;
    for (let i = 0; i < parts.length; i++) {
      const [sum, error] = twoSum(carry, parts[i]!);
      if (error !== 0) parts[kept++] = error;
      carry = sum;
    }
    parts[kept] = carry;
    parts.length = kept + 1;
  }

  addProduct(a: number, b: number): void {
    const [product, error] = twoProduct(a, b);
    this.add(product);
    this.add(error);
  }

  /** Adds `factor` times another sum, exactly. */
  addScaled(other: ExactSum, factor: number): void {
    for (const part of [...other.parts]) this.addProduct(part, factor);
  }

  subtractSquare(other: ExactSum): void {
    for (const a of other.parts) for (const b of other.parts) this.addProduct(-a, b);
  }

  /** The double nearest to the sum. */
  value(): number {
    const { parts } = this;
    let i = parts.length - 1;
    let sum = parts[i] ?? 0;
    while (i > 0) {
      const [rounded, error] = twoSum(sum, parts[--i]!);
      sum = rounded;
      if (error === 0) continue;
      // Exactly between two doubles: the next part says which of them is the nearer one.
      const below = parts[i - 1] ?? 0;
      const twice = 2 * error;
      if (error * below > 0 && sum + twice - sum === twice) sum += twice;
      break;
    }
    return sum;
  }
}
