/** What the engine tells while it works; the one source of every progress display. */
export type ProgressEvent =
  | StartEvent
  | SampleEvent
  | RetryEvent
  | LimitEvent
  /** Something that a user should know and that stops nothing. */
  | { type: 'notice'; message: string }
  /** The session is over; `complete` is false when it was interrupted or ended by an error. */
  | { type: 'end'; complete: boolean };

/** Everything is checked and opened; the first sample begins. Counts are sample-repeats. */
export interface StartEvent {
  type: 'start';
  /** Of the whole run. */
  planned: number;
  /** Finished by earlier sessions; part of `planned`. */
  resumed: number;
  tasks: { id: string; planned: number }[];
}

/** A sample-repeat has finished, well or not. */
export interface SampleEvent {
  type: 'sample';
  task: string;
  id: string;
  /** 1-based number of the repeat. */
  epoch: number;
  /** Its generation failed. */
  failed: boolean;
  /** It has no primary score. */
  unscored: boolean;
  /** Prompt and completion tokens of the model under test. */
  tokens: number;
  /** The same of the judge. */
  judgeTokens: number;
}

/** A call failed and will be made again. */
export interface RetryEvent {
  type: 'retry';
  what: 'generation' | 'judge';
  task: string;
  id: string;
  /** The attempt that failed, from 1. */
  attempt: number;
  /** Milliseconds until the next attempt. */
  waitMs: number;
  reason: string;
}

/** Calls in flight are limited anew, because a server said that there were too many, or took more again. */
export interface LimitEvent {
  type: 'limit';
  what: 'generation' | 'judge';
  /** Most calls in flight from now on. */
  limit: number;
}
