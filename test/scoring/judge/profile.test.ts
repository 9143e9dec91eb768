import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntSet } from '../../../src/scoring/judge/int-set.js';
import { digitNumber, hanNumber } from '../../../src/scoring/judge/numerals.js';
import { profileOf, runsOf } from '../../../src/scoring/judge/profile.js';

describe('IntSet', () => {
  it('does what Set does', () => {
    const integers = fc.array(fc.oneof(fc.integer(), fc.integer({ min: -5, max: 5 })));
    fc.assert(
      fc.property(integers, integers, (members, others) => {
        const fast = new IntSet(members.length);
        const slow = new Set<number>();
        for (const member of members) {
          expect(fast.add(member)).toBe(!slow.has(member));
          slow.add(member);
        }
        const other = new IntSet(others.length);
        for (const member of others) other.add(member);
        expect(fast.size).toBe(slow.size);
        for (const member of [...members, ...others]) expect(fast.has(member)).toBe(slow.has(member));
        expect(fast.countIn(other)).toBe([...slow].filter((member) => others.includes(member)).length);
      }),
    );
  });
});

describe('numbers', () => {
  it.each([
    ['八', 8, 8, false],
    ['十', 10, 10, false],
    ['二十五', 25, 25, true],
    ['一百零三', 103, 103, true],
    ['两千四百', 2400, 2400, true],
    ['二零二四', 2024, 2024, true],
    ['一百二十万', 1_200_000, 120, true],
    ['三亿', 300_000_000, 3, true],
    ['一万二千', 12_000, 12_000, true],
    ['万', 10_000, 10_000, false],
  ])('in Chinese: %s', (text, value, alternative, firm) => {
    expect(hanNumber(text)).toEqual({ value, alternative, firm });
  });

  it.each([
    ['1,200', '', 1200, 1200],
    ['3.5', '元', 3.5, 3.5],
    ['120', '万', 1_200_000, 120],
  ])('in digits: %s%s', (digits, next, value, alternative) => {
    expect(digitNumber(digits, next)).toEqual({ value, alternative, firm: true });
  });
});

describe('profileOf', () => {
  it('finds numbers however they are written', () => {
    const { numberSet } = profileOf(
      '定价１２９元，备货1,200台，预算120万，九月二十五号上线，8:30开会，涨3.5%，Version2.',
    );
    for (const number of [129, 1200, 1_200_000, 120, 25, 9, 8, 30, 3.5]) expect(numberSet).toContain(number);
  });

  it('reads full width, case and plurals as the same content', () => {
    const one = profileOf('The Meetings moved to ＲＯＯＭ ５');
    const two = profileOf('meeting moved room 5');
    expect(one.grams.filter((gram) => two.gramSet.has(gram))).toHaveLength(3);
    expect(one.numberSet).toEqual(two.numberSet);
  });

  it('tells the order of neighbours apart, and joins none across punctuation', () => {
    expect(profileOf('上海').grams).not.toEqual(profileOf('海上').grams);
    expect(profileOf('上，海').grams).toHaveLength(0);
    expect(profileOf('的了').grams).toHaveLength(0);
  });

  it('takes rare characters, kana and hangul for what they are', () => {
    expect(profileOf('𠮷野家').grams).toHaveLength(2);
    expect(profileOf('カタカナ 한국어').cjk).toBe(1);
    expect(profileOf('会议 meeting').cjk).toBeCloseTo(2 / 9);
    expect(profileOf('😀 123 !').cjk).toBe(0);
  });

  it('counts runs as a slow count does', () => {
    const unit = fc.constantFrom('一', '二', '三', '四');
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), (units, length) => {
        const slow = new Set(
          units.map((_, at) => units.slice(at, at + length).join('')).filter((run) => run.length === length),
        );
        expect(runsOf(profileOf(units.join('，')), length).size).toBe(slow.size);
      }),
    );
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { length, units, grams, gramSet, cjk } = profileOf(text);
        expect(length).toBeLessThanOrEqual(text.length);
        expect(units.length).toBeLessThanOrEqual(text.length);
        expect(gramSet.size).toBe(grams.length);
        expect(cjk).toBeGreaterThanOrEqual(0);
        expect(cjk).toBeLessThanOrEqual(1);
      }),
    );
  });
});
