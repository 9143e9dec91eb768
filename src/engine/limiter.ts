import { RuntimeError } from '../errors.js';
import { onAbort } from '../runtime/abort.js';

/** Bounds the calls in flight to one model, first come first served, and gives way when the server says so. */
export interface Limiter {
  /**
   * Runs `call` once there is room. `signal` ends the waiting only, with its reason; a call that has begun goes on.
   * A call that fails because of a rate limit lowers the limit.
   */
  run<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>;
  readonly active: number;
  readonly waiting: number;
  /** Calls allowed in flight now, from 1 to the maximum. */
  readonly limit: number;
}

export interface LimiterOptions {
  /** Told of each change of the limit. */
  onLimit?: (limit: number) => void;
  /** A `Retry-After` beyond this holds nothing back: the call itself fails for good. Default 120,000. */
  maxRetryAfterMs?: number;
}

/** A link of the queue; any may leave it at once. */
interface Waiter {
  start: () => void;
  stopWatching: () => void;
  previous: Waiter | undefined;
  next: Waiter | undefined;
}

/**
 * A rate limit (429, or 503 with `Retry-After`) halves the limit, once for all calls that were in flight together, and
 * holds every new call back until `Retry-After` has passed. Each `limit` successes in a row raise it by one, up to `max`.
 */
export function createLimiter(max: number, options: LimiterOptions = {}): Limiter {
  const { onLimit, maxRetryAfterMs = 120_000 } = options;
  let active = 0;
  let waiting = 0;
  let limit = max;
  let successes = 0;
  /** Counts the halvings; a call that began before the last one does not cause another. */
  let halvings = 0;
  let pausedUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  let first: Waiter | undefined;
  let last: Waiter | undefined;

  function setLimit(next: number): void {
    successes = 0;
    if (next === limit) return;
    limit = next;
    onLimit?.(limit);
  }

  function isPaused(): boolean {
    return pausedUntil !== 0 && performance.now() < pausedUntil;
  }

  function remove(waiter: Waiter): void {
    if (waiter.previous) waiter.previous.next = waiter.next;
    else first = waiter.next;
    if (waiter.next) waiter.next.previous = waiter.previous;
    else last = waiter.previous;
    waiting--;
    if (waiting === 0 && timer) {
      clearTimeout(timer);
      timer = undefined;
    }
  }

  function pump(): void {
    if (first === undefined) return;
    if (isPaused()) {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          pump();
        },
        Math.ceil(pausedUntil - performance.now()),
      );
      return;
    }
    while (first !== undefined && active < limit) {
      const waiter = first;
      remove(waiter);
      waiter.stopWatching();
      active++;
      waiter.start();
    }
  }

  function enter(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { start: resolve, stopWatching: () => {}, previous: last, next: undefined };
      if (last) last.next = waiter;
      else first = waiter;
      last = waiter;
      waiting++;
      waiter.stopWatching = onAbort(signal, () => {
        remove(waiter);
        reject(signal.reason);
      });
      pump();
    });
  }

  function succeeded(): void {
    if (limit < max && ++successes >= limit) setLimit(limit + 1);
  }

  function failed(error: unknown, began: number): void {
    if (!(error instanceof RuntimeError) || !isRateLimit(error)) return;
    if (began === halvings) {
      halvings++;
      setLimit(Math.max(1, limit >> 1));
    }
    const { retryAfterMs = 0 } = error;
    if (retryAfterMs <= maxRetryAfterMs) pausedUntil = Math.max(pausedUntil, performance.now() + retryAfterMs);
  }

  return {
    get active() {
      return active;
    },
    get waiting() {
      return waiting;
    },
    get limit() {
      return limit;
    },
    async run(call, signal) {
      signal.throwIfAborted();
      if (first === undefined && active < limit && !isPaused()) active++;
      else await enter(signal);
      const began = halvings;
      try {
        const value = await call();
        succeeded();
        return value;
      } catch (error) {
        failed(error, began);
        throw error;
      } finally {
        active--;
        pump();
      }
    },
  };
}

function isRateLimit(error: RuntimeError): boolean {
  return error.kind === 'rate-limit' || (error.status === 503 && error.retryAfterMs !== undefined);
}
