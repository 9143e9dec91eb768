/** A 32-bit hash of a string; independent for different seeds. */
export type KeyHash = (key: string, seed: number) => number;

const SEEDS = [0x9747b28c, 0x3c6ef372] as const;
const FIRST_CAPACITY = 16;
const GROWTH = 1.5;
const MAX_LOAD = 0.8;

/**
 * A map from string to number that does not keep the strings: 64 bits of hash and the value, 16 bytes a slot, 20 to 30
 * bytes an entry. Two different keys share a hash once in about 10^19 pairs; a caller to whom that matters checks
 * the key where the value points.
 *
 * Open addressing with linear probing; nothing can be deleted.
 */
export class KeyTable {
  readonly #hash: KeyHash;
  #capacity = FIRST_CAPACITY;
  #high = new Uint32Array(FIRST_CAPACITY);
  #low = new Uint32Array(FIRST_CAPACITY);
  #values = new Float64Array(FIRST_CAPACITY);
  #size = 0;

  constructor(hash: KeyHash = murmur3) {
    this.#hash = hash;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes held, for tests and reports. */
  get byteLength(): number {
    return this.#high.byteLength + this.#low.byteLength + this.#values.byteLength;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get(key: string): number | undefined {
    const high = this.#hash(key, SEEDS[0]);
    const low = occupied(high, this.#hash(key, SEEDS[1]));
    const slot = this.#slot(high, low);
    return this.#isEmpty(slot) ? undefined : this.#values[slot];
  }

  set(key: string, value: number): void {
    const high = this.#hash(key, SEEDS[0]);
    const low = occupied(high, this.#hash(key, SEEDS[1]));
    let slot = this.#slot(high, low);
    if (this.#isEmpty(slot)) {
      if (this.#size + 1 > this.#capacity * MAX_LOAD) {
        this.#grow();
        slot = this.#slot(high, low);
      }
      this.#high[slot] = high;
      this.#low[slot] = low;
      this.#size += 1;
    }
    this.#values[slot] = value;
  }

  #isEmpty(slot: number): boolean {
    return this.#high[slot] === 0 && this.#low[slot] === 0;
  }

  /** Where this hash stands, or the empty slot where it would. */
  #slot(high: number, low: number): number {
    // The capacity is no power of two, so that it can grow by half: hash / 2^32 of the table is where the search begins.
    let slot = Math.floor((high / 0x1_0000_0000) * this.#capacity);
    while (!this.#isEmpty(slot) && !(this.#high[slot] === high && this.#low[slot] === low)) {
      slot = slot + 1 === this.#capacity ? 0 : slot + 1;
    }
    return slot;
  }

  #grow(): void {
    const [high, low, values] = [this.#high, this.#low, this.#values];
    this.#capacity = Math.ceil(this.#capacity * GROWTH);
    this.#high = new Uint32Array(this.#capacity);
    this.#low = new Uint32Array(this.#capacity);
    this.#values = new Float64Array(this.#capacity);
    for (let old = 0; old < values.length; old += 1) {
      if (high[old] === 0 && low[old] === 0) continue;
      const slot = this.#slot(high[old]!, low[old]!);
      this.#high[slot] = high[old]!;
      this.#low[slot] = low[old]!;
      this.#values[slot] = values[old]!;
    }
  }
}

/** All zero marks an empty slot, so no key may hash to it. */
function occupied(high: number, low: number): number {
  return high === 0 && low === 0 ? 1 : low;
}

/** MurmurHash3 x86 32 (Austin Appleby, public domain), two UTF-16 units a block. */
export function murmur3(key: string, seed: number): number {
  let hash = seed | 0;
  const pairs = key.length & ~1;
  for (let index = 0; index < pairs; index += 2) {
    hash ^= scramble(key.charCodeAt(index) | (key.charCodeAt(index + 1) << 16));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  if (pairs < key.length) hash ^= scramble(key.charCodeAt(pairs));
  hash ^= key.length * 2;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
