import { Moments } from './moments.js';
import { ExactSum, twoSum } from './sum.js';

/**
 * The mean of values of which some share a cluster (samples drawn from one document, say), and its standard error.
 * Streams: keeps the sums of each cluster, and nothing of the values that stand alone.
 */
export class ClusteredMoments {
  private readonly alone = new Moments();
  private readonly shared = new Moments();
  private readonly sums = new ClusterSums();

  /** `cluster` is a small integer, counted from 0; absent: the value is a cluster of its own. */
  add(value: number, cluster?: number): void {
    if (cluster === undefined) {
      this.alone.add(value);
    } else {
      this.shared.add(value);
      this.sums.add(cluster, value);
    }
  }

  /** Of all values, clusters disregarded. */
  moments(): Moments {
    const all = new Moments();
    all.merge(this.alone);
    all.merge(this.shared);
    return all;
  }

  /** Independent clusters, lone values counted as one each. */
  get clusters(): number {
    return this.alone.n + this.sums.clusters;
  }

  /** Whether some cluster has several values. */
  get clustered(): boolean {
    return this.clusters < this.alone.n + this.shared.n;
  }

  /**
   * Standard error of the mean, Miller 2024, "Adding Error Bars to Evals", equation 4: the root of the summed products
   * of residuals within each cluster, over n. Null of no value.
   */
  get standardError(): number | null {
    const { n, mean } = this.moments();
    if (mean === null) return null;
    // Values that stand alone: Σ (x - mean)², out of their own mean and squared distances.
    const { alone } = this;
    const lone = alone.squaredDistances + alone.n * ((alone.mean ?? mean) - mean) ** 2;
    return Math.sqrt(lone + this.sums.squaredResiduals(mean)) / n;
  }
}

/** Sum and count of each cluster in flat arrays: 20 bytes a cluster. */
class ClusterSums {
  clusters = 0;
  private counts = new Uint32Array(16);
  private highs = new Float64Array(16);
  /** What rounding lost from `highs`, so that the order of the values does not show. */
  private lows = new Float64Array(16);

  add(cluster: number, value: number): void {
    if (cluster >= this.counts.length) this.grow(Math.max(cluster + 1, this.counts.length * 2));
    if (this.counts[cluster]!++ === 0) this.clusters++;
    const [sum, error] = twoSum(this.highs[cluster]!, value);
    [this.highs[cluster], this.lows[cluster]] = twoSum(sum, this.lows[cluster]! + error);
  }

  /** Over all clusters, (Σ (x - mean))². */
  squaredResiduals(mean: number): number {
    const total = new ExactSum();
    for (let i = 0; i < this.counts.length; i++) {
      const residual = this.highs[i]! - this.counts[i]! * mean + this.lows[i]!;
      total.addProduct(residual, residual);
    }
    return total.value();
  }

  private grow(length: number): void {
    const { counts, highs, lows } = this;
    this.counts = new Uint32Array(length);
    this.highs = new Float64Array(length);
    this.lows = new Float64Array(length);
    this.counts.set(counts);
    this.highs.set(highs);
    this.lows.set(lows);
  }
}
