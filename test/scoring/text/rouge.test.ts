import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type RougeOptions,
  type RougeScore,
  type RougeType,
  rougeOfTokens,
  rougeScores,
} from '../../../src/scoring/text/rouge.js';
import { loadTokenizer, tokenize } from '../../../src/scoring/text/tokenize.js';
import { slowRougeL, slowRougeLsum, slowRougeN } from './oracle.js';
import { readReference } from './reference.js';

/** The order of the values in test/reference/text. */
const TYPES: RougeType[] = ['rouge1', 'rouge2', 'rouge3', 'rougeL', 'rougeLsum'];
type Values = [precision: number, recall: number, f: number][];

function largestDifference(target: string, prediction: string, expected: Values, options: Omit<RougeOptions, 'types'>) {
  const scores = rougeScores([target], prediction, { ...options, types: TYPES });
  return Math.max(
    ...TYPES.flatMap((type, i) => {
      const { precision, recall, f } = scores[type]!;
      return [precision, recall, f].map((value, k) => Math.abs(value - expected[i]![k]!));
    }),
  );
}

describe('ROUGE against the reference implementations', () => {
  beforeAll(() => loadTokenizer('jieba'));

  it("equals Google's rouge_score on English, with and without stemmer", () => {
    const rows = readReference<[string, string, Values, Values]>('english.jsonl');
    expect(rows.length).toBeGreaterThan(300);
    for (const [target, prediction, plain, stemmed] of rows) {
      expect(largestDifference(target, prediction, plain, { tokenizer: 'word' })).toBeLessThan(1e-9);
      expect(largestDifference(target, prediction, stemmed, { tokenizer: 'word', stemmer: true })).toBeLessThan(1e-9);
    }
  });

  it("equals Google's rouge_score on Chinese characters", () => {
    for (const [target, prediction, expected] of readReference<[string, string, Values]>('characters.jsonl')) {
      expect(largestDifference(target, prediction, expected, { tokenizer: 'char' })).toBeLessThan(1e-9);
    }
  });

  it('equals rouge_chinese, and rouge in the summary-level score, when counting sets', () => {
    for (const [target, prediction, words, characters] of readReference<[string, string, Values, Values]>(
      'sets.jsonl',
    )) {
      const counting = 'set';
      expect(largestDifference(target, prediction, words, { tokenizer: 'jieba', counting })).toBeLessThan(1e-9);
      expect(largestDifference(target, prediction, characters, { tokenizer: 'char', counting })).toBeLessThan(1e-9);
    }
  });

  const shared = new URL('../../../../shared/data/vectors/metrics.json', import.meta.url);
  it.runIf(existsSync(shared))('agrees with the shared metric vectors', () => {
    const vectors = JSON.parse(readFileSync(shared, 'utf8')) as Record<string, unknown>[];
    const vector = vectors.find((one) => one.metric === 'rouge1-clipped') as {
      target: string;
      prediction: string;
      tolerance: number;
      expected: { f: number };
    };
    const score = rougeScores([vector.target], vector.prediction, { types: ['rouge1'], tokenizer: 'char' });
    expect(Math.abs(score.rouge1!.f - vector.expected.f)).toBeLessThan(vector.tolerance);
  });
});

/** Few distinct characters, so that they repeat; outside the BMP, lone surrogates, whitespace and newlines among them. */
const characters = ['一', '二', '三', 'a', 'A', '😀', '𠮷', '\ud83d', '\udc00', '。', ' ', '\u3000', '\n'];
const text = fc
  .tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 14 }) },
      { weight: 1, arbitrary: fc.integer({ min: 29, max: 36 }) },
      { weight: 1, arbitrary: fc.integer({ min: 62, max: 68 }) },
    ),
    fc.integer({ min: 1, max: characters.length }),
  )
  .chain(([length, distinct]) =>
    fc.array(fc.constantFrom(...characters.slice(0, distinct - 1), '\n'), { minLength: length, maxLength: length }),
  )
  .map((parts) => parts.join(''));

const tokensOf = (line: string) => Array.from(line).filter((character) => !/\s/u.test(character));
const linesOf = (whole: string) => whole.split('\n').map(tokensOf);

