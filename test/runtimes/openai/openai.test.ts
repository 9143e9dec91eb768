import { afterEach, describe, expect, it, vi } from 'vitest';
import openai from '../../../runtimes/openai/index.js';
import { UsageError } from '../../../src/errors.js';
import type { Plan } from '../../support/chat-server.mjs';
import { ask, forever, open, rejection, serve } from '../helpers.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

async function answer(plan: Plan | string) {
  const server = await serve(() => plan);
  const executor = await open(openai, { model: 'm', baseUrl: server.url });
  return executor.generate(ask(), forever);
}

describe('an answer', () => {
  it('gives text, usage, finish reason and time', async () => {
    const usage = { promptTokens: 12, completionTokens: 3 };
    const generation = await answer({ text: '你好，世界 🌏', usage, delayMs: 30 });
    expect(generation).toMatchObject({ text: '你好，世界 🌏', usage, finishReason: 'stop' });
    expect(generation.timings.totalMs).toBeGreaterThanOrEqual(28);
    expect(generation.timings.firstTokenMs).toBeUndefined();
  });

  it('arrives whole when its characters are split between pieces', async () => {
    const text = '会议纪要：🌏'.repeat(3);
    expect((await answer({ text, fault: 'drip', dripMs: 0 })).text).toBe(text);
  });

  it('has no usage where the server does not count', async () => {
    expect((await answer({ usage: null })).usage).toBeUndefined();
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'refusal'],
    ['tool_calls', 'stop'],
    ['eos', 'stop'],
  ] as const)('with finish_reason %s ends with %s', async (finishReason, expected) => {
    expect((await answer({ finishReason })).finishReason).toBe(expected);
  });

  it('may be empty', async () => {
    expect(await answer({ text: '' })).toMatchObject({ text: '', finishReason: 'stop' });
  });

  it('is empty when thinking took every token', async () => {
    const generation = await answer({ message: { content: null, reasoning_content: 'hmm' }, finishReason: 'length' });
    expect(generation).toMatchObject({ text: '', finishReason: 'length' });
  });

  it('may be a refusal', async () => {
    const generation = await answer({ message: { content: null, refusal: 'I will not.' } });
    expect(generation).toMatchObject({ text: 'I will not.', finishReason: 'refusal' });
  });

  it('may come in parts', async () => {
    const content = [{ type: 'text', text: '一' }, { type: 'image' }, { type: 'text', text: '二' }];
    expect((await answer({ message: { content } })).text).toBe('一二');
  });

  it('may come as the input of a tool call', async () => {
    const tool_calls = [{ id: '1', type: 'function', function: { name: 'grade', arguments: '{"score":8}' } }];
    expect((await answer({ message: { content: null, tool_calls }, finishReason: 'tool_calls' })).text).toBe(
      '{"score":8}',
    );
  });

  it("gives llama.cpp's measurements", async () => {
    const timings = { prompt_ms: 40.5, prompt_per_second: 300, predicted_per_second: 25.5, predicted_n: 9 };
    expect((await answer({ extra: { timings } })).timings).toMatchObject({
      firstTokenMs: 40.5,
      prefillTokensPerSecond: 300,
      decodeTokensPerSecond: 25.5,
    });
  });

  it('leaves out measurements that are none', async () => {
    const timings = { prompt_ms: 0, prompt_per_second: null, predicted_per_second: 'fast' };
    expect((await answer({ extra: { timings } })).timings).toEqual({ totalMs: expect.any(Number) });
  });
});

