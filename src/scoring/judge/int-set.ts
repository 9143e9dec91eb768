/** A set of 32-bit integers; several times faster than `Set` at the sizes that one sample needs. */
export class IntSet {
  private readonly table: Int32Array;
  private readonly mask: number;
  private hasZero = false;
  size = 0;

  /** `capacity`: the most members it will be given. */
  constructor(capacity: number) {
    let length = 16;
    while (length < capacity * 2) length *= 2;
    this.table = new Int32Array(length);
    this.mask = length - 1;
  }

  /** Adds a member; true if it is new. */
  add(value: number): boolean {
    if (value === 0) {
      if (this.hasZero) return false;
      this.hasZero = true;
      this.size++;
      return true;
    }
    const slot = this.slotOf(value);
    if (this.table[slot] === value) return false;
    this.table[slot] = value;
    this.size++;
    return true;
  }

  has(value: number): boolean {
    return value === 0 ? this.hasZero : this.table[this.slotOf(value)] === value;
  }

  /** How many members are also in `other`. */
  countIn(other: IntSet): number {
    let count = this.hasZero && other.hasZero ? 1 : 0;
    for (let slot = 0; slot < this.table.length; slot++) {
      const value = this.table[slot]!;
      if (value !== 0 && other.has(value)) count++;
    }
    return count;
  }

  /** Where the value is, or the free slot where it would go. */
  private slotOf(value: number): number {
    let slot = Math.imul(value, 0x9e3779b1) >>> 0;
    slot = (slot ^ (slot >>> 15)) & this.mask;
    for (;;) {
      const found = this.table[slot];
      if (found === value || found === 0) return slot;
      slot = (slot + 1) & this.mask;
    }
  }
}