describe('ROUGE against its definitions', () => {
  it('equals a slow count on 10,000 random pairs of characters', () => {
    fc.assert(
      fc.property(text, text, (target, prediction) => {
        const scores = rougeScores([target], prediction, { types: TYPES, tokenizer: 'char' });
        const [targetTokens, predictionTokens] = [tokensOf(target), tokensOf(prediction)];
        const expected: Record<string, RougeScore> = {
          rouge1: slowRougeN(targetTokens, predictionTokens, 1),
          rouge2: slowRougeN(targetTokens, predictionTokens, 2),
          rouge3: slowRougeN(targetTokens, predictionTokens, 3),
          rougeL: slowRougeL(targetTokens, predictionTokens),
          rougeLsum: slowRougeLsum(linesOf(target), linesOf(prediction)),
        };
        expect(scores).toEqual(expected);
      }),
      { numRuns: 10_000 },
    );
  });

  it('is bounded, is 1 on equal texts, and swaps precision and recall with the sides', () => {
    const types: RougeType[] = ['rouge1', 'rouge2', 'rouge3', 'rougeL'];
    fc.assert(
      fc.property(text, text, fc.constantFrom('clipped' as const, 'set' as const), (a, b, counting) => {
        const options: RougeOptions = { types, tokenizer: 'char', counting };
        const there = rougeScores([a], b, options);
        const back = rougeScores([b], a, options);
        const same = rougeScores([a], a, options);
        for (const [i, type] of types.entries()) {
          const { precision, recall, f } = there[type]!;
          for (const value of [precision, recall, f]) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
          }
          expect(f).toBeLessThanOrEqual(Math.max(precision, recall) + 1e-15);
          expect(back[type]).toEqual({ precision: recall, recall: precision, f: expect.closeTo(f, 12) });
          const long = tokensOf(a).length >= (type === 'rougeL' ? 1 : i + 1);
          expect(same[type]!.f).toBeCloseTo(long ? 1 : 0, counting === 'set' ? 8 : 12);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives a type the same value alone as beside the others', () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom(...TYPES), (target, prediction, type) => {
        const alone = rougeScores([target], prediction, { types: [type], tokenizer: 'char' });
        expect(alone).toEqual({
          [type]: rougeScores([target], prediction, { types: TYPES, tokenizer: 'char' })[type],
        });
      }),
    );
  });
});

describe('ROUGE', () => {
  const f = (targets: string[], prediction: string, options: Partial<RougeOptions> = {}) => {
    const scores = rougeScores(targets, prediction, {
      types: ['rouge1', 'rouge2', 'rougeL'],
      tokenizer: 'char',
      ...options,
    });
    return Object.fromEntries(Object.entries(scores).map(([type, score]) => [type, score.f]));
  };

  it('takes the best target of each type on its own', () => {
    const both = f(['甲乙丙丁', '丁丙乙甲戊'], '丁丙乙甲');
    expect(both).toEqual({
      rouge1: 1,
      rouge2: f(['丁丙乙甲戊'], '丁丙乙甲').rouge2,
      rougeL: expect.closeTo(8 / 9, 12),
    });
  });

  it('is 0 without a target, and on empty texts', () => {
    expect(f([], '甲')).toEqual({ rouge1: 0, rouge2: 0, rougeL: 0 });
    expect(f([''], '')).toEqual({ rouge1: 0, rouge2: 0, rougeL: 0 });
    expect(f(['甲'], '', { types: ['rougeLsum'] })).toEqual({ rougeLsum: 0 });
  });

  it('counts a repeated n-gram as often as the target has it, or once in set mode', () => {
    expect(f(['今天开会'], '今天开会开会开会').rouge1).toBeCloseTo(2 / 3, 12);
    expect(f(['今天开会'], '今天开会开会开会', { counting: 'set' }).rouge1).toBeCloseTo(1, 8);
  });

  it('takes tokens instead of texts, of any tokenizer', () => {
    const target = 'the cats sat\non the mat';
    const prediction = 'on a mat\nthe cat sat';
    const sentences = (text: string) => text.split('\n').map((line) => tokenize(line, 'word', { stemmer: true }));
    expect(rougeOfTokens([sentences(target)], sentences(prediction), { types: TYPES })).toEqual(
      rougeScores([target], prediction, { types: TYPES, tokenizer: 'word', stemmer: true }),
    );
    expect(rougeOfTokens([], [['a']], { types: ['rouge1'] })).toEqual({ rouge1: { precision: 0, recall: 0, f: 0 } });
  });

  it('tells characters outside the BMP apart that share a surrogate', () => {
    expect(f(['😀'], '😁').rouge1).toBe(0);
    expect(f(['𠮷野家'], '𠮷野家').rouge2).toBe(1);
  });

  it('goes to high orders', () => {
    const types: RougeType[] = ['rouge9', 'rouge12'];
    expect(f(['一二三四五六七八九十'], '一二三四五六七八九十', { types })).toEqual({ rouge9: 1, rouge12: 0 });
  });

  it('compares sentence by sentence where it is told to cut them', () => {
    const target = '会议推迟到周五。请带上报告！';
    const prediction = '请带上报告！会议推迟到周五。';
    const types: RougeType[] = ['rougeL', 'rougeLsum'];
    expect(f([target], prediction, { types }).rougeLsum).toBeCloseTo(8 / 14, 12);
    expect(f([target], prediction, { types, sentences: 'punctuation' }).rougeLsum).toBe(1);
  });
});
