import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, flow, pad, plain, truncate } from '../../src/report/width.js';

const text = fc.string({
  unit: fc.constantFrom('a', ' ', 'é', '会', '。', 'Ａ', 'ｱ', '😀', '👨‍👩‍👧', '🇨🇳', '❤️', '\u0301', '𠮷'),
  maxLength: 40,
});

describe('display width', () => {
  // Checked against wcwidth 0.9.4 over every assigned code point below U+40000.
  it.each([
    ['', 0],
    ['abc ~', 5],
    ['会议摘要', 8],
    ['“引号”', 6],
    ['ＡＢ１', 6],
    ['ｱｲｳ', 3],
    ['한글', 4],
    ['𠮷野家', 6],
    ['😀', 2],
    ['👨‍👩‍👧‍👦', 2],
    ['🇨🇳', 2],
    ['❤️', 2],
    ['❤', 1],
    ['1️⃣', 2],
    ['e\u0301', 1],
    ['🈶', 2],
    ['a\u200bb\u00ad', 2],
    ['naïve', 5],
  ])('of %j is %d', (input, width) => {
    expect(displayWidth(input)).toBe(width);
  });
});

describe('truncated text', () => {
  it('takes at most the width, and is a beginning of the text', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), (input, width) => {
        const cut = truncate(input, width);
        expect(displayWidth(cut)).toBeLessThanOrEqual(width);
        if (cut !== input) expect(input.startsWith(cut.slice(0, -1))).toBe(true);
      }),
    );
  });

  it('never cuts through a character', () => {
    expect(truncate('会议摘要', 7)).toBe('会议摘…');
    expect(truncate('会议摘要', 6)).toBe('会议…');
    expect(truncate('😀😀', 3)).toBe('😀…');
    expect(truncate('会议', 4)).toBe('会议');
  });
});

describe('padded text', () => {
  it('fills cells, not characters', () => {
    expect(pad('会议', 6)).toBe('会议  ');
    expect(pad('会议', 6, 'right')).toBe('  会议');
    expect(pad('会议', 3)).toBe('会议');
  });
});

describe('flowing text', () => {
  it('fits the width and loses no character', () => {
    fc.assert(
      fc.property(fc.array(text), fc.integer({ min: 2, max: 30 }), (pieces, width) => {
        const lines = flow(pieces, width);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(pieces.join('').replaceAll(' ', ''));
      }),
    );
  });

  it('keeps pieces whole, and a separator that shows at the end of its line', () => {
    expect(flow(['one two', 'three', 'four'], 12, ', ')).toEqual(['one two,', 'three, four']);
    expect(flow(['会议摘要', 'ab'], 5)).toEqual(['会议', '摘要', 'ab']);
    expect(flow([], 5)).toEqual([]);
  });
});

describe('plain text', () => {
  it('cannot steer a terminal', () => {
    expect(plain('a\u001b[31mred\u0007\r\nb\u202Ec')).toBe('a [31mred b c');
    expect(plain('  会议\t摘要\n')).toBe('会议 摘要');
  });
});
