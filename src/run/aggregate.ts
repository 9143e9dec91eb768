import type { Json, JsonObject } from '../json.js';
import type { Timings } from '../runtime/types.js';
import type { Score } from '../scoring/types.js';
import { MeanEstimator } from '../stats/estimate.js';
import { Moments } from '../stats/moments.js';
import type {
  GenerationRecord,
  MetricSummary,
  SampleResult,
  TaskManifest,
  TaskSummary,
  TimingSummary,
  UsageSummary,
} from './types.js';

/** Sums up a task's samples as they finish, in memory that does not grow with their number. */
export interface Aggregator {
  /** Takes each finished sample-repeat once, in any order; the order does not show in the summary. */
  add(result: SampleResult): void;
  /** Ends the aggregation: samples of which repeats are missing are counted with the repeats there are. */
  summary(): TaskSummary;
}

/** Most distinct reasons and flags that are kept apart. */
const DISTINCT = 20;
/** Characters of a reason that are kept. */
const REASON_LENGTH = 160;

/** @param repeat how often each sample is asked, `Manifest.repeat`. */
export function createAggregator(task: TaskManifest, repeat: number): Aggregator {
  const metrics = createMetrics(task);
  const unscoredReasons = createCounter('other reasons');
  const flags = createCounter('other flags');
  const usage = createUsage();
  const timings = createTimings();
  /** Samples of which some repeats are in: as many as are in flight. */
  const pending = new Map<string, { missing: number; values: Map<string, Moments>; group?: string }>();
  let n = 0;
  let failed = 0;
  let unscored = 0;

  return {
    add(result) {
      const { id, generation } = result;
      n++;
      if (!generation.ok) failed++;
      usage.addGeneration(generation);
      if (generation.ok) timings.add(generation.timings);

      const values = new Map<string, number>();
      for (const name of task.scorers) {
        const score: Score = result.scores[name] ?? { value: null, reason: 'no score was recorded' };
        usage.addVerdict(score.details);
        for (const flag of stringsOf(score.details?.flags)) flags.add(flag);
        const reason = collect(name, score, values);
        if (reason !== undefined) unscoredReasons.add(`${name}: ${groupReason(reason, id)}`);
      }
      if (!values.has(task.primary)) unscored++;

      const group = groupOf(result);
      if (repeat === 1) return metrics.add(values, group);
      const sample = pending.get(id) ?? { missing: repeat, values: new Map(), group };
      pending.set(id, sample);
      for (const [name, value] of values) momentsOf(sample.values, name).add(value);
      if (--sample.missing > 0) return;
      pending.delete(id);
      metrics.add(meansOf(sample.values), group);
    },

    summary() {
      for (const { values, group } of pending.values()) metrics.add(meansOf(values), group);
      pending.clear();
      return {
        task: task.id,
        title: task.title,
        language: task.language,
        n,
        missing: Math.max(0, task.planned - n),
        unscored,
        unscoredReasons: unscoredReasons.counts(),
        failed,
        primary: task.primary,
        metrics: metrics.summary(),
        flags: flags.counts(),
        usage: usage.summary,
        timings: timings.summary(),
      };
    },
  };
}

/** A sample without a group, or alone in a group of its own name, stands for itself. */
function groupOf({ id, group, generation }: SampleResult): string | undefined {
  return generation.group ?? (group === id ? undefined : group);
}

/** Puts a scorer's numbers under their reported names; returns the reason where there are none. */
function collect(name: string, score: Score, values: Map<string, number>): string | undefined {
  if (score.value === null) return score.reason || 'no reason given';
  const numbers: [string, number][] = [[name, score.value]];
  for (const [metric, value] of Object.entries(score.metrics ?? {})) numbers.push([`${name}.${metric}`, value]);
  // A log that was written by something else may hold anything.
  const wrong = numbers.find(([, value]) => !Number.isFinite(value));
  if (wrong) return `${wrong[0]} is not a finite number`;
  for (const [metric, value] of numbers) values.set(metric, value);
  return undefined;
}

/** Reasons that differ only in the sample they name are one reason. Short ids could be any number in the text. */
function groupReason(reason: string, id: string): string {
  let text = reason.replace(/\s+/g, ' ').trim();
  if (id.length > 3 && text.includes(id)) {
    const escaped = id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    text = text.replace(new RegExp(`(?<![A-Za-z0-9_])${escaped}(?![A-Za-z0-9_])`, 'g'), () => '<id>');
  }
  const characters = [...text];
  return characters.length > REASON_LENGTH ? `${characters.slice(0, REASON_LENGTH - 1).join('')}…` : text;
}

