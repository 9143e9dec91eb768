import { describe, expect, it } from 'vitest';
import { InterruptedError, RuntimeError } from '../../../src/errors.js';
import type { Rubric } from '../../../src/rubric/types.js';
import type { Generation } from '../../../src/runtime/types.js';
import {
  createModelJudge,
  type JudgeAnswer,
  type JudgeRequest,
  type ModelJudgeOptions,
} from '../../../src/scoring/judge/model-judge.js';
import { rubrics } from './rubrics.js';

type Reply = string | Partial<Generation> | Error | (Partial<JudgeAnswer> & { generation: Generation });

function answerOf(reply: Exclude<Reply, Error>): JudgeAnswer {
  if (typeof reply === 'object' && 'generation' in reply)
    return { ...reply, generation: reply.generation! } as JudgeAnswer;
  const usage = { promptTokens: 100, completionTokens: 20 };
  const base: Generation = { text: '', finishReason: 'stop', usage, timings: { totalMs: 50 } };
  return { generation: { ...base, ...(typeof reply === 'string' ? { text: reply } : reply) } };
}

/** A judge whose model gives the replies in turn, and what it was asked and what was kept. */
function judgeOf(rubric: Rubric, replies: Reply[], options: Partial<ModelJudgeOptions> = {}) {
  const requests: JudgeRequest[] = [];
  const kept: string[] = [];
  const judge = createModelJudge({
    rubric,
    jsonSchema: true,
    ask: async (request) => {
      requests.push(request);
      const reply = replies[requests.length - 1];
      if (reply === undefined) throw new Error('asked too often');
      if (reply instanceof Error) throw reply;
      const answer = answerOf(reply);
      return { ...answer, keep: async () => void kept.push(answer.generation.text) };
    },
    ...options,
  });
  const assess = (output = '今天停水。', signal = new AbortController().signal) =>
    judge.assess(
      {
        task: 'notice',
        sample: { id: 's1', variables: {}, targets: ['今天停水。'] },
        epoch: 1,
        prompt: '概括通知。',
        output,
        language: 'zh',
      },
      signal,
    );
  return { assess, requests, kept };
}

const GOOD = '{"reason": "准确。", "scores": {"accuracy": 9, "clarity": 8}, "overall": 9}';

