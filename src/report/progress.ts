import type { ProgressEvent } from '../engine/events.js';
import { plural } from './numbers.js';
import { applyEvent, createProgressState, progressLine, renderProgress } from './progress-state.js';
import { createStyle } from './style.js';
import { plain } from './width.js';

/** Where progress is shown, such as `process.stderr`. */
export interface ProgressStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface ProgressOptions {
  color: boolean;
  /** Redraw in place; else plain lines. Default: whether the stream is a terminal. */
  live?: boolean;
}

export interface ProgressDisplay {
  onEvent(event: ProgressEvent): void;
  /** Takes the display away. May be called more than once. */
  close(): void;
}

/** Shows a run's progress. Its timers do not keep the process alive. */
export function createProgressDisplay(stream: ProgressStream, options: ProgressOptions): ProgressDisplay {
  return (options.live ?? stream.isTTY === true) ? liveDisplay(stream, options.color) : plainDisplay(stream);
}

const REDRAW_MS = 100;
/** The time left goes on when nothing happens. */
const IDLE_MS = 1000;
const ESCAPE = '\u001b[';

function liveDisplay(stream: ProgressStream, color: boolean): ProgressDisplay {
  const state = createProgressState();
  const style = createStyle(color);
  let shown = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  /** Back to the first cell of what is shown. */
  const home = (): string => `\r${shown > 1 ? `${ESCAPE}${shown - 1}A` : ''}`;
  const draw = (above: readonly string[] = []): void => {
    const now = Date.now();
    // The last cell stays free: some terminals wrap as soon as it is filled.
    const lines = state.planned > 0 ? renderProgress(state, now, (stream.columns ?? 80) - 1, style) : [];
    if (above.length + lines.length === 0) return;
    stream.write(`${home()}${[...above, ...lines].join(`${ESCAPE}K\n`)}${ESCAPE}J${lines.length === 0 ? '\n' : ''}`);
    shown = lines.length;
    drawnAt = now;
    schedule(IDLE_MS);
  };
  const schedule = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(draw, ms).unref();
  };

  return {
    onEvent(event) {
      if (closed) return;
      applyEvent(state, event, Date.now());
      if (event.type === 'notice') return draw([plain(event.message)]);
      const wait = drawnAt + REDRAW_MS - Date.now();
      if (wait <= 0) draw();
      else schedule(wait);
    },
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      if (shown > 0) stream.write(`${home()}${ESCAPE}J`);
    },
  };
}

const LINE_EVERY_MS = 5000;
/** A line even without a further tenth, so that a slow run is not taken for a dead one. */
const LINE_AT_LATEST_MS = 60_000;

function plainDisplay(stream: ProgressStream): ProgressDisplay {
  const state = createProgressState();
  let printed = { at: 0, tenth: 0, done: -1 };
  let closed = false;
  const tenth = (): number => Math.floor((10 * state.done) / Math.max(1, state.planned));
  const print = (text: string, now: number): void => {
    stream.write(`${text}\n`);
    printed = { at: now, tenth: tenth(), done: state.done };
  };

  return {
    onEvent(event) {
      if (closed) return;
      const now = Date.now();
      applyEvent(state, event, now);
      if (event.type === 'notice') stream.write(`${plain(event.message)}\n`);
      if (event.type === 'start') {
        const before = event.resumed > 0 ? `, ${event.resumed} of them done before` : '';
        print(`${plural(event.planned, 'sample')} of ${plural(event.tasks.length, 'task')}${before}`, now);
      }
      if (event.type !== 'sample') return;
      const waited = now - printed.at;
      if (waited >= LINE_AT_LATEST_MS || (waited >= LINE_EVERY_MS && tenth() > printed.tenth)) {
        print(progressLine(state, now), now);
      }
    },
    close() {
      if (closed) return;
      closed = true;
      if (state.planned > 0 && state.done !== printed.done) print(progressLine(state, Date.now()), Date.now());
    },
  };
}
