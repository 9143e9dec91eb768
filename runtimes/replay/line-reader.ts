import { closeSync, openSync, readSync } from 'node:fs';

const NEWLINE = 10;

/** Reads single lines of a file, each by the offset of its first byte; keeps the block that was read last. */
export class LineReader {
  readonly #file: string;
  #descriptor: number | undefined;
  #block = Buffer.allocUnsafeSlow(16 * 1024);
  #start = 0;
  #filled = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** The line that begins at `offset`; undefined when the file ends before. */
  at(offset: number): string | undefined {
    for (;;) {
      const from = offset - this.#start;
      if (from >= 0 && from < this.#filled) {
        const newline = this.#block.subarray(0, this.#filled).indexOf(NEWLINE, from);
        const whole = newline >= 0 || this.#filled < this.#block.length;
        if (whole) return this.#block.toString('utf8', from, newline < 0 ? this.#filled : newline);
        if (from === 0) this.#block = Buffer.allocUnsafeSlow(this.#block.length * 2);
      }
      this.#load(offset);
      if (this.#filled === 0) return undefined;
    }
  }

  #load(offset: number): void {
    this.#descriptor ??= openSync(this.#file, 'r');
    this.#start = offset;
    this.#filled = 0;
    while (this.#filled < this.#block.length) {
      const { length } = this.#block;
      const read = readSync(this.#descriptor, this.#block, this.#filled, length - this.#filled, offset + this.#filled);
      if (read === 0) break;
      this.#filled += read;
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
