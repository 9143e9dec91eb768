import { score } from 'judgekit';
import { describe, expect, it } from 'vitest';
import { startChatServer } from '../support/chat-server.mjs';

const asked = {
  rubric: 'summarization',
  input: '请用一句话概括：小店每天早上七点开门，晚上九点关门，周一休息。',
  output: '小店每天七点到二十一点营业，周一休息。',
  reference: '小店早七点开门、晚九点关门，周一休息。',
};

const rubric = {
  id: 'match',
  scale: { min: 0, max: 1, step: 0.5, multiply: 10 },
  dimensions: [],
  overall: 'judge' as const,
};

describe('score', () => {
  it('judges one text with the baseline when no judge is named', async () => {
    const good = await score(asked);
    const bad = await score({ ...asked, output: '今天天气不错。' });
    expect(good.value).toBeGreaterThan(5);
    expect(bad.value).toBeLessThan(good.value!);
    expect(good.details).toMatchObject({ judge: 'baseline' });
  });

  it('judges with a model, on the rubric’s own scale', async () => {
    const server = await startChatServer({ reply: () => '{"reason": "部分匹配", "overall": 0.5}' });
    const judge = { use: 'openai', model: 'm', baseUrl: server.url };
    expect(await score({ ...asked, rubric, judge })).toMatchObject({ value: 5 });
    await server.close();
  });

  it.each([
    ['no verdict', '我觉得还不错。'],
    ['out of range', '{"reason": "很好", "overall": 7}'],
    ['a refusal', '抱歉，我无法评价。'],
  ])('is null with its reason after one more try: %s', async (_what, text) => {
    const server = await startChatServer({ reply: () => text });
    const judge = { use: 'openai', model: 'm', baseUrl: server.url };
    const result = await score({ ...asked, rubric, judge });
    expect(result.value).toBeNull();
    expect(result).toHaveProperty('reason');
    expect(server.stats.requests).toBe(2);
    await server.close();
  });

  it('rejects when nobody answers, and stops with its signal', async () => {
    const server = await startChatServer({ reply: () => ({ fault: 'silent' }) });
    const judge = { use: 'openai', model: 'm', baseUrl: server.url };
    const started = performance.now();
    await expect(score({ ...asked, judge, signal: AbortSignal.timeout(200) })).rejects.toThrow(/timeout|abort/i);
    expect(performance.now() - started).toBeLessThan(2000);
    await server.close();
  });
});
