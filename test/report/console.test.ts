import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { consoleReport } from '../../src/report/console.js';
import { displayWidth } from '../../src/report/width.js';
import type { RunSummary } from '../../src/run/types.js';
import { manifest, reportInput } from './data.js';

const { summary } = reportInput();
const plainly = { color: false, manifest };

describe('the console report', () => {
  it.each([40, 60, 80, 90, 100, 200])('fits a terminal of %d columns', (width) => {
    const lines = consoleReport(summary, { ...plainly, width }).split('\n');
    // The path of the run stays whole at any width.
    for (const line of lines.filter((line) => !line.startsWith('run '))) {
      expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(width, 56));
    }
    expect(lines.some((line) => line.endsWith(summary.directory!))).toBe(true);
  });

  it('looks like this in 100 columns', async () => {
    await expect(consoleReport(summary, { ...plainly, width: 100 })).toMatchFileSnapshot('console-100.txt');
  });

  it('looks like this in 60 columns', async () => {
    await expect(consoleReport(summary, { ...plainly, width: 60 })).toMatchFileSnapshot('console-60.txt');
  });

  it('aligns its columns below Chinese titles', () => {
    const lines = consoleReport(summary, { ...plainly, width: 100 }).split('\n');
    const rows = lines.filter((line) => /\[\d.*\]\s+\d+\s+\d+\s/.test(line));
    const columns = rows.map((row) => displayWidth(row.slice(0, row.indexOf('['))));
    expect(rows).toHaveLength(summary.tasks.length);
    expect(new Set(columns).size).toBe(1);
  });

  it('shows the same text with and without color', () => {
    const colored = consoleReport(summary, { ...plainly, width: 80, color: true });
    expect(colored).toContain('\u001b[1m');
    expect(stripVTControlCharacters(colored)).toBe(consoleReport(summary, { ...plainly, width: 80 }));
  });

  it('says what the baseline is, and how to set a real judge in one piece', () => {
    for (const width of [60, 100]) {
      const text = consoleReport(summary, { ...plainly, width });
      expect(text.replace(/\s+/g, ' ')).toContain('estimates of the built-in baseline judge, not of a language model');
      expect(text).toContain('by llm-judge (baseline)');
      expect(text).toContain('judge … --judge openai:MODEL --judge-base-url URL');
    }
  });

  it('names a judge that is a model, and none where nothing was judged', () => {
    const judge = { kind: 'model', runtime: 'openai', options: {}, info: { model: 'qwen-max' } } as const;
    const judged = consoleReport({ ...summary, judge }, { ...plainly, width: 100 });
    expect(judged).toMatch(/^judge +qwen-max$/m);
    expect(judged).not.toContain('baseline');
    const unjudged = { ...manifest, tasks: manifest.tasks.filter((task) => task.rubric === undefined) };
    expect(consoleReport(summary, { ...plainly, manifest: unjudged, width: 100 })).not.toMatch(/^judge/m);
  });

  it('names the model, its quantization and the date of recorded outputs', () => {
    const expected = 'recorded outputs of gemma-3-270m-it, Q4_K_M, llama.cpp b6123, date 2025-11-20';
    expect(consoleReport(summary, { ...plainly, width: 100 })).toContain(`model   ${expected}`);
    expect(consoleReport(summary, { width: 100, color: false })).toContain(`model   ${expected}`);
  });

  it('names every model where tasks replay outputs of different ones', () => {
    const [first, ...rest] = manifest.tasks;
    const other = { ...first!, outputs: { model: 'qwen2.5-3b', quantization: 'W4A16' } };
    const text = consoleReport(summary, { ...plainly, manifest: { ...manifest, tasks: [other, ...rest] }, width: 200 });
    expect(text).toContain('recorded outputs of qwen2.5-3b, W4A16 (document-summary)');
    expect(text).toContain('date 2025-11-20 (call-summary, meeting-summary, ');
  });

  it('says why samples are unscored, and what failed', () => {
    const text = consoleReport(summary, { ...plainly, width: 100 });
    expect(text).toContain('2 x llm-judge: reply holds no verdict');
    expect(text).toContain('1 x llm-judge: generation failed: no answer within 120 s');
    expect(text).toMatch(/3 unscored, 1 failed/);
  });

  it('shows an unfinished run, notices, flags and the gate', () => {
    const [task] = summary.tasks;
    const unfinished: RunSummary = {
      ...summary,
      complete: false,
      directory: null,
      notices: ['qwen-max judges its own answers'],
      tasks: [{ ...task!, missing: 8, flags: { 'several-verdicts': 2 } }],
    };
    const gate = { asked: true, passed: false, failures: ['llm-judge 6.83 is under 7'] };
    const text = consoleReport(unfinished, { ...plainly, width: 100, gate });
    expect(text).toContain('8 samples not run');
    expect(text).toContain('flags  several-verdicts 2');
    expect(text).toMatch(/^note +qwen-max judges its own answers$/m);
    expect(text).toMatch(/^note +The run is not complete/m);
    expect(text).toMatch(/^gate +failed: llm-judge 6.83 is under 7$/m);
    expect(text).not.toMatch(/^run /m);
    const passed = (asked: boolean): string =>
      consoleReport(unfinished, { ...plainly, width: 100, gate: { asked, passed: true, failures: [] } });
    expect(passed(true)).toMatch(/^gate +passed$/m);
    expect(passed(false)).not.toMatch(/^gate/m);
  });

  it('adds up what a judge that is a model has cost', () => {
    const [task] = summary.tasks;
    const usage = { ...task!.usage, judgePromptTokens: 40_000, judgeCompletionTokens: 2000, judgeCalls: 12, cached: 3 };
    const text = consoleReport({ ...summary, tasks: [{ ...task!, usage }] }, { ...plainly, width: 200 });
    expect(text).toMatch(/12 judge calls, 42k judge tokens, 3 from the cache, 1 min 23 s/);
  });

  it('shows what could not be measured as that, not as 0', () => {
    const [task] = summary.tasks;
    const nothing = {
      ...task!,
      primary: 'bleu',
      metrics: {},
      usage: { ...task!.usage, promptTokens: 0, completionTokens: 0 },
      timings: { ...task!.timings, totalMs: null },
    };
    for (const width of [60, 100]) {
      const text = consoleReport({ ...summary, tasks: [nothing] }, { ...plainly, width });
      expect(text).toContain('no score');
      expect(text).not.toMatch(/\d tokens/);
    }
    expect(consoleReport({ ...summary, tasks: [nothing] }, { ...plainly, width: 100 })).toMatch(/ - +-$/m);
  });

  it('says so when no task was run', () => {
    expect(consoleReport({ ...summary, tasks: [] }, { ...plainly, width: 80 })).toMatch(/^No task was run\./);
  });

  it('lets no text from a model or a plugin steer the terminal', () => {
    const [task] = summary.tasks;
    const hostile = { ...task!, title: { en: 'a\u001b[2Jb', zh: 'c\nd' }, unscoredReasons: { 'x\u001b]0;y\u0007': 1 } };
    const text = consoleReport({ ...summary, tasks: [hostile] }, { ...plainly, width: 100 });
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text).toContain('a [2Jb  c d');
  });
});
