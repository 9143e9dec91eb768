import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import openai from '../../../runtimes/openai/index.js';
import { RuntimeError } from '../../../src/errors.js';
import type { JsonObject } from '../../../src/json.js';
import type { Plan } from '../../support/chat-server.mjs';
import { ask, forever, open, rejection, serve } from '../helpers.js';

/** The error of one call to a server that answers with this plan, and how long it took. */
async function fail(plan: Plan, options: JsonObject = {}): Promise<RuntimeError & { tookMs: number }> {
  const server = await serve(() => plan);
  const executor = await open(openai, { model: 'm', baseUrl: server.url, ...options });
  const started = performance.now();
  const error = await rejection(executor.generate(ask(), forever));
  expect(error).toBeInstanceOf(RuntimeError);
  return Object.assign(error as RuntimeError, { tookMs: performance.now() - started });
}

describe('statuses', () => {
  it.each([
    [400, 'request', false],
    [401, 'request', false],
    [403, 'request', false],
    [404, 'request', false],
    [408, 'timeout', true],
    [409, 'server', true],
    [413, 'request', false],
    [422, 'request', false],
    [425, 'server', true],
    [429, 'rate-limit', true],
    [500, 'server', true],
    [501, 'server', false],
    [502, 'server', true],
    [503, 'server', true],
    [504, 'server', true],
  ] as const)('%i is of kind %s, retryable: %s', async (status, kind, retryable) => {
    const error = await fail({ status, error: 'no luck' });
    expect(error).toMatchObject({ status, kind, retryable });
    expect(error.message).toContain(`answered ${status}: no luck`);
  });

  it('reports a quota that is used up as final', async () => {
    const error = await fail({ status: 429, error: { error: { message: 'no credit', code: 'insufficient_quota' } } });
    expect(error).toMatchObject({ status: 429, kind: 'request', retryable: false });
  });

  it('says where a redirect points to', async () => {
    const error = await fail({ status: 308, headers: { location: 'https://elsewhere.test/v1' }, body: '' });
    expect(error).toMatchObject({ status: 308, retryable: false, hint: 'Give this address as baseUrl.' });
    expect(error.message).toContain('https://elsewhere.test/v1');
  });
});

describe('Retry-After', () => {
  it.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '150', 'retry-after': '9' }, 150],
    [{}, undefined],
    [{ 'retry-after': 'soon' }, undefined],
  ])('reads %j', async (headers, expected) => {
    const error = await fail({ status: 429, headers });
    expect(error.retryAfterMs).toBe(expected);
  });

  it('reads an HTTP date', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const error = await fail({ status: 503, headers: { 'retry-after': date } });
    expect(error.retryAfterMs).toBeGreaterThan(50_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(60_000);
  });
});

describe('connections', () => {
  it('reports a server that is not there, with what to check', async () => {
    const server = await serve();
    await server.close();
    const executor = await open(openai, { model: 'm', baseUrl: server.url });
    const error = await rejection(executor.generate(ask(), forever));
    expect(error).toMatchObject({ kind: 'network', retryable: true, hint: expect.stringContaining('running') });
  });

  it.each(['cut', 'cut-body', 'end-early'] as const)('takes "%s" for a network error', async (fault) => {
    expect(await fail({ fault, text: 'a'.repeat(1000) })).toMatchObject({ kind: 'network', retryable: true });
  });

  it('takes an answer that is not HTTP for a network error', async () => {
    const server = createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH_9.6\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const executor = await open(openai, { model: 'm', baseUrl: `http://127.0.0.1:${port}/v1` });
    const error = await rejection(executor.generate(ask(), forever));
    await new Promise((resolve) => server.close(resolve));
    expect(error).toMatchObject({ kind: 'network' });
  });

  it.runIf(spawnSync('openssl', ['version']).status === 0)('does not try again what it does not trust', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const make = `req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 -keyout ${key} -out ${cert}`;
    expect(spawnSync('openssl', make.split(' ')).status).toBe(0);
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) });
    rmSync(folder, { recursive: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const executor = await open(openai, { model: 'm', baseUrl: `https://127.0.0.1:${port}/v1` });
    const error = await rejection(executor.generate(ask(), forever));
    await new Promise((resolve) => server.close(resolve));
    expect(error).toMatchObject({
      kind: 'network',
      retryable: false,
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect((error as RuntimeError).message).toContain('certificate');
  });
});

