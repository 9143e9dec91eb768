import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAggregator } from '../../src/run/aggregate.js';
import type { GenerationRecord, SampleResult, TaskManifest, TaskSummary } from '../../src/run/types.js';
import type { Score } from '../../src/scoring/types.js';

function manifest(changes: Partial<TaskManifest> = {}): TaskManifest {
  return {
    id: 'meeting-summary',
    title: { en: 'Meeting summary', zh: '会议摘要' },
    language: 'zh',
    hash: '00',
    dataset: { file: 'meeting-summary.jsonl', hash: '00', samples: 3 },
    scorers: ['llm-judge', 'rouge'],
    ranges: { 'llm-judge': [1, 10], rouge: [0, 1] },
    primary: 'llm-judge',
    planned: 3,
    ...changes,
  };
}

interface ResultInit {
  id?: string;
  epoch?: number;
  group?: string;
  scores: Record<string, Score | number>;
  generation?: Partial<GenerationRecord>;
}

function result({ id = 'm-1', epoch = 1, group, scores, generation }: ResultInit): SampleResult {
  const key = { task: 'meeting-summary', id, epoch };
  const record = {
    ...key,
    stage: 'generation',
    at: 0,
    ...(group === undefined ? {} : { group }),
    attempts: 1,
    ok: true,
    text: '概要',
    finishReason: 'stop',
    timings: { totalMs: 100 },
    ...generation,
  } as GenerationRecord;
  const filled = Object.entries(scores).map(([name, score]): [string, Score] => [
    name,
    typeof score === 'number' ? { value: score } : score,
  ]);
  return { ...key, generation: record, scores: Object.fromEntries(filled), group: group ?? id };
}

function summarize(task: TaskManifest, results: readonly SampleResult[], repeat = 1): TaskSummary {
  const aggregator = createAggregator(task, repeat);
  for (const item of results) aggregator.add(item);
  return aggregator.summary();
}

const onlyJudge = manifest({ scorers: ['llm-judge'], ranges: { 'llm-judge': [1, 10] } });
const onlyMatch = manifest({ scorers: ['exact-match'], ranges: { 'exact-match': [0, 1] }, primary: 'exact-match' });

describe('metrics', () => {
  it('are named by scorer, in the order of the task, each value before its further metrics', () => {
    const rouge: Score = { value: 0.4, metrics: { rouge1: 0.5, 'rouge1.precision': 0.6 } };
    const judge: Score = { value: 7, metrics: { faithfulness: 8, conciseness: 6 } };
    const { metrics } = summarize(manifest(), [result({ scores: { rouge, 'llm-judge': judge } })]);
    expect(Object.keys(metrics)).toEqual([
      'llm-judge',
      'llm-judge.faithfulness',
      'llm-judge.conciseness',
      'rouge',
      'rouge.rouge1',
      'rouge.rouge1.precision',
    ]);
    expect(metrics['rouge.rouge1.precision']).toMatchObject({ mean: 0.6, n: 1, ci95: null });
  });

  it('are there, without a mean, for a scorer that scored nothing', () => {
    const { metrics, n } = summarize(manifest(), []);
    expect(n).toBe(0);
    expect(metrics).toEqual({
      'llm-judge': { mean: null, ci95: null, n: 0, interval: null, sd: null },
      rouge: { mean: null, ci95: null, n: 0, interval: null, sd: null },
    });
  });

  it('keep unscored samples out of the mean, and count them', () => {
    const unscored: Score = { value: null, reason: 'reply holds no verdict' };
    const summary = summarize(manifest(), [
      result({ id: 'm-1', scores: { 'llm-judge': 8, rouge: 0.2 } }),
      result({ id: 'm-2', scores: { 'llm-judge': unscored, rouge: 0.4 } }),
      result({ id: 'm-3', scores: { 'llm-judge': 6, rouge: { value: null, reason: 'no reference' } } }),
    ]);
    expect(summary.metrics['llm-judge']).toMatchObject({ mean: 7, n: 2 });
    expect(summary.metrics.rouge!.mean).toBeCloseTo(0.3, 15);
    expect(summary).toMatchObject({ n: 3, unscored: 1, failed: 0, missing: 0 });
    expect(summary.unscoredReasons).toEqual({ 'llm-judge: reply holds no verdict': 1, 'rouge: no reference': 1 });
  });

  it('count a failed generation as finished, failed and unscored', () => {
    const reason = 'generation failed: silent for 60 s';
    const scores = { 'llm-judge': { value: null, reason } };
    const generation = { ok: false, error: { kind: 'timeout', message: 'silent for 60 s' }, attempts: 6 } as const;
    const summary = summarize({ ...onlyJudge, planned: 4 }, [result({ scores, generation })]);
    expect(summary).toMatchObject({ n: 1, failed: 1, unscored: 1, missing: 3 });
    expect(summary.usage).toMatchObject({ calls: 1, promptTokens: 0 });
    expect(summary.timings.totalMs).toBeNull();
  });

  it('count a scorer of which nothing was recorded, and a number that is none, as unscored', () => {
    const nothing = result({ id: 'm-1', scores: {} });
    const broken = result({ id: 'm-2', scores: { 'llm-judge': { value: Number.NaN } } });
    const half = result({
      id: 'm-3',
      scores: { 'llm-judge': { value: 5, metrics: { clarity: Number.POSITIVE_INFINITY } } },
    });
    const silent = result({ id: 'm-4', scores: { 'llm-judge': { value: null, reason: '' } } });
    const summary = summarize(onlyJudge, [nothing, broken, half, silent]);
    expect(summary.unscored).toBe(4);
    expect(summary.metrics['llm-judge']!.mean).toBeNull();
    expect(summary.unscoredReasons).toEqual({
      'llm-judge: llm-judge is not a finite number': 1,
      'llm-judge: llm-judge.clarity is not a finite number': 1,
      'llm-judge: no reason given': 1,
      'llm-judge: no score was recorded': 1,
    });
  });
});

