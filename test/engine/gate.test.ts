import { describe, expect, it } from 'vitest';
import { checkGates, parseThreshold, type Threshold } from '../../src/engine/gate.js';
import { UsageError } from '../../src/errors.js';
import type { MetricSummary, TaskSummary } from '../../src/run/types.js';

function metric(mean: number | null, ci95: [number, number] | null = null): MetricSummary {
  return { mean, ci95, n: mean === null ? 0 : 50, interval: null, sd: null };
}

function task(changes: Partial<TaskSummary> = {}): TaskSummary {
  return {
    task: 'meeting-summary',
    title: { en: 'Meeting summary', zh: '会议摘要' },
    language: 'zh',
    n: 50,
    missing: 0,
    unscored: 0,
    unscoredReasons: {},
    failed: 0,
    primary: 'llm-judge',
    metrics: { 'llm-judge': metric(7.12, [6.8, 7.44]), rouge: metric(0.31), 'rouge.rougeL': metric(0.28) },
    flags: {},
    usage: {
      promptTokens: 0,
      completionTokens: 0,
      judgePromptTokens: 0,
      judgeCompletionTokens: 0,
      calls: 0,
      judgeCalls: 0,
      cached: 0,
    },
    timings: { totalMs: null, firstTokenMs: null, prefillTokensPerSecond: null, decodeTokensPerSecond: null },
    ...changes,
  };
}

function failures(tasks: TaskSummary[], ...thresholds: Threshold[]): string[] {
  return checkGates({ tasks }, { thresholds, failOnUnscored: false }).failures;
}

describe('quality gates', () => {
  it('pass at and above the threshold, fail under it with the interval', () => {
    expect(failures([task()], { min: 7.12 }, { metric: 'rouge.rougeL', min: 0.2 })).toEqual([]);
    expect(failures([task()], { min: 7.2 })).toEqual([
      'meeting-summary: llm-judge 7.12 is under 7.2 (95% interval 6.80 to 7.44, n 50)',
    ]);
    expect(failures([task()], { task: 'meeting-summary', metric: 'rouge', min: 0.5 })).toEqual([
      'meeting-summary: rouge 0.31 is under 0.5 (n 50)',
    ]);
  });

  it('show as many decimals as the difference takes', () => {
    const near = task({ metrics: { 'llm-judge': metric(5.99996) } });
    expect(failures([near], { min: 6 })[0]).toContain('5.99996 is under 6');
    const nearest = task({ metrics: { 'llm-judge': metric(0.3 - 1e-16) } });
    expect(failures([nearest], { min: 0.3 })[0]).toMatch(/0\.2999999999999\d+ is under 0\.3/);
  });

  it('pass when nothing is asked for', () => {
    expect(checkGates({ tasks: [task()] }, { thresholds: [], failOnUnscored: false })).toEqual({
      asked: false,
      passed: true,
      failures: [],
    });
  });

  it('fail on a run without any sample even when nothing is asked for', () => {
    expect(checkGates({ tasks: [task({ n: 0 })] }, { thresholds: [], failOnUnscored: false })).toEqual({
      asked: true,
      passed: false,
      failures: [expect.stringContaining('no sample was run')],
    });
  });

  it('apply a threshold without a task to every task that has the metric', () => {
    const other = task({ task: 'text-correction', primary: 'exact-match', metrics: { 'exact-match': metric(0.5) } });
    expect(failures([task(), other], { metric: 'rouge', min: 0.9 })).toHaveLength(1);
    expect(failures([task(), other], { min: 0.6 })).toEqual(['text-correction: exact-match 0.50 is under 0.6 (n 50)']);
    expect(failures([task(), other], { task: 'text-correction', min: 0.4 })).toEqual([]);
  });
});

describe('quality gates fail closed', () => {
  it('when nothing ran', () => {
    expect(failures([], { min: 1 })).toEqual(['nothing was run']);
    expect(failures([], { task: 'x', min: 1 })).toEqual(['nothing was run', 'no task x was run; there is none']);
    expect(failures([task({ n: 0, metrics: { 'llm-judge': metric(null) } })], { min: 1 })).toEqual([
      'meeting-summary: no sample was run',
    ]);
    expect(checkGates({ tasks: [] }, { thresholds: [], failOnUnscored: true }).passed).toBe(false);
  });

  it('when samples are missing', () => {
    expect(failures([task({ missing: 10 })], { min: 1 })).toEqual(['meeting-summary: 10 of 60 samples are missing']);
  });

  it('when there is no score', () => {
    const unscored = task({ metrics: { 'llm-judge': metric(null) } });
    expect(failures([unscored], { min: 1 })).toEqual(['meeting-summary: llm-judge: no sample was scored']);
  });

  it('when a scorer scored nothing and so cannot show the metric, though another task has it', () => {
    const silent = task({ task: 'call-summary', metrics: { 'llm-judge': metric(7), rouge: metric(null) } });
    expect(failures([task(), silent], { metric: 'rouge.rougeL', min: 0.1 })).toEqual([
      'call-summary: rouge.rougeL: no sample was scored',
    ]);
  });

  it('when there is no such metric or task, and list those there are', () => {
    expect(failures([task()], { metric: 'rougeL', min: 0.1 })).toEqual([
      'there is no metric rougeL; there are llm-judge, rouge, rouge.rougeL',
    ]);
    expect(failures([task()], { task: 'meeting-summary', metric: 'toString', min: 0.1 })[0]).toMatch(
      /^meeting-summary: there is no metric toString/,
    );
    expect(failures([task()], { task: 'meetings', min: 0.1 })).toEqual([
      'no task meetings was run; there is meeting-summary',
    ]);
  });

  it('on unscored samples when asked to', () => {
    const some = task({ unscored: 3, unscoredReasons: { 'llm-judge: refused': 3 } });
    const strict = { thresholds: [], failOnUnscored: true };
    expect(checkGates({ tasks: [some] }, strict).failures).toEqual([
      'meeting-summary: 3 of 50 samples are unscored, most often: llm-judge: refused',
    ]);
    expect(checkGates({ tasks: [task({ unscored: 1 })] }, strict).failures).toEqual([
      'meeting-summary: 1 of 50 samples are unscored',
    ]);
    expect(checkGates({ tasks: [task()] }, strict).passed).toBe(true);
    expect(checkGates({ tasks: [some] }, { ...strict, failOnUnscored: false }).passed).toBe(true);
  });
});

describe('a threshold on the command line', () => {
  it.each<[string, Threshold]>([
    ['7', { min: 7 }],
    ['.5', { min: 0.5 }],
    ['-1e-3', { min: -0.001 }],
    ['rouge.rougeL=0.3', { metric: 'rouge.rougeL', min: 0.3 }],
    ['meeting-summary:llm-judge=6', { task: 'meeting-summary', metric: 'llm-judge', min: 6 }],
    ['meeting-summary:6', { task: 'meeting-summary', min: 6 }],
    ['meeting-summary : rouge = 0.30 ', { task: 'meeting-summary', metric: 'rouge', min: 0.3 }],
  ])('%s is read', (text, threshold) => {
    expect(parseThreshold(text)).toEqual(threshold);
  });

  it.each(['', 'high', 'rouge=', '=5', ':5', 'rouge=0.3x', 'a=b=0.3=', 'Infinity', 'NaN', '0x10', '６'])(
    '%j is refused with the forms there are',
    (text) => {
      expect(() => parseThreshold(text)).toThrow(UsageError);
      expect(() => parseThreshold(text)).toThrow(
        expect.objectContaining({ hint: expect.stringContaining('rouge.rougeL=0.3') }),
      );
    },
  );
});