describe('a request', () => {
  it('carries messages and parameters, and nothing that was not asked for', async () => {
    const server = await serve();
    const executor = await open(openai, { model: 'qwen2.5-3b', baseUrl: server.url });
    const messages = [
      { role: 'system' as const, content: '你是助手。' },
      { role: 'user' as const, content: '总结' },
    ];
    await executor.generate(ask('a', { messages }), forever);
    await executor.generate(
      ask('b', { messages, maxTokens: 64, temperature: 0, topP: 0.9, seed: 7, stop: ['\n\n'] }),
      forever,
    );
    expect(server.log[0]?.body).toEqual({ model: 'qwen2.5-3b', messages });
    expect(server.log[1]?.body).toEqual({
      model: 'qwen2.5-3b',
      messages,
      max_tokens: 64,
      temperature: 0,
      top_p: 0.9,
      seed: 7,
      stop: ['\n\n'],
    });
  });

  it('takes fields from extraBody, and leaves out those that it sets to null', async () => {
    const server = await serve();
    const extraBody = { top_k: 20, chat_template_kwargs: { enable_thinking: false }, temperature: null };
    const executor = await open(openai, { model: 'm', baseUrl: server.url, extraBody });
    await executor.generate(ask('a', { temperature: 0.5 }), forever);
    expect(server.log[0]?.body).toMatchObject({ top_k: 20, chat_template_kwargs: { enable_thinking: false } });
    expect(server.log[0]?.body).not.toHaveProperty('temperature');
  });

  it('carries key and headers from the environment', async () => {
    vi.stubEnv('MY_KEY', 'sk-mine');
    vi.stubEnv('MY_TENANT', 'tenant-1');
    const server = await serve();
    const headers = { 'x-tenant': '$MY_TENANT', 'x-plain': 'price $5' };
    const executor = await open(openai, { model: 'm', baseUrl: server.url, apiKeyEnv: 'MY_KEY', headers });
    await executor.generate(ask(), forever);
    expect(server.log[0]?.headers).toMatchObject({
      authorization: 'Bearer sk-mine',
      'x-tenant': 'tenant-1',
      'x-plain': 'price $5',
    });
  });

  it('is sent again without retrying anything by itself', async () => {
    const server = await serve(() => ({ status: 500 }));
    const executor = await open(openai, { model: 'm', baseUrl: server.url });
    await rejection(executor.generate(ask(), forever));
    expect(server.stats.requests).toBe(1);
  });

  it('reuses connections', async () => {
    const server = await serve();
    const executor = await open(openai, { model: 'm', baseUrl: server.url });
    for (let index = 0; index < 5; index++) await executor.generate(ask(String(index)), forever);
    expect(new Set(server.log.map((entry) => entry.remotePort)).size).toBe(1);
  });
});

describe('opening', () => {
  it('needs a key for OpenAI itself, and says what to type', async () => {
    vi.stubEnv('OPENAI_API_KEY', undefined);
    vi.stubEnv('OPENAI_BASE_URL', undefined);
    expect(await rejection(open(openai, { model: 'gpt-4.1' }))).toMatchObject({
      kind: 'setup',
      message: expect.stringContaining('OPENAI_API_KEY'),
      hint: expect.stringContaining('export OPENAI_API_KEY='),
    });
  });

  it('needs none for another server, whose address may come from the environment', async () => {
    const server = await serve(() => 'from there');
    vi.stubEnv('OPENAI_API_KEY', undefined);
    vi.stubEnv('OPENAI_BASE_URL', `${server.url}/`);
    const executor = await open(openai, { model: 'm' });
    expect((await executor.generate(ask(), forever)).text).toBe('from there');
    expect(executor.describe().endpoint).toBe(server.url);
  });

  it('takes the address of the whole method too', async () => {
    const server = await serve();
    const executor = await open(openai, { model: 'm', baseUrl: `${server.url}/chat/completions` });
    expect((await executor.generate(ask(), forever)).text).toBe('ok');
  });

  it('does not show credentials in the address', async () => {
    const server = await serve(() => ({ status: 500 }));
    const executor = await open(openai, { model: 'm', baseUrl: server.url.replace('//', '//me:password@') });
    expect(executor.describe().endpoint).toBe(server.url);
    expect(String(await rejection(executor.generate(ask(), forever)))).not.toContain('password');
  });

  it('refuses a header whose variable is not set', async () => {
    const options = { model: 'm', baseUrl: 'http://127.0.0.1:1/v1', headers: { 'x-token': '$NOT_SET_ANYWHERE' } };
    expect(await rejection(open(openai, options))).toMatchObject({
      kind: 'setup',
      message: expect.stringContaining('NOT_SET_ANYWHERE'),
    });
  });

  it.each([
    [{ baseUrl: 'localhost:8080' }, 'baseUrl'],
    [{ jsonSchema: 'yes' }, 'auto, on, off'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ extraBody: { stream: true } }, 'extraBody.stream must be false'],
    [{ timeoutms: 5 }, 'did you mean timeoutMs?'],
  ])('refuses %j', async (options, expected) => {
    const error = await rejection(open(openai, { model: 'm', ...options }));
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toContain(expected);
  });

  it('refuses an address that is none', async () => {
    const error = await rejection(open(openai, { model: 'm', baseUrl: 'http://a b/v1' }));
    expect(error).toMatchObject({ kind: 'setup' });
  });
});

