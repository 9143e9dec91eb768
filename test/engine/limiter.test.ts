import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimiter, type Limiter } from '../../src/engine/limiter.js';
import { RuntimeError } from '../../src/errors.js';

const forever = new AbortController().signal;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const limited = (retryAfterMs?: number) =>
  new RuntimeError('slow down', { kind: 'rate-limit', status: 429, retryAfterMs });

/** A call that ends when it is told to. */
function manual(limiter: Limiter, signal = forever) {
  let finish!: (error?: unknown) => void;
  let begun = false;
  const call = () => {
    begun = true;
    return new Promise<void>((resolve, reject) => {
      finish = (error) => (error === undefined ? resolve() : reject(error));
    });
  };
  const done = limiter.run(call, signal);
  done.catch(() => {});
  return { done, finish: (error?: unknown) => finish(error), begun: () => begun };
}

describe('concurrency', () => {
  it('is bounded, used in full, and first come first served', async () => {
    const limiter = createLimiter(3);
    const order: number[] = [];
    let active = 0;
    let peak = 0;
    const calls = Array.from({ length: 50 }, (_, index) =>
      limiter.run(async () => {
        order.push(index);
        peak = Math.max(peak, ++active);
        await wait(index % 4);
        active--;
        return index;
      }, forever),
    );
    expect(limiter.active).toBe(3);
    expect(limiter.waiting).toBe(47);
    expect(await Promise.all(calls)).toEqual(order);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(peak).toBe(3);
    expect([limiter.active, limiter.waiting]).toEqual([0, 0]);
  });

  it('gives a place back after a failure, also one that is thrown at once', async () => {
    const limiter = createLimiter(1);
    const bug = new TypeError('bug');
    const thrower = () => {
      throw bug;
    };
    await expect(limiter.run(thrower, forever)).rejects.toBe(bug);
    await expect(limiter.run(() => Promise.reject(bug), forever)).rejects.toBe(bug);
    expect(await limiter.run(async () => 'next', forever)).toBe('next');
    expect(limiter.limit).toBe(1);
  });

  it('is never exceeded, and nothing is lost, whatever happens', async () => {
    const step = fc.constantFrom('start', 'succeed', 'fail', 'limit', 'abort');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), async (max, steps) => {
        const limiter = createLimiter(max);
        const calls: (ReturnType<typeof manual> & { controller: AbortController; ended: boolean })[] = [];
        for (const what of steps) {
          const open = calls.find((call) => call.begun() && !call.ended);
          const waiting = calls.find((call) => !call.begun() && !call.ended);
          if (what === 'start') {
            const controller = new AbortController();
            calls.push({ ...manual(limiter, controller.signal), controller, ended: false });
          } else if (what === 'abort' && waiting) {
            waiting.controller.abort();
            waiting.ended = true;
          } else if (what !== 'abort' && open) {
            open.finish(what === 'succeed' ? undefined : what === 'fail' ? new Error('no') : limited());
            open.ended = true;
          }
          await wait(0);
          const inFlight = calls.filter((call) => call.begun() && !call.ended).length;
          expect(limiter.active).toBe(inFlight);
          expect(limiter.waiting).toBe(calls.filter((call) => !call.begun() && !call.ended).length);
          expect(limiter.limit).toBeGreaterThanOrEqual(1);
          expect(limiter.limit).toBeLessThanOrEqual(max);
          if (limiter.waiting > 0) expect(limiter.active).toBeGreaterThanOrEqual(Math.min(1, limiter.limit));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('an abort', () => {
  it('ends the waiting with its reason and leaves the others their turn', async () => {
    const limiter = createLimiter(1);
    const controller = new AbortController();
    const first = manual(limiter);
    const second = manual(limiter, controller.signal);
    const third = manual(limiter);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(second.done).rejects.toBe(reason);
    expect(limiter.waiting).toBe(1);
    first.finish();
    await first.done;
    await wait(0);
    expect([second.begun(), third.begun()]).toEqual([false, true]);
  });

  it('does not touch a call that has begun, and starts none that came after', async () => {
    const limiter = createLimiter(2);
    const controller = new AbortController();
    const call = manual(limiter, controller.signal);
    controller.abort(new Error('enough'));
    await expect(limiter.run(async () => 1, controller.signal)).rejects.toThrow('enough');
    call.finish();
    await call.done;
  });

  it('ends ten thousand at once', async () => {
    const limiter = createLimiter(1);
    manual(limiter);
    const controller = new AbortController();
    const calls = Array.from({ length: 10_000 }, () => limiter.run(async () => 1, controller.signal));
    const started = performance.now();
    controller.abort(new Error('enough'));
    const results = await Promise.allSettled(calls);
    expect(results.every((result) => result.status === 'rejected')).toBe(true);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(limiter.waiting).toBe(0);
  });
});

describe('a rate limit', () => {
  it('halves the limit once for all calls that were in flight together', async () => {
    const limits: number[] = [];
    const limiter = createLimiter(8, { onLimit: (limit) => limits.push(limit) });
    const together = Array.from({ length: 8 }, () => manual(limiter));
    for (const call of together) call.finish(limited());
    await Promise.allSettled(together.map((call) => call.done));
    expect(limiter.limit).toBe(4);
    const later = manual(limiter);
    later.finish(limited());
    await Promise.allSettled([later.done]);
    expect(limits).toEqual([4, 2]);
  });

  it('never lowers the limit below one', async () => {
    const limiter = createLimiter(2);
    for (let index = 0; index < 5; index++) {
      await expect(limiter.run(() => Promise.reject(limited()), forever)).rejects.toThrow('slow down');
    }
    expect(limiter.limit).toBe(1);
  });

  it('is forgotten slowly: one more place for each `limit` successes', async () => {
    const limiter = createLimiter(8);
    await limiter.run(() => Promise.reject(limited()), forever).catch(() => {});
    expect(limiter.limit).toBe(4);
    const succeed = async (times: number) => {
      for (let index = 0; index < times; index++) await limiter.run(async () => 1, forever);
    };
    await succeed(3);
    expect(limiter.limit).toBe(4);
    await succeed(1);
    expect(limiter.limit).toBe(5);
    await succeed(5);
    expect(limiter.limit).toBe(6);
    await succeed(100);
    expect(limiter.limit).toBe(8);
  });

  it('holds every new call back until Retry-After has passed', async () => {
    const limiter = createLimiter(4);
    await limiter.run(() => Promise.reject(limited(120)), forever).catch(() => {});
    const started = performance.now();
    const delays = await Promise.all([1, 2].map(() => limiter.run(async () => performance.now() - started, forever)));
    for (const delay of delays) expect(delay).toBeGreaterThanOrEqual(115);
    expect(await limiter.run(async () => 'at once', forever)).toBe('at once');
  });

  it('may be a 503 with Retry-After, and is not another error', async () => {
    const limiter = createLimiter(8);
    const fail = (error: unknown) => limiter.run(() => Promise.reject(error), forever).catch(() => {});
    await fail(new RuntimeError('busy', { kind: 'server', status: 503 }));
    await fail(new RuntimeError('broken', { kind: 'server', status: 500, retryAfterMs: 1 }));
    await fail(new Error('bug'));
    expect(limiter.limit).toBe(8);
    await fail(new RuntimeError('busy', { kind: 'server', status: 503, retryAfterMs: 1 }));
    expect(limiter.limit).toBe(4);
  });

  it('holds nothing back for a Retry-After that nobody will wait for', async () => {
    const limiter = createLimiter(4, { maxRetryAfterMs: 1000 });
    await limiter.run(() => Promise.reject(limited(3_600_000)), forever).catch(() => {});
    expect(await limiter.run(async () => 'at once', forever)).toBe('at once');
  });

  it('that is being waited for ends with an abort', async () => {
    const limiter = createLimiter(4);
    await limiter.run(() => Promise.reject(limited(60_000)), forever).catch(() => {});
    const controller = new AbortController();
    const waiting = limiter.run(async () => 1, controller.signal);
    expect(limiter.waiting).toBe(1);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(limiter.waiting).toBe(0);
  });
});
