import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import type { JsonObject } from '../../src/json.js';
import { rouge } from '../../src/scoring/rouge.js';
import { rougeScores } from '../../src/scoring/text/rouge.js';
import type { Score } from '../../src/scoring/types.js';

const score = (targets: string[], output: string, options: JsonObject = {}, language = 'zh') =>
  rouge.score(
    { task: 't', sample: { id: '1', variables: {}, targets }, epoch: 1, output },
    { options, language, signal: new AbortController().signal },
  ) as Score;

describe('rouge', () => {
  beforeAll(() => rouge.load?.({ options: {}, language: 'zh' }));

  it('reports F, precision and recall of each type, and rougeL as the value', () => {
    const { value, metrics } = score(['明天上午九点开会'], '明天上午开会') as Extract<Score, { value: number }>;
    const expected = rougeScores(['明天上午九点开会'], '明天上午开会', {
      types: ['rouge1', 'rouge2', 'rougeL'],
      tokenizer: 'jieba',
    });
    expect(Object.keys(metrics!)).toEqual(
      ['rouge1', 'rouge2', 'rougeL'].flatMap((type) => [type, `${type}.precision`, `${type}.recall`]),
    );
    for (const [type, { precision, recall, f }] of Object.entries(expected)) {
      expect(metrics).toMatchObject({ [type]: f, [`${type}.precision`]: precision, [`${type}.recall`]: recall });
    }
    expect(value).toBe(expected.rougeL!.f);
    expect(value).toBeGreaterThan(0.5);
  });

  it('takes as its value the headline, by default rougeL, else the first type', () => {
    const value = (options: JsonObject) => score(['甲乙丙'], '丙乙甲', { tokenizer: 'char', ...options }).value;
    expect(value({})).toBeCloseTo(1 / 3, 12);
    expect(value({ headline: 'rouge1' })).toBe(1);
    expect(value({ types: ['rouge1', 'rouge2'] })).toBe(1);
    expect(value({ types: ['rouge2', 'rouge1'] })).toBe(0);
  });

  it('refuses a headline that is not among the types', async () => {
    const options = { types: ['rouge1'], headline: 'rougeL' };
    expect(() => score(['甲'], '甲', options)).toThrow(UsageError);
    expect(() => rouge.load?.({ options, language: 'en' })).toThrow('not among its types');
  });

  it('cuts as the language of the task asks, unless a tokenizer is named', () => {
    const f = (language: string, options: JsonObject = {}) =>
      score(['研究生命 ok'], '命生究研 ok', options, language).value;
    expect(f('ja')).toBeCloseTo(rougeL('char'), 12);
    expect(f('zh-Hant')).toBeCloseTo(rougeL('jieba'), 12);
    expect(f('en')).toBe(1);
    expect(f('en', { tokenizer: 'char' })).toBeCloseTo(rougeL('char'), 12);

    function rougeL(tokenizer: 'char' | 'jieba') {
      return rougeScores(['研究生命 ok'], '命生究研 ok', { types: ['rougeL'], tokenizer }).rougeL!.f;
    }
  });

  it('passes its options on', () => {
    const f = (options: JsonObject) => score(['甲甲乙。丙'], '丙。甲乙', { tokenizer: 'char', ...options }).value;
    expect(f({ types: ['rouge1'], counting: 'set' })).not.toBe(f({ types: ['rouge1'] }));
    expect(f({ types: ['rougeLsum'], sentences: 'punctuation' })).not.toBe(f({ types: ['rougeLsum'] }));
    expect(score(['running'], 'runs', { stemmer: true }, 'en').value).toBe(1);
  });

  it('takes the best of several targets', () => {
    expect(score(['完全不同', '明天开会', ' '], '明天开会').value).toBe(1);
    expect(score(['不含拉丁字母', 'ok'], 'ok', {}, 'en').value).toBe(1);
  });

  it('scores an empty output 0, and one of mere punctuation too', () => {
    expect(score(['明天开会'], '')).toMatchObject({ value: 0, metrics: { rouge1: 0, 'rougeL.recall': 0 } });
    expect(score(['明天开会'], ' \n').value).toBe(0);
    expect(score(['a meeting'], '……', {}, 'en').value).toBe(0);
  });

  it('is unscored without a target', () => {
    expect(score([], '明天')).toEqual({ value: null, reason: 'the sample has no target' });
    expect(score(['', '\n'], '明天')).toEqual({ value: null, reason: 'the target is empty' });
  });

  it('is unscored, never 0, where the tokenizer word cannot see the text', () => {
    for (const [target, output] of [
      ['明天开会', '明天开会'],
      ['明天开会', 'ok'],
      ['ok 明天开会', '明天开会'],
      ['！', 'ok'],
    ] as const) {
      const result = score([target], output, { tokenizer: 'word' });
      expect(result.value).toBeNull();
      expect((result as { reason: string }).reason).toMatch(/`word`.*`jieba`.*`char`/);
    }
  });

  it('declares its options in a strict schema', () => {
    const validate = new Ajv({ strict: true, useDefaults: true }).compile(rouge.options!);
    const options = {};
    expect(validate(options)).toBe(true);
    expect(options).toEqual({
      types: ['rouge1', 'rouge2', 'rougeL'],
      stemmer: false,
      counting: 'clipped',
      sentences: 'lines',
    });
    expect(validate({ types: ['rouge3', 'rougeLsum'], tokenizer: 'char', headline: 'rougeLsum' })).toBe(true);
    for (const wrong of [
      { types: [] },
      { types: ['rouge0'] },
      { types: ['rouge1', 'rouge1'] },
      { types: ['bleu'] },
      { tokenizer: 'spacy' },
      { counting: 'both' },
      { tokeniser: 'char' },
    ]) {
      expect(validate(wrong)).toBe(false);
    }
  });
});
