import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProgressEvent } from '../../src/engine/events.js';
import { createProgressDisplay } from '../../src/report/progress.js';
import {
  applyEvent,
  createProgressState,
  type ProgressState,
  progressLine,
  rateOf,
  renderProgress,
} from '../../src/report/progress-state.js';
import { createStyle } from '../../src/report/style.js';
import { displayWidth } from '../../src/report/width.js';

const style = createStyle(false);
const ESCAPE = '\u001b\\[';

function start(planned: number, resumed = 0): ProgressEvent {
  return { type: 'start', planned, resumed, tasks: [{ id: 'meeting-summary', planned }] };
}

function sample(changes: Partial<Extract<ProgressEvent, { type: 'sample' }>> = {}): ProgressEvent {
  const none = { failed: false, unscored: false, tokens: 0, judgeTokens: 0 };
  return { type: 'sample', task: 'meeting-summary', id: 'm-1', epoch: 1, ...none, ...changes };
}

const retry: ProgressEvent = {
  type: 'retry',
  what: 'judge',
  task: 'meeting-summary',
  id: 'm-17',
  attempt: 2,
  waitMs: 2000,
  reason: '429 too many\nrequests',
};

/** After `count` samples, `everyMs` apart, from time 0. */
function running(planned: number, count: number, everyMs: number, resumed = 0): ProgressState {
  const state = createProgressState();
  applyEvent(state, start(planned, resumed), 0);
  for (let i = 1; i <= count; i++) applyEvent(state, sample(), i * everyMs);
  return state;
}

describe('the rate', () => {
  it.each([
    [1, 1000],
    [100, 10],
    [20_000, 0.05],
    [5, 0.05],
  ])('of %d samples, evenly at %d a second, is that', (count, perSecond) => {
    const everyMs = 1000 / perSecond;
    expect(rateOf(running(count, count, everyMs), count * everyMs)).toBeCloseTo(perSecond, 6);
  });

  it('is not known before the first sample, and leaves out what an earlier session did', () => {
    expect(rateOf(createProgressState(), 5)).toBeNull();
    expect(rateOf(running(100, 0, 1, 50), 5000)).toBeNull();
    expect(rateOf(running(100, 10, 1000, 50), 10_000)).toBeCloseTo(1, 6);
  });

  it('follows a change within half a minute, and does not jump at once', () => {
    const state = running(10_000, 1000, 100);
    for (let i = 1; i <= 10; i++) applyEvent(state, sample(), 100_000 + i * 1000);
    expect(rateOf(state, 110_000)).toBeGreaterThan(2);
    for (let i = 11; i <= 50; i++) applyEvent(state, sample(), 100_000 + i * 1000);
    expect(rateOf(state, 150_000)).toBeCloseTo(1, 1);
  });
});

