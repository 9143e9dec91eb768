import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyTable, murmur3 } from '../../src/io/key-table.js';

describe('KeyTable', () => {
  it('behaves as a Map', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '会议', '😀', 'a', 'b')), fc.double()),
        ),
        (entries) => {
          const table = new KeyTable();
          const map = new Map<string, number>();
          for (const [key, value] of entries) {
            table.set(key, value);
            map.set(key, value);
            expect(table.size).toBe(map.size);
          }
          for (const [key, value] of map) expect(table.get(key)).toBe(value);
          expect(table.has('\u0000 not there')).toBe(false);
          expect(table.get('\u0000 not there')).toBeUndefined();
        },
      ),
    );
  });

  it('holds 300,000 entries in at most 32 bytes each, at any size above 1,000', () => {
    const table = new KeyTable();
    let worst = 0;
    for (let index = 0; index < 300_000; index += 1) {
      table.set(`样本-${index}`, index);
      if (index > 1_000) worst = Math.max(worst, table.byteLength / table.size);
    }
    expect(worst).toBeLessThanOrEqual(32);
    for (let index = 0; index < 300_000; index += 997) expect(table.get(`样本-${index}`)).toBe(index);
    expect(table.has('样本-300000')).toBe(false);
  });

  it('takes any hash: all keys alike, and zero', () => {
    const table = new KeyTable(() => 0);
    table.set('a', 1);
    expect(table.get('b')).toBe(1);
    const ordinal = new KeyTable((key, seed) => (seed & 1 ? 0 : key.charCodeAt(0)));
    for (const key of 'abcdefghijklmnopqrstuvwxyz') ordinal.set(key, key.charCodeAt(0));
    for (const key of 'abcdefghijklmnopqrstuvwxyz') expect(ordinal.get(key)).toBe(key.charCodeAt(0));
    const last = new KeyTable((key) => 0xffff_ffff - key.charCodeAt(0));
    for (const key of 'abc') last.set(key, 1);
    expect(last.size).toBe(3);
  });
});

describe('murmur3', () => {
  it('is MurmurHash3 x86 32 of the UTF-16 bytes where their number is a multiple of four', () => {
    // The published check values for the empty input.
    expect(murmur3('', 0)).toBe(0);
    expect(murmur3('', 1)).toBe(0x514e28b7);
    expect(murmur3('', 0xffffffff)).toBe(0x81f16f39);
    // "\x00\x00\x00\x00" and "\x21\x43\x65\x87" with seed 0, as published.
    expect(murmur3('\u0000\u0000', 0)).toBe(0x2362f9de);
    expect(murmur3('\u4321\u8765', 0)).toBe(0xf55b516b);
    // Two bytes over: "\x21\x43".
    expect(murmur3('\u4321', 0)).toBe(0xa0f7b07a);
  });
});
