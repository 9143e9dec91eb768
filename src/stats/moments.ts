import { ExactSum } from './sum.js';

/**
 * Count, mean and variance of a stream. The sums are exact, so the results are the true ones rounded once: they depend
 * neither on the order of the values nor on how a stream was cut up and merged, and do not cancel. |value| up to 1e75.
 */
export class Moments {
  private count = 0;
  private readonly sum = new ExactSum();
  private readonly squares = new ExactSum();

  add(value: number): void {
    this.count++;
    this.sum.add(value);
    this.squares.addProduct(value, value);
  }

  /** Adds all that `other` has seen. */
  merge(other: Moments): void {
    this.count += other.count;
    this.sum.addScaled(other.sum, 1);
    this.squares.addScaled(other.squares, 1);
  }

  get n(): number {
    return this.count;
  }

  /** Null of no value. */
  get mean(): number | null {
    return this.count === 0 ? null : this.sum.value() / this.count;
  }

  /** Sum of squared distances from the mean; 0 of no value. */
  get squaredDistances(): number {
    if (this.count === 0) return 0;
    const scaled = new ExactSum();
    scaled.addScaled(this.squares, this.count);
    scaled.subtractSquare(this.sum);
    return scaled.value() / this.count;
  }

  /** Sample variance (n - 1); null of fewer than two values. */
  get variance(): number | null {
    return this.count < 2 ? null : this.squaredDistances / (this.count - 1);
  }
}