describe('the progress display', () => {
  it('shows how far, how fast, how long still, and what went wrong', () => {
    const state = running(126, 60, 500);
    applyEvent(state, sample({ failed: true, unscored: true, tokens: 78_600, judgeTokens: 12_000 }), 30_500);
    expect(renderProgress(state, 30_500, 79, style)).toEqual([
      '[===============>              ]  48%  61/126  meeting-summary',
      '2.0/s, 32.5 s left, 1 failed, 1 unscored, 78.6k tokens, 12k judge tokens',
    ]);
  });

  it('fits any width, with Chinese and color', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 200 }), fc.nat(100), fc.boolean(), (width, done, color) => {
        const state = running(100, done, 700);
        applyEvent(
          state,
          sample({ task: '会议摘要任务', tokens: 1e6, judgeTokens: 1e6, failed: true, unscored: true }),
          1e5,
        );
        applyEvent(state, { ...retry, reason: '服务器忙，请稍后再试' }, 1e5);
        for (const line of renderProgress(state, 1e5, width, createStyle(color))) {
          expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  it('shows a retry until it is made, and a changed limit for a moment', () => {
    const state = running(10, 1, 1000);
    applyEvent(state, { ...retry, waitMs: 20_000 }, 1000);
    expect(renderProgress(state, 20_000, 100, style).at(-1)).toBe(
      'judge of m-17 failed (attempt 2), again in 20.0 s: 429 too many requests',
    );
    expect(renderProgress(state, 21_001, 100, style)).toHaveLength(2);
    applyEvent(state, { type: 'limit', what: 'judge', limit: 4 }, 30_000);
    expect(renderProgress(state, 34_000, 100, style).at(-1)).toBe('at most 4 judge calls at once from now on');
    expect(renderProgress(state, 36_000, 100, style)).toHaveLength(2);
  });

  it('is full at the end, and empty at the start', () => {
    expect(renderProgress(running(2, 2, 100), 200, 40, style)[0]).toMatch(/^\[=+\] 100% {2}2\/2$/);
    expect(renderProgress(running(2, 0, 100), 200, 40, style)).toEqual([`[${' '.repeat(27)}]   0%  0/2`]);
    expect(renderProgress(createProgressState(), 0, 40, style)[0]).toContain('0%  0/0');
  });

  it('is one line of words in a log', () => {
    expect(progressLine(running(10, 4, 2500), 10_000)).toBe('4 of 10 samples (40%), 0.4/s, 15.0 s left');
    expect(progressLine(running(1000, 40, 20_000), 800_000)).toContain('3.0/min');
    expect(progressLine(running(1000, 1000, 10), 10_000)).toBe('1000 of 1000 samples (100%), 100/s');
  });
});

describe('a display on a stream', () => {
  let written: string[];
  const stream = (isTTY: boolean) => ({ isTTY, columns: 60, write: (text: string) => written.push(text) });

  beforeEach(() => {
    written = [];
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** What a terminal of many lines shows after all this was written to it. */
  function screen(): string[] {
    const lines = [''];
    let [row, column] = [0, 0];
    const token = new RegExp(`${ESCAPE}(?:(\\d+)A|(K|J))|[\\s\\S]`, 'g');
    for (const [character, up, erase] of written.join('').matchAll(token)) {
      if (up !== undefined) row -= Number(up);
      else if (erase !== undefined) {
        lines[row] = lines[row]!.slice(0, column);
        if (erase === 'J') lines.length = row + 1;
      } else if (character === '\r') column = 0;
      else if (character === '\n') {
        row++;
        column = 0;
        lines[row] ??= '';
      } else {
        lines[row] = lines[row]!.slice(0, column) + character + lines[row]!.slice(column + 1);
        column++;
      }
    }
    return lines;
  }

  it('redraws in place at most ten times a second, and shows the last state', () => {
    const display = createProgressDisplay(stream(true), { color: false });
    display.onEvent(start(1000));
    for (let i = 0; i < 1000; i++) {
      display.onEvent(sample());
      vi.advanceTimersByTime(2);
    }
    expect(written.length).toBeLessThanOrEqual(21);
    vi.advanceTimersByTime(100);
    expect(screen()).toEqual([expect.stringContaining('100%  1000/1000'), expect.stringContaining('/s')]);
    display.close();
  });

  it('counts the time down while nothing happens', () => {
    const display = createProgressDisplay(stream(true), { color: false });
    display.onEvent(start(10));
    display.onEvent(sample());
    vi.advanceTimersByTime(5000);
    expect(written.length).toBeGreaterThanOrEqual(5);
    expect(screen()[1]).toMatch(/^0\.2\/s/);
    display.close();
  });

  it('keeps notices above, wherever it stands', () => {
    const display = createProgressDisplay(stream(true), { color: false });
    display.onEvent({ type: 'notice', message: 'before' });
    display.onEvent(start(10));
    display.onEvent(retry);
    vi.advanceTimersByTime(200);
    display.onEvent({ type: 'notice', message: 'cut a torn last line off records.jsonl' });
    expect(screen()).toEqual([
      'before',
      'cut a torn last line off records.jsonl',
      expect.stringContaining('0/10'),
      expect.stringContaining('judge of m-17'),
    ]);
    display.close();
    expect(screen()).toEqual(['before', 'cut a torn last line off records.jsonl', '']);
  });

  it('takes itself away at the end, once, and shows nothing any more', () => {
    const display = createProgressDisplay(stream(true), { color: true });
    display.onEvent(start(10));
    display.onEvent(sample());
    display.onEvent({ type: 'end', complete: true });
    display.close();
    expect(screen()).toEqual(['']);
    const count = written.length;
    display.close();
    display.onEvent(sample());
    vi.advanceTimersByTime(10_000);
    expect(written).toHaveLength(count);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('writes nothing for a run that never began', () => {
    const display = createProgressDisplay(stream(true), { color: false });
    display.onEvent({ type: 'end', complete: false });
    display.close();
    expect(written).toEqual([]);
  });

  it('writes lines without escape sequences where there is no terminal: every tenth, not more than every five seconds', () => {
    const display = createProgressDisplay(stream(false), { color: true });
    display.onEvent({ type: 'notice', message: 'a\nb' });
    display.onEvent(start(1000, 500));
    for (let i = 0; i < 500; i++) {
      vi.advanceTimersByTime(40);
      display.onEvent(sample());
    }
    display.onEvent({ type: 'end', complete: true });
    display.close();
    display.close();
    expect(written).toEqual([
      'a b\n',
      '1000 samples of 1 task, 500 of them done before\n',
      expect.stringMatching(/^625 of 1000 samples \(62%\), 25\/s, 15\.0 s left\n$/),
      expect.stringMatching(/^750 of 1000 /),
      expect.stringMatching(/^875 of 1000 /),
      expect.stringMatching(/^1000 of 1000 samples \(100%\)/),
    ]);
  });

  it('writes a line a minute when a tenth takes longer, so that a slow run is not taken for a dead one', () => {
    const display = createProgressDisplay(stream(true), { color: false, live: false });
    display.onEvent(start(1000));
    for (let i = 0; i < 10; i++) {
      vi.advanceTimersByTime(20_000);
      display.onEvent(sample());
    }
    display.onEvent(sample());
    expect(written).toHaveLength(4);
    display.close();
    expect(written).toHaveLength(5);
    display.onEvent(sample());
    expect(written).toHaveLength(5);
  });
});
