import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import langchain from '../../../runtimes/langchain/index.js';
import { RuntimeError } from '../../../src/errors.js';
import type { JsonObject } from '../../../src/json.js';
import type { Executor } from '../../../src/runtime/types.js';
import type { ChatServer, ChatServerOptions, Plan } from '../../support/chat-server.mjs';
import { ask, forever, open, rejection, serve } from '../helpers.js';

beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', 'sk-test-0123456789');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function connect(
  reply?: ChatServerOptions['reply'],
  options: JsonObject = {},
): Promise<{ server: ChatServer; executor: Executor }> {
  const server = await serve(reply);
  const modelOptions = { configuration: { baseURL: server.url } };
  return { server, executor: await open(langchain, { model: 'openai:qwen2.5-3b', modelOptions, ...options }) };
}

describe('an answer', () => {
  it('gives text, usage and time', async () => {
    const usage = { promptTokens: 12, completionTokens: 3 };
    const { executor } = await connect(() => ({ text: '你好，世界 🌏', usage }));
    const generation = await executor.generate(ask(), forever);
    expect(generation).toMatchObject({ text: '你好，世界 🌏', usage, finishReason: 'stop' });
    expect(generation.timings.totalMs).toBeGreaterThan(0);
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'refusal'],
  ] as const)('with finish_reason %s ends with %s', async (finishReason, expected) => {
    const { executor } = await connect(() => ({ finishReason }));
    expect((await executor.generate(ask(), forever)).finishReason).toBe(expected);
  });

  it('may be a refusal, or the input of a tool call, or uncounted', async () => {
    const tool_calls = [{ id: '1', type: 'function', function: { name: 'grade', arguments: '{"score":8}' } }];
    const plans: Record<string, Plan> = {
      refuse: { message: { content: null, refusal: 'No.' } },
      call: { message: { content: null, tool_calls }, usage: null },
    };
    const { executor } = await connect(({ text }) => plans[text]!);
    expect(await executor.generate(ask('refuse'), forever)).toMatchObject({ text: 'No.', finishReason: 'refusal' });
    const called = await executor.generate(ask('call'), forever);
    expect(called.text).toBe('{"score":8}');
    expect(called.usage).toBeUndefined();
  });
});

describe('a request', () => {
  it('carries its own parameters, though the model was opened without', async () => {
    const { server, executor } = await connect();
    const messages = [
      { role: 'system' as const, content: '你是助手。' },
      { role: 'user' as const, content: '总结' },
    ];
    await executor.generate(ask('a', { messages }), forever);
    await executor.generate(
      ask('b', { messages, maxTokens: 64, temperature: 0, topP: 0.5, seed: 7, stop: ['\n\n'] }),
      forever,
    );
    await executor.generate(ask('c', { messages }), forever);
    const [first, second, third] = server.log.map((entry) => entry.body);
    for (const body of [first, third]) {
      expect(body?.messages).toEqual(messages);
      for (const name of ['max_tokens', 'temperature', 'top_p', 'seed', 'stop']) expect(body).not.toHaveProperty(name);
    }
    expect(second).toMatchObject({ max_tokens: 64, temperature: 0, top_p: 0.5, seed: 7, stop: ['\n\n'] });
  });

  it('is never repeated by LangChain', async () => {
    const { server, executor } = await connect(() => ({ status: 500 }));
    await rejection(executor.generate(ask(), forever));
    expect(server.stats.requests).toBe(1);
  });
});

describe('a failure', () => {
  it.each([
    [400, 'request', false],
    [401, 'request', false],
    [404, 'request', false],
    [422, 'request', false],
    [429, 'rate-limit', true],
    [500, 'server', true],
    [503, 'server', true],
  ] as const)('with status %i is of kind %s, retryable: %s', async (status, kind, retryable) => {
    const { executor } = await connect(() => ({ status, error: 'no luck', headers: { 'retry-after': '2' } }));
    const error = await rejection(executor.generate(ask(), forever));
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error).toMatchObject({ status, kind, retryable, retryAfterMs: 2000 });
    expect((error as RuntimeError).message).toBe(`openai:qwen2.5-3b answered ${status}: no luck`);
  });

  it('is final when the quota is used up', async () => {
    const { executor } = await connect(() => ({
      status: 429,
      error: { error: { message: 'no', code: 'insufficient_quota' } },
    }));
    expect(await rejection(executor.generate(ask(), forever))).toMatchObject({ kind: 'request', retryable: false });
  });

  it.each(['cut', 'cut-body', 'end-early'] as const)('of the connection ("%s") is of kind network', async (fault) => {
    const { executor } = await connect(() => ({ fault, text: 'a'.repeat(500) }));
    expect(await rejection(executor.generate(ask(), forever))).toMatchObject({ kind: 'network', retryable: true });
  });

  it('to connect says so', async () => {
    const { server, executor } = await connect();
    await server.close();
    const error = await rejection(executor.generate(ask(), forever));
    expect(error).toMatchObject({ kind: 'network', retryable: true, message: expect.stringContaining('ECONNREFUSED') });
  });

  it.each([
    ['half a JSON', '{"choices":[{"mess'],
    ['an empty list', '{"choices":[]}'],
  ])('to answer (%s) is of kind response', async (_name, body) => {
    const { executor } = await connect(() => ({ body }));
    expect(await rejection(executor.generate(ask(), forever))).toMatchObject({ kind: 'response', retryable: true });
  });

  it('shows no key, even if the server does', async () => {
    const { executor } = await connect(() => ({ status: 401, error: 'wrong key: sk-test-0123456789' }));
    expect(String(await rejection(executor.generate(ask(), forever)))).toContain('wrong key: [secret]');
  });
});

describe('time', () => {
  it.each(['silent', 'silent-body'] as const)('is limited when the server is "%s"', async (fault) => {
    const { executor } = await connect(() => ({ fault }), { timeoutMs: 200 });
    const started = performance.now();
    expect(await rejection(executor.generate(ask(), forever))).toMatchObject({ kind: 'timeout', retryable: true });
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('ends with the signal, and so does the connection', async () => {
    const { server, executor } = await connect(() => ({ fault: 'silent' }));
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 100);
    expect(await rejection(executor.generate(ask(), controller.signal))).toBe(reason);
    await expect.poll(() => server.stats.concurrency).toBe(0);
  });
});

describe('opening', () => {
  it('names the package that is missing and what to type', async () => {
    expect(await rejection(open(langchain, { model: 'anthropic:claude-sonnet-4-5' }))).toMatchObject({
      kind: 'setup',
      message: expect.stringContaining('@langchain/anthropic'),
      hint: 'Type: npm install @langchain/anthropic',
    });
  });

  it('needs a provider', async () => {
    expect(await rejection(open(langchain, { model: 'qwen2.5-3b' }))).toMatchObject({
      kind: 'setup',
      hint: expect.stringContaining('PROVIDER:MODEL'),
    });
  });

  it.each([{ apiKey: 'sk-1' }, { configuration: { defaultHeaders: { Authorization: 'Bearer x' } } }])(
    'refuses a secret among the options: %j',
    async (modelOptions) => {
      expect(await rejection(open(langchain, { model: 'openai:m', modelOptions }))).toMatchObject({ kind: 'setup' });
    },
  );

  it('describes provider and model', async () => {
    const { executor } = await connect();
    expect(executor.describe()).toEqual({ model: 'qwen2.5-3b', provider: 'openai', engine: 'langchain' });
  });
});
