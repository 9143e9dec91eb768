import type { ProgressEvent } from '../engine/events.js';
import { countText, durationText } from './numbers.js';
import type { Style } from './style.js';
import { pad, plain, truncate } from './width.js';

/** What a progress display knows. Times are milliseconds on one clock. */
export interface ProgressState {
  planned: number;
  /** Finished sample-repeats, those of earlier sessions included. */
  done: number;
  failed: number;
  unscored: number;
  tokens: number;
  judgeTokens: number;
  /** Task of the sample that finished last. */
  task: string;
  /** How far it was when, oldest first; what the rate is measured over. */
  marks: { at: number; done: number }[];
  /** What is worth knowing for a moment. */
  status?: { text: string; until: number };
}

const MARK_EVERY_MS = 500;
/** With the interval above: the rate is that of the last 20 seconds, or of the last 40 samples where they take longer. */
const MARKS = 40;
const STATUS_MS = 5000;

export function createProgressState(): ProgressState {
  return { planned: 0, done: 0, failed: 0, unscored: 0, tokens: 0, judgeTokens: 0, task: '', marks: [] };
}

export function applyEvent(state: ProgressState, event: ProgressEvent, now: number): void {
  switch (event.type) {
    case 'start':
      state.planned = event.planned;
      state.done = event.resumed;
      state.marks = [{ at: now, done: event.resumed }];
      break;
    case 'sample':
      state.done++;
      if (event.failed) state.failed++;
      if (event.unscored) state.unscored++;
      state.tokens += event.tokens;
      state.judgeTokens += event.judgeTokens;
      state.task = event.task;
      mark(state, now);
      break;
    case 'retry': {
      const { what, id, waitMs, attempt, reason } = event;
      const text = `${what} of ${id} failed (attempt ${attempt}), again in ${durationText(waitMs)}: ${reason}`;
      state.status = { text, until: now + Math.max(waitMs, STATUS_MS) };
      break;
    }
    case 'limit':
      state.status = { text: `at most ${event.limit} ${event.what} calls at once from now on`, until: now + STATUS_MS };
      break;
    case 'notice':
    case 'end':
      break;
  }
}

function mark({ marks, done }: ProgressState, now: number): void {
  const last = marks.at(-1);
  if (last && now - last.at < MARK_EVERY_MS) return;
  marks.push({ at: now, done });
  if (marks.length > MARKS) marks.shift();
}

/** Samples a second; null until there is something to measure. */
export function rateOf({ marks, done }: ProgressState, now: number): number | null {
  const first = marks[0];
  if (first === undefined || done === first.done || now <= first.at) return null;
  return ((done - first.done) / (now - first.at)) * 1000;
}

function rateText(rate: number): string {
  if (rate >= 10) return `${countText(rate)}/s`;
  return rate >= 0.1 ? `${rate.toFixed(1)}/s` : `${(rate * 60).toFixed(1)}/min`;
}

function shareOf({ done, planned }: ProgressState): number {
  return planned === 0 ? 0 : Math.min(1, done / planned);
}

/** Everything in words: rate, time left, what went wrong, tokens. */
function counts(state: ProgressState, now: number): string[] {
  const rate = rateOf(state, now);
  const left = state.planned - state.done;
  return [
    ...(rate === null ? [] : [rateText(rate)]),
    ...(rate === null || left <= 0 ? [] : [`${durationText((left / rate) * 1000)} left`]),
    ...(state.failed > 0 ? [`${state.failed} failed`] : []),
    ...(state.unscored > 0 ? [`${state.unscored} unscored`] : []),
    ...(state.tokens > 0 ? [`${countText(state.tokens)} tokens`] : []),
    ...(state.judgeTokens > 0 ? [`${countText(state.judgeTokens)} judge tokens`] : []),
  ];
}

/** The display of this moment, one to three lines of at most `width` cells. ASCII: some terminals draw bars double. */
export function renderProgress(state: ProgressState, now: number, width: number, style: Style): string[] {
  const share = shareOf(state);
  const tail = `${pad(`${Math.floor(share * 100)}%`, 4, 'right')}  ${state.done}/${state.planned}`;
  const room = Math.max(0, Math.min(30, width - tail.length - 4));
  const filled = Math.round(share * room);
  const bar = `${'='.repeat(filled)}${filled > 0 && filled < room ? '>' : ''}`.slice(0, room);
  const rest = width - room - tail.length - 6;
  const task = rest >= 8 ? truncate(plain(state.task), rest) : '';
  const lines = [
    `${style.dim('[')}${style.green(bar)}${' '.repeat(room - bar.length)}${style.dim(']')} ${tail}  ${style.dim(task)}`,
  ];
  const words = counts(state, now).join(', ');
  if (words !== '') lines.push(truncate(words, width));
  if (state.status && now < state.status.until) lines.push(style.yellow(truncate(plain(state.status.text), width)));
  return lines.map((line) => line.trimEnd());
}

/** The same as one line for a log. */
export function progressLine(state: ProgressState, now: number): string {
  const { done, planned } = state;
  const share = Math.floor(shareOf(state) * 100);
  return [`${done} of ${planned} samples (${share}%)`, ...counts(state, now)].join(', ');
}