describe('a JSON schema', () => {
  const jsonSchema = { name: '会议 rubric/1', schema: { type: 'object', properties: { score: { type: 'integer' } } } };

  it('is sent strictly, under a name that the API takes', async () => {
    const server = await serve(() => '{"score":8}');
    const executor = await open(openai, { model: 'm', baseUrl: server.url });
    await executor.generate(ask('a', { jsonSchema }), forever);
    expect(server.log[0]?.body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: '___rubric_1', strict: true, schema: jsonSchema.schema },
    });
  });

  it('does not hide an answer that breaks it or is cut short', async () => {
    const plans: Plan[] = [{ text: '我认为是 8 分' }, { text: '{"sco', finishReason: 'length' }];
    const server = await serve((_request, n) => plans[n - 1]!);
    const executor = await open(openai, { model: 'm', baseUrl: server.url });
    expect((await executor.generate(ask('a', { jsonSchema }), forever)).text).toBe('我认为是 8 分');
    expect(await executor.generate(ask('b', { jsonSchema }), forever)).toMatchObject({
      text: '{"sco',
      finishReason: 'length',
    });
  });

  it.each([
    [400, "'response_format' of type 'json_schema' is not supported with this model"],
    [404, 'No endpoints found that support structured outputs: response_format'],
    [422, 'unknown field: response_format'],
    [501, 'not implemented'],
  ])('is given up after a %i that speaks of it, once and for all', async (status, error) => {
    const server = await serve(({ body }) => (body.response_format ? { status, error } : 'plain'));
    const executor = await open(openai, { model: 'm', baseUrl: server.url });
    expect(executor.describe()).not.toHaveProperty('jsonSchema');
    expect((await executor.generate(ask('a', { jsonSchema }), forever)).text).toBe('plain');
    expect((await executor.generate(ask('b', { jsonSchema }), forever)).text).toBe('plain');
    expect(server.stats.requests).toBe(3);
    expect(executor.describe().jsonSchema).toBe('refused by the server');
  });

  it('is not given up for another error', async () => {
    const server = await serve(() => ({ status: 400, error: 'the prompt is too long' }));
    const executor = await open(openai, { model: 'm', baseUrl: server.url });
    await rejection(executor.generate(ask('a', { jsonSchema }), forever));
    expect(server.stats.requests).toBe(1);
    expect(executor.describe()).not.toHaveProperty('jsonSchema');
  });

  it('is insisted on with "on", and never sent with "off"', async () => {
    const server = await serve(({ body }) =>
      body.response_format ? { status: 400, error: 'response_format?' } : 'ok',
    );
    const on = await open(openai, { model: 'm', baseUrl: server.url, jsonSchema: 'on' });
    expect(await rejection(on.generate(ask('a', { jsonSchema }), forever))).toMatchObject({ status: 400 });
    const off = await open(openai, { model: 'm', baseUrl: server.url, jsonSchema: 'off' });
    expect((await off.generate(ask('b', { jsonSchema }), forever)).text).toBe('ok');
    expect(server.stats.requests).toBe(2);
  });
});

it('describes what the server says of itself', async () => {
  const server = await serve(() => ({
    extra: { model: '/srv/models/qwen2.5-3b-q4_0.gguf', system_fingerprint: 'b6123-abc' },
  }));
  const executor = await open(openai, { model: 'default', baseUrl: server.url });
  expect(executor.describe()).toEqual({ model: 'default', endpoint: server.url });
  await executor.generate(ask(), forever);
  expect(executor.describe()).toEqual({
    model: 'default',
    endpoint: server.url,
    serverModel: 'qwen2.5-3b-q4_0.gguf',
    systemFingerprint: 'b6123-abc',
  });
});

it('keeps many calls apart', async () => {
  const server = await serve(({ text, number }) => ({ text: `re ${text}`, delayMs: (number * 7) % 20 }));
  const executor = await open(openai, { model: 'm', baseUrl: server.url });
  const asked = Array.from({ length: 200 }, (_, index) => `question ${index}`);
  const answers = await Promise.all(asked.map(async (text) => (await executor.generate(ask(text), forever)).text));
  expect(answers).toEqual(asked.map((text) => `re ${text}`));
});
