import { describe, expect, it } from 'vitest';
import { withTimeLimit } from '../../src/runtime/time-limit.js';

const forever = new AbortController().signal;
const never = () => new Promise<string>(() => {});

describe('withTimeLimit', () => {
  it('gives what the call gives, or throws what it throws, even at once', async () => {
    expect(await withTimeLimit(async () => 'answer', 1000, forever)).toBe('answer');
    const bug = new TypeError('bug');
    await expect(withTimeLimit(() => Promise.reject(bug), 1000, forever)).rejects.toBe(bug);
    const thrower = (): Promise<string> => {
      throw bug;
    };
    await expect(withTimeLimit(thrower, 1000, forever)).rejects.toBe(bug);
  });

  it('ends a call that heeds no signal', async () => {
    const started = performance.now();
    const error = { kind: 'timeout', retryable: true, message: 'no answer within 0.05 s' };
    await expect(withTimeLimit(never, 50, forever)).rejects.toMatchObject(error);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('tells the call that it has ended', async () => {
    let inner: AbortSignal | undefined;
    const call = (signal: AbortSignal) => {
      inner = signal;
      return never();
    };
    await withTimeLimit(call, 20, forever).catch(() => {});
    expect(inner?.aborted).toBe(true);
  });

  it('ends with the signal and its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 20);
    await expect(withTimeLimit(never, 60_000, controller.signal)).rejects.toBe(reason);
  });

  it('does not begin once the signal has aborted', async () => {
    let begun = false;
    const call = async () => {
      begun = true;
    };
    await expect(withTimeLimit(call, 1000, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(begun).toBe(false);
  });
});