describe('intervals', () => {
  const scored = (id: string, score: number, group?: string): SampleResult =>
    result({ id, group, scores: { 'exact-match': score, 'llm-judge': score } });

  it('are Wilson for zeros and ones, Student otherwise', () => {
    const results = ['a', 'b', 'c'].map((id, i) => scored(id, i % 2));
    expect(summarize(onlyMatch, results).metrics['exact-match']!.interval).toBe('wilson');
    expect(summarize({ ...onlyMatch, ranges: {} }, results).metrics['exact-match']!.interval).toBe('student-t');
  });

  it('are clustered when samples share a group', () => {
    const together = [scored('a', 1, 'g'), scored('b', 0, 'g'), scored('c', 1, 'h'), scored('d', 1)];
    const { interval, n, ci95 } = summarize(onlyMatch, together).metrics['exact-match']!;
    expect([interval, n]).toEqual(['clustered-t', 4]);
    expect(ci95![1]).toBe(1);
  });

  it('cluster a sample that gives its group its name, whichever comes first', () => {
    const [leader, follower, other] = [scored('doc', 1, 'doc'), scored('doc-b', 0, 'doc'), scored('x', 1)];
    const first = summarize(onlyMatch, [leader, follower, other]);
    const last = summarize(onlyMatch, [other, follower, leader]);
    expect(first.metrics['exact-match']!.interval).toBe('clustered-t');
    expect(first).toEqual(last);
  });

  it('are not clustered when every group has one sample', () => {
    const alone = [scored('a', 1, 'g'), scored('b', 0, 'h')];
    expect(summarize(onlyMatch, alone).metrics['exact-match']!.interval).toBe('wilson');
  });

  it('are cut to the range of the scorer', () => {
    const { ci95 } = summarize(onlyJudge, [scored('a', 10), scored('b', 9)]).metrics['llm-judge']!;
    expect(ci95).toEqual([expect.any(Number), 10]);
  });
});

describe('repeats', () => {
  const epoch = (id: string, number: number, score: Score | number): SampleResult =>
    result({ id, epoch: number, scores: { 'llm-judge': score } });

  it('of one sample are averaged first and count once', () => {
    const { metrics, n } = summarize(
      onlyJudge,
      [epoch('a', 1, 4), epoch('a', 2, 6), epoch('b', 1, 9), epoch('b', 2, 9)],
      2,
    );
    expect(n).toBe(4);
    expect(metrics['llm-judge']).toMatchObject({ mean: 7, n: 2 });
  });

  it('that are unscored leave the mean to the others', () => {
    const unscored: Score = { value: null, reason: 'refused' };
    const rows = [epoch('a', 1, 4), epoch('a', 2, unscored), epoch('b', 1, unscored), epoch('b', 2, unscored)];
    const { metrics, unscored: count } = summarize(onlyJudge, rows, 2);
    expect(count).toBe(3);
    expect(metrics['llm-judge']).toMatchObject({ mean: 4, n: 1 });
  });

  it('that have not all finished are counted at the end', () => {
    const { metrics } = summarize(onlyJudge, [epoch('a', 2, 4), epoch('b', 1, 8), epoch('b', 3, 6)], 3);
    expect(metrics['llm-judge']).toMatchObject({ mean: 5.5, n: 2 });
  });
});