describe('time limits', () => {
  it('ends a call to a server that says nothing', async () => {
    const error = await fail({ fault: 'silent' }, { timeoutMs: 150 });
    expect(error).toMatchObject({ kind: 'timeout', retryable: true });
    expect(error.message).toContain('0.15 s');
    expect(error.tookMs).toBeGreaterThan(140);
    expect(error.tookMs).toBeLessThan(1000);
  });

  it('ends an answer that begins and goes silent, long before the total limit', async () => {
    const error = await fail(
      { fault: 'silent-body', text: 'a'.repeat(1000) },
      { idleTimeoutMs: 150, timeoutMs: 20_000 },
    );
    expect(error).toMatchObject({ kind: 'timeout', retryable: true });
    expect(error.message).toContain('silent for 0.15 s');
    expect(error.tookMs).toBeLessThan(1000);
  });

  it('lets a model think for longer than the silence limit before it answers', async () => {
    const server = await serve(() => ({ delayMs: 300, text: 'thought' }));
    const executor = await open(openai, { model: 'm', baseUrl: server.url, idleTimeoutMs: 100 });
    expect((await executor.generate(ask(), forever)).text).toBe('thought');
  });

  it('waits for an answer that drips', async () => {
    const server = await serve(() => ({ fault: 'drip', dripMs: 1, text: 'slow but sure' }));
    const executor = await open(openai, { model: 'm', baseUrl: server.url, idleTimeoutMs: 100 });
    expect((await executor.generate(ask(), forever)).text).toBe('slow but sure');
  });

  it('ends an answer that drips for too long', async () => {
    const error = await fail({ fault: 'drip', dripMs: 20 }, { idleTimeoutMs: 5000, timeoutMs: 200 });
    expect(error).toMatchObject({ kind: 'timeout', retryable: true });
    expect(error.tookMs).toBeLessThan(1000);
  });

  it.runIf(process.platform === 'linux')('ends a connection that is never made', async () => {
    // A listener that is stopped takes nobody; once its queue is full, the system leaves the next one waiting.
    const script = `require('net').createServer().listen({port: 0, host: '127.0.0.1', backlog: 1},
      function () { console.log(this.address().port); process.kill(process.pid, 'SIGSTOP'); })`;
    const listener = spawn(process.execPath, ['-e', script]);
    const [output] = (await once(listener.stdout, 'data')) as [Buffer];
    const port = Number(output);
    const queue = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    try {
      await expect.poll(() => queue.filter((socket) => socket.connecting).length).toBeLessThan(8);
      const executor = await open(openai, { model: 'm', baseUrl: `http://127.0.0.1:${port}/v1`, idleTimeoutMs: 200 });
      const error = await rejection(executor.generate(ask(), forever));
      expect(error).toMatchObject({ kind: 'timeout', retryable: true, message: expect.stringContaining('connect') });
    } finally {
      for (const socket of queue) socket.destroy();
      listener.kill('SIGKILL');
    }
  });
});