describe('a judge that is a model', () => {
  it('grades with one call and keeps all that is needed to audit it', async () => {
    const { assess, requests, kept } = judgeOf(rubrics.pair, [GOOD]);
    expect(await assess()).toEqual({
      value: 9,
      metrics: { accuracy: 9, clarity: 8 },
      details: {
        judge: 'model',
        reason: '准确。',
        path: 'json',
        flags: [],
        replies: [GOOD],
        calls: 1,
        cached: false,
        ms: 50,
        usage: { promptTokens: 100, completionTokens: 20 },
      },
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ maxTokens: 1024, temperature: 0, jsonSchema: { name: 'verdict' } });
    expect(requests[0]!.messages[1]!.content).toContain('今天停水。');
    expect(kept).toEqual([GOOD]);
  });

  it('binds the reply to a schema only where the runtime can', async () => {
    const { assess, requests } = judgeOf(rubrics.pair, [GOOD], {
      jsonSchema: false,
      maxTokens: 300,
      temperature: 0.7,
      seed: 5,
    });
    await assess();
    expect(requests[0]).toMatchObject({ maxTokens: 300, temperature: 0.7, seed: 5 });
    expect(requests[0]!.jsonSchema).toBeUndefined();
  });

  it('reports on the scale of the rubric, times its factor', async () => {
    expect(await judgeOf(rubrics.correction, ['{"reason": "r", "overall": 0.5}']).assess()).toMatchObject({
      value: 5,
      metrics: {},
    });
    const fine = { ...rubrics.pair, scale: { min: 0, max: 1, step: 0.1, multiply: 3, anchors: [] } };
    const reply = '{"reason": "r", "scores": {"accuracy": 0.1, "clarity": 0.7}, "overall": 0.1}';
    expect(await judgeOf(fine, [reply]).assess()).toMatchObject({
      value: 0.3,
      metrics: { accuracy: 0.3, clarity: 2.1 },
    });
  });

  it('computes a weighted mean and says that the judge’s own was ignored', async () => {
    const score = await judgeOf(rubrics.weighted, ['{"scores": {"accuracy": 8, "clarity": 4}, "overall": 1}']).assess();
    expect(score).toMatchObject({ value: 7, details: { flags: ['overall-ignored'] } });
  });

  it('asks again once, with the reply and what was wrong with it', async () => {
    const { assess, requests, kept } = judgeOf(rubrics.pair, ['准确性很好。', GOOD]);
    expect(await assess()).toMatchObject({
      value: 9,
      details: {
        flags: ['asked-again'],
        replies: ['准确性很好。', GOOD],
        calls: 2,
        ms: 100,
        usage: { promptTokens: 200, completionTokens: 40 },
      },
    });
    expect(requests[1]!.messages.slice(0, 2)).toEqual(requests[0]!.messages);
    expect(requests[1]!.messages[2]).toEqual({ role: 'assistant', content: '准确性很好。' });
    expect(requests[1]!.messages[3]!.content).toContain('no verdict in the reply');
    // Only what was read is worth finding in a cache.
    expect(kept).toEqual([GOOD]);
  });

  it('leaves unscored what cannot be read twice, never with a number', async () => {
    const { assess, kept } = judgeOf(rubrics.pair, ['9/10', '{"accuracy": 9, "clarity": 3, "overall": 10}']);
    const score = await assess();
    expect(score).toMatchObject({
      value: null,
      details: { judge: 'model', calls: 2, replies: ['9/10', expect.any(String)] },
    });
    expect(score).toHaveProperty(
      'reason',
      'verdict unreadable: contradictory: overall is 10, but the dimensions lie between 3 and 9',
    );
    expect(score).not.toHaveProperty('metrics');
    expect(kept).toEqual([]);
  });

  it('says when a reply was cut off, and reads no number that the cut may have shortened', async () => {
    const cut = { text: '准确性：9\n清晰性：9\n综合得分：1', finishReason: 'length' as const };
    const score = await judgeOf(rubrics.pair, [cut, cut], { maxTokens: 12 }).assess();
    expect(score).toMatchObject({
      value: null,
      reason: 'verdict unreadable: no score for overall (it was cut off at 12 tokens)',
    });
    expect(await judgeOf(rubrics.pair, [{ text: GOOD, finishReason: 'length' }]).assess()).toMatchObject({ value: 9 });
  });

  it('takes a refusal for an answer, unless it holds a verdict', async () => {
    const refusal = { text: '', finishReason: 'refusal' as const };
    const { assess, requests } = judgeOf(rubrics.pair, [refusal]);
    expect(await assess()).toMatchObject({ value: null, reason: 'judge refused' });
    expect(requests).toHaveLength(1);
    expect(await judgeOf(rubrics.pair, [{ text: GOOD, finishReason: 'refusal' }]).assess()).toMatchObject({ value: 9 });
  });

  it('leaves unscored what the model could not be asked, keeping an earlier reply', async () => {
    const down = new RuntimeError('connection refused', { kind: 'network' });
    expect(await judgeOf(rubrics.pair, [down]).assess()).toMatchObject({
      value: null,
      reason: 'judge failed: connection refused',
      details: { calls: 0, cached: false, replies: [] },
    });
    expect(await judgeOf(rubrics.pair, ['hm', down]).assess()).toMatchObject({
      value: null,
      reason: 'judge failed: connection refused',
      details: { calls: 1, replies: ['hm'] },
    });
  });

  it('lets an abort and errors of other kinds through', async () => {
    await expect(judgeOf(rubrics.pair, [new InterruptedError('stopped')]).assess()).rejects.toThrow('stopped');
    await expect(judgeOf(rubrics.pair, [new TypeError('a bug')]).assess()).rejects.toThrow('a bug');
    const controller = new AbortController();
    controller.abort();
    const failed = judgeOf(rubrics.pair, [new RuntimeError('cut', { kind: 'network' })]);
    await expect(failed.assess('停水', controller.signal)).rejects.toThrow('cut');
  });

  it.each(['', ' \n\t　'])('grades an empty answer by the rubric, without a call: %j', async (output) => {
    const { assess, requests } = judgeOf(rubrics.pair, []);
    expect(await assess(output)).toEqual({
      value: 1,
      metrics: { accuracy: 1, clarity: 1 },
      details: { judge: 'model', empty: true },
    });
    expect(requests).toEqual([]);
    const strict = judgeOf({ ...rubrics.pair, emptyOutput: 'unscored' }, []);
    expect(await strict.assess(output)).toEqual({
      value: null,
      reason: 'the output is empty',
      details: { judge: 'model', empty: true },
    });
  });

  it('counts cached answers apart and leaves out what was not measured', async () => {
    const generation: Generation = { text: GOOD, finishReason: 'stop', timings: {} };
    const score = await judgeOf(rubrics.pair, [{ generation, cached: true }]).assess();
    expect(score.details).toMatchObject({ calls: 0, cached: true });
    expect(score.details).not.toHaveProperty('ms');
    expect(score.details).not.toHaveProperty('usage');
    const mixed = await judgeOf(rubrics.pair, ['hm', { generation, cached: true }]).assess();
    expect(mixed.details).toMatchObject({ calls: 1, cached: false, ms: 50 });
  });

  it('does without a keep', async () => {
    const answer = answerOf(GOOD);
    const judge = createModelJudge({ rubric: rubrics.pair, jsonSchema: false, ask: async () => answer });
    const sample = { id: 's', variables: {}, targets: [] };
    const input = { task: 't', sample, epoch: 1, prompt: 'p', output: 'o', language: 'en' };
    expect(await judge.assess(input, new AbortController().signal)).toMatchObject({ value: 9 });
  });

  it('asks the same for the same sample', async () => {
    const requests = await Promise.all(
      [1, 2].map(async () => {
        const judge = judgeOf(rubrics.pair, [GOOD]);
        await judge.assess();
        return judge.requests;
      }),
    );
    expect(requests[0]).toEqual(requests[1]);
  });
});
