import { describe, expect, it } from 'vitest';
import { candidateTexts, headlines, metricGroups, modelText, titleText } from '../../src/report/describe.js';
import { reportInput } from './data.js';

describe('a title', () => {
  it('stands in both languages, once where they are the same', () => {
    expect(titleText({ en: 'Call summary', zh: '通话摘要' }, ' / ')).toBe('Call summary / 通话摘要');
    expect(titleText({ en: '通话摘要', zh: '通话摘要' })).toBe('通话摘要');
  });
});

describe('a model', () => {
  it('is described by what is known of it, and by dates', () => {
    expect(modelText({ model: 'BlueLM-3B' })).toBe('BlueLM-3B');
    expect(
      modelText({
        model: 'BlueLM-3B',
        quantization: 'W4A16',
        engine: 'genie-t2t-run',
        device: 'Snapdragon 8 Gen 3',
        endpoint: 'http://127.0.0.1:18181/v1',
        sha256: 'ab'.repeat(32),
        recorded: '2025-11-02T08:00:00Z',
        note: undefined,
      }),
    ).toBe('BlueLM-3B, W4A16, genie-t2t-run, Snapdragon 8 Gen 3, http://127.0.0.1:18181/v1, recorded 2025-11-02');
  });

  it('that was run is not called recorded; outputs of an unknown one are', () => {
    const run = (runtime: string, model: string): string[] =>
      candidateTexts({ runtime: { runtime, options: {}, info: { model } } });
    expect(run('openai', 'qwen2.5-3b')).toEqual(['qwen2.5-3b']);
    expect(run('replay', 'qwen2.5-3b')).toEqual(['recorded outputs of qwen2.5-3b']);
    expect(run('replay', 'recorded outputs')).toEqual(['recorded outputs']);
  });
});

describe('metrics', () => {
  it('stand by scorer, the primary first, parts below their whole', () => {
    const [task] = reportInput().summary.tasks;
    const groups = metricGroups({ ...task!, primary: 'rouge' });
    expect(groups.map(({ scorer }) => scorer)).toEqual(['rouge', 'llm-judge']);
    expect(groups[0]!.metrics.map(([name]) => name)).toContain('rouge1.precision');
    expect(headlines(groups[0]!).map(([name]) => name)).toEqual(['rouge1', 'rouge2', 'rougeL']);
  });
});
