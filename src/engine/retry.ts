import { RuntimeError } from '../errors.js';
import { onAbort } from '../runtime/abort.js';
import type { Limiter } from './limiter.js';

export interface RetryOptions {
  /** Ends the waiting, for a place as for the next attempt, with its reason. */
  signal: AbortSignal;
  /** Further attempts after the first. Default 5. */
  retries?: number;
  /** Longest wait before the second attempt; doubles with each. Default 500. */
  baseMs?: number;
  /** Longest wait of our own choosing. Default 30,000. */
  maxMs?: number;
  /** Longest `Retry-After` that is waited for; beyond it the call fails at once. Default 120,000. */
  maxRetryAfterMs?: number;
  /** Each attempt takes a place here; none is held while waiting. */
  limiter?: Limiter;
  /** From 0 up to 1; for tests. */
  random?: () => number;
  onRetry?: (notice: RetryNotice) => void;
}

export interface RetryNotice {
  /** The attempt that failed, from 1. */
  attempt: number;
  waitMs: number;
  reason: string;
}

/**
 * Makes a call until it succeeds, is refused for good, or has been tried often enough. Waits with full jitter: any time
 * up to `baseMs` × 2^(attempt - 1), as "Exponential Backoff And Jitter" (AWS, 2015) found best, and never less than the
 * server's `Retry-After`.
 *
 * Rejects with the last RuntimeError, its `attempts` filled in; with whatever else `call` throws; or with the signal's
 * reason.
 */
export async function withRetries<T>(
  call: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<{ value: T; attempts: number }> {
  const { signal, limiter, retries = 5, onRetry } = options;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      const value = await (limiter ? limiter.run(() => call(attempt), signal) : call(attempt));
      return { value, attempts: attempt };
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      if (error.retryable) {
        // Stopped, not failed: it would have been tried again.
        signal.throwIfAborted();
        const tooLong = asksTooMuch(error, options);
        if (tooLong === undefined && attempt <= retries) {
          const waitMs = waitOf(error, attempt, options);
          onRetry?.({ attempt, waitMs, reason: error.message });
          await sleep(waitMs, signal);
          continue;
        }
        if (tooLong) throw counted(tooLong, attempt);
      }
      throw counted(error, attempt);
    }
  }
}

function counted(error: RuntimeError, attempts: number): RuntimeError {
  error.attempts = attempts;
  return error;
}

function waitOf(error: RuntimeError, attempt: number, options: RetryOptions): number {
  const { baseMs = 500, maxMs = 30_000, random = Math.random } = options;
  const jittered = random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
  return Math.ceil(Math.max(jittered, error.retryAfterMs ?? 0));
}

function asksTooMuch(error: RuntimeError, { maxRetryAfterMs = 120_000 }: RetryOptions): RuntimeError | undefined {
  const { retryAfterMs, kind, status } = error;
  if (retryAfterMs === undefined || retryAfterMs <= maxRetryAfterMs) return undefined;
  const [asked, most] = [retryAfterMs, maxRetryAfterMs].map((ms) => `${Math.ceil(ms / 1000)} s`);
  return new RuntimeError(`${error.message} (it asks for a wait of ${asked}; the longest wait is ${most})`, {
    kind,
    status,
    retryAfterMs,
    hint: 'Resume the run later.',
    cause: error,
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stopWatching();
      resolve();
    }, ms);
    const stopWatching = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