describe('answers that are none', () => {
  it.each([
    ['half a JSON', '{"choices":[{"mess'],
    ['a page', '<html><body>It works!</body></html>'],
    ['nothing', ''],
  ])('%s', async (_name, body) => {
    expect(await fail({ body })).toMatchObject({ kind: 'response', retryable: true });
  });

  it.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['no choices', '{}'],
    ['empty choices', '{"choices":[]}'],
    ['choices of another kind', '{"choices":"ok"}'],
    ['a choice without a message', '{"choices":[{}]}'],
    ['null content', '{"choices":[{"message":{"content":null},"finish_reason":"stop"}]}'],
    ['no content', '{"choices":[{"message":{"role":"assistant"},"finish_reason":"stop"}]}'],
    ['content of another kind', '{"choices":[{"message":{"content":7},"finish_reason":"stop"}]}'],
    ['parts without text', '{"choices":[{"message":{"content":[{"type":"image"}]},"finish_reason":"stop"}]}'],
  ])('%s', async (_name, body) => {
    const error = await fail({ body });
    expect(error).toMatchObject({ kind: 'response', retryable: true });
    expect(error.message).toContain(body);
  });

  it('an error sent with status 200', async () => {
    const error = await fail({ body: '{"error":{"message":"upstream is down","code":502}}' });
    expect(error).toMatchObject({ kind: 'response', retryable: true });
    expect(error.message).toContain('upstream is down');
  });

  it('an answer without end, whose memory is bound', async () => {
    const error = await fail({ fault: 'endless' });
    expect(error).toMatchObject({ kind: 'response', retryable: false });
    expect(error.message).toContain('16 MB');
  });
});

describe('error texts', () => {
  it('shortens them', async () => {
    const error = await fail({ status: 500, error: '错'.repeat(5000) });
    expect(error.message.length).toBeLessThan(400);
    expect(error.message).toContain(`${'错'.repeat(300)}…`);
  });

  it('never shows a key or a secret header, even if the server does', async () => {
    process.env.TEST_KEY = 'sk-very-secret-0123456789';
    process.env.TEST_TOKEN = 'token-abcdef';
    const error = await fail(
      { status: 401, error: 'wrong key sk-very-secret-0123456789 with token-abcdef' },
      { apiKeyEnv: 'TEST_KEY', headers: { 'x-token': '$TEST_TOKEN' } },
    );
    expect(error.message).toContain('wrong key [secret] with [secret]');
    expect(error.describe()).not.toMatch(/very-secret|abcdef/);
    expect(error.hint).toContain('TEST_KEY');
  });
});

describe('an abort', () => {
  it.each(['silent', 'silent-body', 'drip', 'endless'] as const)(
    'ends a call at once while the server is "%s"',
    async (fault) => {
      const server = await serve(() => ({ fault, text: 'a'.repeat(5000), dripMs: 50 }));
      const executor = await open(openai, { model: 'm', baseUrl: server.url });
      const controller = new AbortController();
      const reason = new Error('enough');
      const started = performance.now();
      setTimeout(() => controller.abort(reason), fault === 'endless' ? 2 : 100);
      expect(await rejection(executor.generate(ask(), controller.signal))).toBe(reason);
      expect(performance.now() - started).toBeLessThan(500);
      await expect.poll(() => server.stats.concurrency).toBe(0);
    },
  );

  it('makes no call when it came before', async () => {
    const server = await serve();
    const executor = await open(openai, { model: 'm', baseUrl: server.url });
    const reason = new Error('too late');
    expect(await rejection(executor.generate(ask(), AbortSignal.abort(reason)))).toBe(reason);
    expect(server.stats.requests).toBe(0);
  });
});

it('serves the next call after every kind of failure', async () => {
  const faults = ['cut', 'cut-body', 'end-early', 'silent', 'silent-body', 'endless'] as const;
  const server = await serve(({ text }) => {
    const fault = faults.find((name) => name === text);
    return fault ? { fault, text: 'a'.repeat(100) } : `answer to ${text}`;
  });
  const executor = await open(openai, { model: 'm', baseUrl: server.url, timeoutMs: 300, idleTimeoutMs: 100 });
  for (const fault of faults) {
    expect(await rejection(executor.generate(ask(fault), forever))).toBeInstanceOf(RuntimeError);
    expect((await executor.generate(ask('next'), forever)).text).toBe('answer to next');
  }
});
