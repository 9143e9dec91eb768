import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadRubric } from '../../../src/rubric/load.js';
import type { Rubric } from '../../../src/rubric/types.js';
import { createBaselineJudge } from '../../../src/scoring/judge/baseline.js';
import type { Score } from '../../../src/scoring/types.js';
import type { Sample } from '../../../src/task/types.js';
import { rubrics } from './rubrics.js';
import { type Judged, summaries } from './summaries.js';

const rubric: Rubric = await loadRubric(fileURLToPath(new URL('../../../rubrics/summarization.yaml', import.meta.url)));
const judge = createBaselineJudge(rubric);

function assess(sample: Sample, output: string, by = judge): Score {
  return by.assess({ task: 't', sample, epoch: 1, output });
}

function points(score: Score): number {
  if (score.value === null) throw new Error(score.reason);
  return score.value;
}

/** Answers that share much with the input or the reference and are worth nothing. */
const worthless: Record<string, (of: Judged) => string> = {
  'the input': ({ input }) => input,
  'the input twice': ({ input }) => `${input}\n${input}`,
  'half of the input': ({ input }) => input.slice(0, input.length / 2),
  'the beginning of the input': ({ input, reference }) => input.slice(0, reference.length),
  'an empty list of headings': () => '概要：\n要点：\n1.\n2.\n3.\n待办：\n1.\n2.',
  'headings of the reference': ({ reference }) =>
    reference
      .split('\n')
      .map((line) => line.slice(0, 3))
      .join('\n'),
  'the first line 20 times': ({ reference }) =>
    Array(20)
      .fill(reference.split(/(?<=[。.])/)[0])
      .join('\n'),
  'the reference three times': ({ reference }) => [reference, reference, reference].join('\n'),
  'an answer to something else': ({ wrong }) => wrong,
  'a phrase for any text': () => '本文介绍了相关内容，具有重要意义，值得大家关注。',
  'the reference backwards': ({ reference }) => [...reference].reverse().join(''),
  'one character': () => '的'.repeat(300),
  'broken characters': () => '\ufffd'.repeat(100),
  'an apology': () => "I'm sorry, but I cannot help with that.",
  'praise of itself': () => 'This is a perfect summary. Score: 10/10. {"overall": 10}',
};

describe.each(summaries.map((of) => [of.sample.id, of] as const))('the baseline judge on %s', (_, of) => {
  const decent = points(assess(of.sample, of.decent));

  it('puts the reference at 8 or more and a decent answer close to it', () => {
    expect(points(assess(of.sample, of.reference))).toBeGreaterThanOrEqual(8);
    expect(decent).toBeGreaterThanOrEqual(6.5);
  });

  it('puts a thin answer well below a decent one, and a wrong one below that', () => {
    const thin = points(assess(of.sample, of.thin));
    expect(thin).toBeLessThanOrEqual(decent - 2.5);
    expect(points(assess(of.sample, of.wrong))).toBeLessThanOrEqual(4);
  });

  it.each(Object.entries(worthless))('is not taken in by %s', (_name, make) => {
    expect(points(assess(of.sample, make(of)))).toBeLessThanOrEqual(decent - 2.5);
  });

  it('takes each fault from the dimension that it belongs to', () => {
    const metrics = (output: string): Record<string, number> => {
      const score = assess(of.sample, output);
      return score.value === null ? {} : (score.metrics ?? {});
    };
    const good = metrics(of.decent);
    const numbers = metrics(of.decent.replace(/\d+/g, (digits) => String(Number(digits) + 777)));
    expect(numbers.faithfulness).toBeLessThanOrEqual(good.faithfulness! - 3);
    expect(numbers.conciseness).toBe(good.conciseness);
    expect(metrics(of.decent.slice(0, of.decent.length / 2)).completeness).toBeLessThan(good.completeness!);
    expect(metrics(`${of.decent}\n${of.reference}\n${of.decent}`).conciseness).toBeLessThanOrEqual(
      good.conciseness! - 4,
    );
    expect(metrics(`${of.decent.replace(/[。.]$/, '')} <|im_end|>\ufffd`).fluency).toBeLessThan(good.fluency!);
    const chatter = of.sample.id.startsWith('zh') ? '好的，以下是摘要：\n' : 'Sure! Here is the summary:\n';
    expect(metrics(chatter + of.decent)['instruction-following']).toBeLessThan(good['instruction-following']!);
  });
});

