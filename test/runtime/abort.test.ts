import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onAbort } from '../../src/runtime/abort.js';

describe('onAbort', () => {
  it('calls each that waits, once, in order', () => {
    const controller = new AbortController();
    const called: string[] = [];
    onAbort(controller.signal, () => called.push('a'));
    onAbort(controller.signal, () => called.push('b'));
    controller.abort();
    controller.abort();
    expect(called).toEqual(['a', 'b']);
  });

  it('calls at once when the signal has aborted already', () => {
    let calls = 0;
    onAbort(AbortSignal.abort(), () => calls++)();
    expect(calls).toBe(1);
  });

  it('does not call what was called off, even by one that is being called', () => {
    const controller = new AbortController();
    const called: string[] = [];
    const offA = onAbort(controller.signal, () => called.push('a'));
    onAbort(controller.signal, () => {
      called.push('b');
      offC();
    });
    const offC = onAbort(controller.signal, () => called.push('c'));
    offA();
    controller.abort();
    expect(called).toEqual(['b']);
  });

  it('lets the same function wait twice', () => {
    const controller = new AbortController();
    let calls = 0;
    const work = () => calls++;
    const off = onAbort(controller.signal, work);
    onAbort(controller.signal, work);
    off();
    controller.abort();
    expect(calls).toBe(1);
  });

  it('puts one listener on a signal, however many wait', () => {
    const { signal } = new AbortController();
    for (let index = 0; index < 1000; index++) onAbort(signal, () => {});
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  });
});