function momentsOf(moments: Map<string, Moments>, name: string): Moments {
  const found = moments.get(name) ?? new Moments();
  moments.set(name, found);
  return found;
}

function meansOf(moments: ReadonlyMap<string, Moments>): Map<string, number> {
  return new Map([...moments].map(([name, { mean }]) => [name, mean!]));
}

function createMetrics({ scorers, ranges }: TaskManifest) {
  const estimators = new Map(scorers.map((name) => [name, new MeanEstimator()]));
  const clusters = new Map<string, number>();
  return {
    add(values: ReadonlyMap<string, number>, group: string | undefined): void {
      const cluster = group === undefined ? undefined : (clusters.get(group) ?? clusters.size);
      if (group !== undefined && cluster !== undefined) clusters.set(group, cluster);
      for (const [name, value] of values) {
        const estimator = estimators.get(name) ?? new MeanEstimator();
        estimators.set(name, estimator);
        estimator.add(value, cluster);
      }
    },
    /** By scorer in the task's order, each value before its further metrics. */
    summary(): Record<string, MetricSummary> {
      const entries = scorers.flatMap((scorer) =>
        [...estimators]
          .filter(([name]) => name === scorer || name.startsWith(`${scorer}.`))
          .map(([name, estimator]) => [name, estimator.estimate(ranges[scorer])] as const),
      );
      return Object.fromEntries(entries);
    },
  };
}

/** Counts up to `DISTINCT` different texts, and the rest together. */
function createCounter(rest: string) {
  const seen = new Map<string, number>();
  let others = 0;
  return {
    add(text: string): void {
      if (seen.has(text) || seen.size < DISTINCT) seen.set(text, (seen.get(text) ?? 0) + 1);
      else others++;
    },
    /** Most frequent first. */
    counts(): Record<string, number> {
      const sorted = [...seen].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
      if (others > 0) sorted.push([rest, others]);
      return Object.fromEntries(sorted);
    },
  };
}

function createUsage() {
  const summary: UsageSummary = {
    promptTokens: 0,
    completionTokens: 0,
    judgePromptTokens: 0,
    judgeCompletionTokens: 0,
    calls: 0,
    judgeCalls: 0,
    cached: 0,
  };
  return {
    summary,
    addGeneration(record: GenerationRecord): void {
      if (record.cached) summary.cached++;
      else if (record.attempts > 0) summary.calls++;
      if (!record.ok) return;
      summary.promptTokens += record.usage?.promptTokens ?? 0;
      summary.completionTokens += record.usage?.completionTokens ?? 0;
    },
    /** What a judge that is a model writes into a score's details. */
    addVerdict(details: JsonObject | undefined): void {
      if (details?.judge !== 'model') return;
      const tokens = objectOf(details.usage);
      summary.judgePromptTokens += countOf(tokens.promptTokens);
      summary.judgeCompletionTokens += countOf(tokens.completionTokens);
      summary.judgeCalls += countOf(details.calls);
      summary.cached += countOf(details.cached);
    },
  };
}

const TIMINGS = ['totalMs', 'firstTokenMs', 'prefillTokensPerSecond', 'decodeTokensPerSecond'] as const;

function createTimings() {
  const moments = new Map(TIMINGS.map((name) => [name, new Moments()]));
  return {
    add(timings: Timings): void {
      for (const [name, measured] of moments) {
        const value = timings[name];
        if (value !== undefined && Number.isFinite(value)) measured.add(value);
      }
    },
    summary: (): TimingSummary => {
      const mean = (name: (typeof TIMINGS)[number]): number | null => moments.get(name)?.mean ?? null;
      return {
        totalMs: mean('totalMs'),
        firstTokenMs: mean('firstTokenMs'),
        prefillTokensPerSecond: mean('prefillTokensPerSecond'),
        decodeTokensPerSecond: mean('decodeTokensPerSecond'),
      };
    },
  };
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function stringsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** `true` counts as one. */
function countOf(value: Json | undefined): number {
  return Number.isFinite(Number(value)) && typeof value !== 'string' ? Number(value) : 0;
}