describe('reasons', () => {
  const failing = (id: string, reason: string): SampleResult =>
    result({ id, scores: { 'llm-judge': { value: null, reason } } });

  it('that differ only in the sample they name are one', () => {
    const rows = ['meeting-1', 'meeting-12', '会议-3'].map((id) => failing(id, `样本${id}没有输出 (${id})`));
    expect(summarize(onlyJudge, rows).unscoredReasons).toEqual({ 'llm-judge: 样本<id>没有输出 (<id>)': 3 });
  });

  it('keep numbers that a short id happens to be, and parts of words', () => {
    const rows = [failing('429', 'HTTP 429'), failing('meet', 'meeting is over'), failing('a.*b', 'no a.*b')];
    expect(Object.keys(summarize(onlyJudge, rows).unscoredReasons)).toEqual([
      'llm-judge: HTTP 429',
      'llm-judge: meeting is over',
      'llm-judge: no <id>',
    ]);
  });

  it('are cut by character, and made one line', () => {
    const [reason] = Object.keys(
      summarize(onlyJudge, [failing('x', `first\n\tline ${'😀'.repeat(300)}`)]).unscoredReasons,
    );
    expect(reason).toMatch(/^llm-judge: first line 😀+…$/u);
    expect([...reason!]).toHaveLength('llm-judge: '.length + 160);
  });

  it('beyond twenty are counted together, the most frequent first', () => {
    const rows = Array.from({ length: 30 }, (_, i) => failing(`s${i}`, `reason number ${i}`));
    const counts = summarize(onlyJudge, [...rows, failing('z', 'reason number 7')]).unscoredReasons;
    const entries = Object.entries(counts);
    expect(entries).toHaveLength(21);
    expect(entries[0]).toEqual(['llm-judge: reason number 7', 2]);
    expect(entries[20]).toEqual(['other reasons', 10]);
  });
});

describe('totals', () => {
  it('add up tokens, calls and cached answers of model and judge', () => {
    const judged = (details: object): Score => ({ value: 7, details: { judge: 'model', ...details } });
    const usage = { promptTokens: 100, completionTokens: 20 };
    const summary = summarize(onlyJudge, [
      result({ id: 'a', scores: { 'llm-judge': judged({ usage, calls: 2, cached: false }) }, generation: { usage } }),
      result({
        id: 'b',
        scores: { 'llm-judge': judged({ usage, calls: 0, cached: true }) },
        generation: { cached: true },
      }),
      result({
        id: 'c',
        scores: { 'llm-judge': { value: null, reason: 'x', details: { judge: 'model', usage, calls: 1 } } },
      }),
      result({ id: 'd', scores: { 'llm-judge': { value: 3, details: { judge: 'baseline', calls: 9, usage } } } }),
      result({ id: 'e', scores: { 'llm-judge': judged({ usage: null, calls: 'many' }) }, generation: { attempts: 0 } }),
    ]);
    expect(summary.usage).toEqual({
      promptTokens: 100,
      completionTokens: 20,
      judgePromptTokens: 300,
      judgeCompletionTokens: 60,
      calls: 3,
      judgeCalls: 3,
      cached: 2,
    });
  });

  it('average timings over the samples that measured them', () => {
    const timed = (id: string, timings: object): SampleResult =>
      result({ id, scores: { 'llm-judge': 5 }, generation: { timings: { totalMs: 100, ...timings } } });
    const { timings } = summarize(onlyJudge, [timed('a', { firstTokenMs: 40 }), timed('b', { totalMs: 300 })]);
    expect(timings).toEqual({
      totalMs: 200,
      firstTokenMs: 40,
      prefillTokensPerSecond: null,
      decodeTokensPerSecond: null,
    });
  });

  it('count flags of verdicts', () => {
    const flagged = (id: string, flags: string[]): SampleResult =>
      result({ id, scores: { 'llm-judge': { value: 5, details: { flags } } } });
    const { flags } = summarize(onlyJudge, [
      flagged('a', ['x', 'several-verdicts']),
      flagged('b', ['several-verdicts']),
    ]);
    expect(Object.entries(flags)).toEqual([
      ['several-verdicts', 2],
      ['x', 1],
    ]);
  });
});

describe('the summary', () => {
  it('is the same, byte for byte, whatever order the samples finish in', () => {
    const score = fc.oneof(
      fc.double({ min: 1, max: 10, noNaN: true }),
      fc.constantFrom<Score>({ value: null, reason: 'refused' }, { value: null, reason: 'empty' }),
    );
    const sample = fc.record({ score, group: fc.option(fc.constantFrom('g', 'h', 'i'), { nil: undefined }) });
    const rows = fc
      .array(sample, { maxLength: 30 })
      .map((list) =>
        list.flatMap(({ score, group }, i) =>
          [1, 2].map((epoch) => result({ id: `s${i}`, epoch, group, scores: { 'llm-judge': score } })),
        ),
      );
    const orders = rows.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(orders, ([list, shuffled]) => {
        expect(JSON.stringify(summarize(onlyJudge, shuffled, 2))).toBe(JSON.stringify(summarize(onlyJudge, list, 2)));
      }),
    );
  });

  it('agrees with the plain formulas', () => {
    const scores = fc.array(fc.double({ min: 1, max: 10, noNaN: true }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(scores, (list) => {
        const rows = list.map((score, i) => result({ id: `s${i}`, scores: { 'llm-judge': score } }));
        const { mean, sd, n } = summarize(onlyJudge, rows).metrics['llm-judge']!;
        const expected = list.reduce((a, b) => a + b, 0) / list.length;
        const squares = list.reduce((sum, x) => sum + (x - expected) ** 2, 0);
        expect(n).toBe(list.length);
        expect(mean).toBeCloseTo(expected, 12);
        expect(sd).toBeCloseTo(Math.sqrt(squares / (n - 1)), 6);
      }),
    );
  });
});
