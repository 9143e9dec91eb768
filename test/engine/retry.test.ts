import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../src/engine/limiter.js';
import { type RetryNotice, type RetryOptions, withRetries } from '../../src/engine/retry.js';
import { RuntimeError, type RuntimeErrorInit } from '../../src/errors.js';

const forever = new AbortController().signal;

function failing(times: number, init: RuntimeErrorInit = { kind: 'server', status: 500, retryable: true }) {
  const calls: number[] = [];
  return {
    calls,
    call: async (attempt: number) => {
      calls.push(attempt);
      if (calls.length <= times) throw new RuntimeError(`failure ${attempt}`, init);
      return 'answer';
    },
  };
}

async function run(call: (attempt: number) => Promise<string>, options: Partial<RetryOptions> = {}) {
  const notices: RetryNotice[] = [];
  const result = await withRetries(call, {
    signal: forever,
    baseMs: 1,
    onRetry: (notice) => notices.push(notice),
    ...options,
  }).then(
    (value) => ({ value, error: undefined as RuntimeError | undefined }),
    (error: RuntimeError) => ({ value: undefined, error }),
  );
  return { ...result, notices };
}

describe('attempts', () => {
  it('are one when the first succeeds', async () => {
    const { value, notices } = await run(failing(0).call);
    expect(value).toEqual({ value: 'answer', attempts: 1 });
    expect(notices).toEqual([]);
  });

  it('go on until one succeeds', async () => {
    const { call, calls } = failing(3);
    const { value, notices } = await run(call);
    expect(value).toEqual({ value: 'answer', attempts: 4 });
    expect(calls).toEqual([1, 2, 3, 4]);
    expect(notices.map(({ attempt, reason }) => [attempt, reason])).toEqual([
      [1, 'failure 1'],
      [2, 'failure 2'],
      [3, 'failure 3'],
    ]);
  });

  it('end after the retries, with the last error and how many they were', async () => {
    const { call, calls } = failing(99);
    const { error } = await run(call, { retries: 2 });
    expect(error).toMatchObject({ message: 'failure 3', attempts: 3, status: 500 });
    expect(calls).toEqual([1, 2, 3]);
  });

  it('are at most six by default', async () => {
    const { error } = await run(failing(99).call);
    expect(error?.attempts).toBe(6);
  });

  it('end at once when the server refuses for good', async () => {
    const { error, notices } = await run(failing(99, { kind: 'request', status: 401 }).call);
    expect(error).toMatchObject({ message: 'failure 1', attempts: 1 });
    expect(notices).toEqual([]);
  });

  it('end at once with an error that is none of the runtime', async () => {
    const bug = new TypeError('bug');
    const { error } = await run(() => Promise.reject(bug));
    expect(error).toBe(bug);
  });
});

describe('waiting', () => {
  it('doubles its bound up to the maximum, and takes any time below it', async () => {
    const bounds = async (random: number) => {
      const { notices } = await run(failing(5).call, { random: () => random, baseMs: 4, maxMs: 20 });
      return notices.map((notice) => notice.waitMs);
    };
    expect(await bounds(1)).toEqual([4, 8, 16, 20, 20]);
    expect(await bounds(0.5)).toEqual([2, 4, 8, 10, 10]);
    expect(await bounds(0)).toEqual([0, 0, 0, 0, 0]);
  });

  it('lasts at least as long as Retry-After says', async () => {
    const init: RuntimeErrorInit = { kind: 'rate-limit', status: 429, retryable: true, retryAfterMs: 60 };
    const started = performance.now();
    const { value, notices } = await run(failing(1, init).call, { random: () => 0 });
    expect(value?.attempts).toBe(2);
    expect(notices[0]?.waitMs).toBe(60);
    expect(performance.now() - started).toBeGreaterThanOrEqual(58);
  });

  it('is refused when Retry-After asks too much', async () => {
    const init: RuntimeErrorInit = { kind: 'rate-limit', status: 429, retryable: true, retryAfterMs: 3_600_000 };
    const { error, notices } = await run(failing(99, init).call);
    expect(error).toMatchObject({ kind: 'rate-limit', status: 429, attempts: 1, retryable: false });
    expect(error?.message).toBe('failure 1 (it asks for a wait of 3600 s; the longest wait is 120 s)');
    expect(notices).toEqual([]);
    const patient = await run(failing(1, { ...init, retryAfterMs: 20 }).call, { maxRetryAfterMs: 10 });
    expect(patient.error?.attempts).toBe(1);
  });

  it('ends at once with an abort', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 30);
    const started = performance.now();
    const { error } = await run(failing(99).call, {
      signal: controller.signal,
      baseMs: 60_000,
      random: () => 1,
      maxMs: 60_000,
    });
    expect(error).toBe(reason);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('does not begin after an abort: what would have been tried again has not failed', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { error, notices } = await run(
      async () => {
        controller.abort(reason);
        throw new RuntimeError('cut', { kind: 'network', retryable: true });
      },
      { signal: controller.signal },
    );
    expect(error).toBe(reason);
    expect(notices).toEqual([]);
  });

  it('makes no call at all after an abort', async () => {
    const { call, calls } = failing(0);
    const { error } = await run(call, { signal: AbortSignal.abort(new Error('enough')) });
    expect(error?.message).toBe('enough');
    expect(calls).toEqual([]);
  });

  it('holds no place while it lasts', async () => {
    const limiter = createLimiter(1);
    const { call } = failing(1);
    const slow = withRetries(call, { signal: forever, limiter, baseMs: 80, random: () => 1 });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(limiter.active).toBe(0);
    expect(await limiter.run(async () => 'meanwhile', forever)).toBe('meanwhile');
    expect(await slow).toEqual({ value: 'answer', attempts: 2 });
  });
});
