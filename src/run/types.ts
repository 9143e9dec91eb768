import type { JsonObject } from '../json.js';
import type { Generation, ModelInfo, RuntimeSpec } from '../runtime/types.js';
import type { Score } from '../scoring/types.js';
import type { LocalizedText } from '../task/types.js';

/** `manifest.json`: what was asked. Written once, before the first sample. */
export interface Manifest {
  version: 1;
  id: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  judgekit: string;
  node: string;
  platform: string;
  commandLine?: string[];
  tasks: TaskManifest[];
  runtime: RuntimeSpec & { info: ModelInfo };
  judge: JudgeManifest;
  /** Samples of each task are asked this often. */
  repeat: number;
  limit?: number;
  generation: JsonObject;
  /** What the command line needs to resume: its own options, opaque here. */
  request?: JsonObject;
}

export interface TaskManifest {
  id: string;
  title: LocalizedText;
  category?: string;
  language: string;
  hash: string;
  dataset: { file: string; hash: string; samples: number };
  rubric?: { id: string; title: LocalizedText; hash: string; dimensions: { id: string; title: LocalizedText }[] };
  /** Names of the scorers, in the task's order. */
  scorers: string[];
  /** Lowest and highest value by scorer name, for those that are bounded. */
  ranges: Record<string, [number, number]>;
  primary: string;
  /** Samples to run, after `limit`, times `repeat`. */
  planned: number;
  /** Where this task's recorded outputs come from, when they are replayed. */
  outputs?: ModelInfo;
}

/** `baseline`, or a runtime that judges. */
export type JudgeManifest = { kind: 'baseline' } | ({ kind: 'model'; info: ModelInfo } & RuntimeSpec);

export interface RecordKey {
  task: string;
  id: string;
  epoch: number;
}

/** A line of `records.jsonl`: a process began to work on the run. Times are milliseconds since 1970, UTC. */
export interface SessionRecord {
  stage: 'session';
  at: number;
}

/** A line of `records.jsonl`: the model answered, or failed for good. */
export type GenerationRecord = RecordKey & {
  stage: 'generation';
  at: number;
  /** The sample's group, where it has one. */
  group?: string;
  attempts: number;
  cached?: boolean;
} & (({ ok: true } & Generation) | { ok: false; error: RecordedError });

export interface RecordedError {
  kind: string;
  message: string;
}

/** A line of `records.jsonl`: some of a sample's scorers have finished. */
export interface ScoresRecord extends RecordKey {
  stage: 'scores';
  at: number;
  /** By scorer name. */
  scores: Record<string, Score>;
}

export type RunRecord = SessionRecord | GenerationRecord | ScoresRecord;

/** A finished sample, joined from its records. */
export interface SampleResult extends RecordKey {
  generation: GenerationRecord;
  /** One for each scorer of the task. */
  scores: Record<string, Score>;
  /** For clustered intervals; the sample's id where it has no group. */
  group: string;
}

/** A metric over a task's samples. */
export interface MetricSummary {
  /** Mean over scored samples; null when there is none. */
  mean: number | null;
  /** Two-sided 95% interval; null with fewer than two independent samples. */
  ci95: [number, number] | null;
  /** Scored samples (repeats of one sample are averaged first and count once). */
  n: number;
  /** How the interval was made. */
  interval: 'student-t' | 'wilson' | 'clustered-t' | null;
  /** Sample standard deviation; null with fewer than two. */
  sd: number | null;
}

export interface TaskSummary {
  task: string;
  title: LocalizedText;
  language: string;
  /** Sample-repeats that have finished, failed ones included. */
  n: number;
  /** Sample-repeats that were planned and have not finished (an interrupted run). */
  missing: number;
  /** Finished sample-repeats without a primary score. */
  unscored: number;
  /** Why, with counts; over all scorers, prefixed by the scorer's name. */
  unscoredReasons: Record<string, number>;
  /** Sample-repeats whose generation failed. */
  failed: number;
  /** Name of the headline metric, a key of `metrics`. */
  primary: string;
  metrics: Record<string, MetricSummary>;
  /** Verdict flags with counts, e.g. `several-verdicts`. */
  flags: Record<string, number>;
  usage: UsageSummary;
  timings: TimingSummary;
}

export interface UsageSummary {
  /** Of the model under test. */
  promptTokens: number;
  completionTokens: number;
  /** Of the judge. */
  judgePromptTokens: number;
  judgeCompletionTokens: number;
  /** Calls made, retries and cached ones not counted. */
  calls: number;
  judgeCalls: number;
  cached: number;
}

/** Means over the samples that measured it, milliseconds and tokens per second; null when none did. */
export interface TimingSummary {
  totalMs: number | null;
  firstTokenMs: number | null;
  prefillTokensPerSecond: number | null;
  decodeTokensPerSecond: number | null;
}

/** `summary.json`, and what `evaluate()` returns. Derived from manifest and records alone. */
export interface RunSummary {
  run: string;
  /** Directory of the run; null when it was not kept. */
  directory: string | null;
  complete: boolean;
  judge: JudgeManifest;
  runtime: Manifest['runtime'];
  tasks: TaskSummary[];
  /** Wall time of all sessions of this run, milliseconds. */
  elapsedMs: number;
  notices: string[];
}