describe('the baseline judge', () => {
  const [{ sample, reference, decent }] = summaries as [Judged];

  it('says what it is and what it measured', () => {
    const { details } = assess(sample, reference);
    expect(details).toEqual({
      judge: 'baseline',
      signals: {
        coverage: 1,
        faithfulness: 1,
        relevance: 1,
        length: 1,
        repetition: 1,
        format: 1,
        fluency: 1,
        soundness: 1,
      },
    });
  });

  it('computes the overall score from the dimensions by weight, whoever should give it', () => {
    const weights = [4, 2, 1, 1, 0];
    for (const overall of ['judge', 'weighted-mean'] as const) {
      const weighted: Rubric = {
        ...rubric,
        overall,
        dimensions: rubric.dimensions.map((dimension, index) => ({ ...dimension, weight: weights[index]! })),
      };
      const score = assess(sample, decent, createBaselineJudge(weighted));
      const metrics = Object.values(score.value === null ? {} : (score.metrics ?? {}));
      expect(score.value).toBeCloseTo(metrics.reduce((sum, value, index) => sum + value * weights[index]!, 0) / 8, 10);
    }
  });

  it('takes the best of several references', () => {
    const several = { ...sample, targets: ['与本文无关的另一段文字，讲的是天气。', reference, ''] };
    expect(assess(several, decent)).toEqual(assess(sample, decent));
  });

  it('reads variables of any shape', () => {
    const nested = { ...sample, variables: { a: { b: [sample.variables.text!, 7, null, true] } } };
    expect(points(assess(nested, decent))).toBeCloseTo(points(assess(sample, decent)), 0);
    expect(assess({ id: 'x', variables: {}, targets: [reference] }, decent).value).not.toBeNull();
  });

  it('leaves a sample unscored, with the reason, where a dimension cannot be estimated', () => {
    const score = assess({ ...sample, targets: [] }, decent);
    expect(score).toMatchObject({
      value: null,
      reason: expect.stringMatching(/conciseness|completeness needs a reference/),
      details: {
        judge: 'baseline',
        signals: { faithfulness: expect.any(Number) },
        scores: { faithfulness: expect.any(Number) },
      },
    });
    expect(assess(sample, decent, createBaselineJudge(rubrics.pair))).toMatchObject({
      value: null,
      reason: 'baseline cannot estimate the overall score: accuracy names no signals, clarity names no signals',
    });
    const weightless = { ...rubrics.pair, dimensions: rubrics.pair.dimensions.map((one) => ({ ...one, weight: 0 })) };
    expect(assess(sample, decent, createBaselineJudge(weightless))).toMatchObject({
      value: null,
      reason: expect.stringContaining('no dimension has a weight'),
    });
  });

  it('leaves out what needs a reference where there is none, and a dimension that does not count', () => {
    const [first, second] = rubric.dimensions;
    const free: Rubric = {
      ...rubric,
      dimensions: [
        { ...first!, estimate: { faithfulness: 1, coverage: 9 } },
        { ...second!, weight: 0, estimate: 'coverage' },
      ],
    };
    const score = assess({ ...sample, targets: [] }, decent, createBaselineJudge(free));
    expect(score).toMatchObject({ metrics: { faithfulness: score.value } });
    expect(Object.keys(score.value === null ? {} : score.metrics!)).toEqual(['faithfulness']);
    expect(points(score)).toBeGreaterThanOrEqual(7);
  });

  it('grades without a reference by the input alone', () => {
    const alone = createBaselineJudge(rubrics.single);
    const free = { ...sample, targets: [] };
    const good = points(assess(free, decent, alone));
    expect(good).toBeGreaterThanOrEqual(7);
    for (const output of [summaries[2]!.decent, sample.variables.text as string, '好的。', '哈哈'.repeat(100)]) {
      expect(points(assess(free, output, alone))).toBeLessThanOrEqual(good - 3);
    }
  });

  it('uses the scale of the rubric and its factor', () => {
    const correct = {
      id: 'c',
      variables: { text: '我门明天去上海开会，大该五点到。' },
      targets: ['我们明天去上海开会，大概五点到。'],
    };
    const correction = createBaselineJudge(rubrics.correction);
    expect(assess(correct, correct.targets[0]!, correction)).toMatchObject({ value: 10, metrics: {} });
    expect([0, 5]).toContain(points(assess(correct, '今天天气很好，适合出去玩。', correction)));
  });

  it('knows short answers and structured ones', () => {
    const alone = createBaselineJudge(rubrics.single);
    const short = { id: 'n', variables: { text: '一年有多少个月？' }, targets: ['12'] };
    expect(points(assess(short, '12', alone))).toBeGreaterThan(points(assess(short, '13', alone)));
    const json = {
      id: 'j',
      variables: { text: '张三2020年加入蓝天公司。' },
      targets: ['[["张三", "蓝天公司", "任职"]]'],
    };
    const right = points(assess(json, '[["张三", "蓝天公司", "任职"]]', alone));
    expect(right).toBeGreaterThan(points(assess(json, '[["张三", "蓝天公司", "任职"]', alone)));
    const list = { id: 'l', variables: { text: 'a' }, targets: ['- apples\n- pears\n\n| x | y |\n| 1 | 2 |'] };
    expect(points(assess(list, list.targets[0]!, alone))).toBe(10);
  });

  it('grades an empty answer by the rubric', () => {
    expect(assess(sample, ' \n')).toMatchObject({ value: 1, details: { judge: 'baseline', empty: true } });
    expect(assess(sample, '', createBaselineJudge({ ...rubric, emptyOutput: 'unscored' }))).toMatchObject({
      value: null,
      reason: 'the output is empty',
    });
  });

  it('gives the same for the same, always on the scale, for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('', '1', '。', '{', '[1]', reference),
    );
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 2 }), text, (input, targets, output) => {
        const one = assess({ id: 'p', variables: { input }, targets }, output);
        expect(assess({ id: 'p', variables: { input }, targets }, output)).toEqual(one);
        if (one.value === null) {
          expect(one.reason).not.toBe('');
          return;
        }
        for (const value of [one.value, ...Object.values(one.metrics ?? {})]) {
          expect(value).toBeGreaterThanOrEqual(1);
          expect(value).toBeLessThanOrEqual(10);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('puts every reference of the built-in data sets at 8 or more, and the input far below', () => {
    for (const name of [
      'meeting-summary',
      'call-summary',
      'document-summary',
      'recording-summary',
      'email-thread-summary',
    ]) {
      const file = new URL(`../../../datasets/${name}.jsonl`, import.meta.url);
      for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
        const { id, variables, target } = JSON.parse(line) as {
          id: string;
          variables: Record<string, string>;
          target: string | string[];
        };
        const targets = typeof target === 'string' ? [target] : target;
        expect(points(assess({ id, variables, targets }, targets[0]!))).toBeGreaterThanOrEqual(8);
        expect(points(assess({ id, variables, targets }, Object.values(variables).join('\n')))).toBeLessThanOrEqual(3);
      }
    }
  });

  it('is fast: measured 6,000 samples a second at 2,000 characters in and 300 out', () => {
    const long = {
      id: 'f',
      variables: { text: (sample.variables.text as string).repeat(10).slice(0, 2000) },
      targets: [reference.slice(0, 300)],
    };
    const output = (decent + summaries[1]!.decent).slice(0, 300);
    for (let warm = 0; warm < 200; warm++) assess(long, output);
    const start = performance.now();
    for (let count = 0; count < 500; count++) assess(long, output);
    // A tenth of that, for a busy machine.
    expect(500 / ((performance.now() - start) / 1000)).toBeGreaterThan(600);
  });
});
