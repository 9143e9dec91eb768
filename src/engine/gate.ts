import { UsageError } from '../errors.js';
import type { MetricSummary, RunSummary, TaskSummary } from '../run/types.js';

/** The least mean that a metric must reach. */
export interface Threshold {
  /** A key of `TaskSummary.metrics`; absent: each task's primary metric. */
  metric?: string;
  /** A task's id; absent: every task that has the metric. */
  task?: string;
  min: number;
}

export interface GateOptions {
  thresholds: readonly Threshold[];
  /** Fail when any sample has no primary score. */
  failOnUnscored: boolean;
}

export interface GateResult {
  /** Whether there was anything to pass: a gate that was set, or the one that is always there, that some sample ran. */
  asked: boolean;
  passed: boolean;
  /** One sentence each; empty when passed. */
  failures: string[];
}

/**
 * Decides whether a run is good enough. Fails closed: what was asked for and cannot be shown, because nothing was scored,
 * samples are missing or there is no such metric, has failed. A run without any sample has failed, asked or not.
 */
export function checkGates(
  { tasks }: Pick<RunSummary, 'tasks'>,
  { thresholds, failOnUnscored }: GateOptions,
): GateResult {
  const asked = failOnUnscored || thresholds.length > 0 || tasks.every((task) => task.n === 0);
  const failures = asked ? [...completeness(tasks), ...thresholds.flatMap((item) => checkThreshold(tasks, item))] : [];
  if (failOnUnscored) failures.push(...tasks.filter((task) => task.unscored > 0).map(unscoredFailure));
  return { asked, passed: failures.length === 0, failures };
}

function completeness(tasks: readonly TaskSummary[]): string[] {
  if (tasks.length === 0) return ['nothing was run'];
  return tasks.flatMap((task) => {
    if (task.n === 0) return [`${task.task}: no sample was run`];
    return task.missing > 0 ? [`${task.task}: ${task.missing} of ${task.n + task.missing} samples are missing`] : [];
  });
}

function checkThreshold(tasks: readonly TaskSummary[], { metric, task: only, min }: Threshold): string[] {
  const inScope = tasks.filter((task) => only === undefined || task.task === only);
  if (inScope.length === 0 && only !== undefined) {
    return [`no task ${only} was run; there ${listed(tasks.map((task) => task.task))}`];
  }
  const concerned = inScope.filter((task) => metric === undefined || mayHave(task, metric));
  if (concerned.length === 0 && inScope.length > 0) {
    const names = new Set(inScope.flatMap((task) => Object.keys(task.metrics)));
    return [`${only === undefined ? '' : `${only}: `}there is no metric ${metric}; there ${listed([...names])}`];
  }
  return concerned.flatMap((task) => {
    if (task.n === 0) return [];
    const name = metric ?? task.primary;
    const summary = task.metrics[name];
    if (summary === undefined || summary.mean === null) return [`${task.task}: ${name}: no sample was scored`];
    return summary.mean >= min ? [] : [`${task.task}: ${name} ${shortfall(summary.mean, min)}${certainty(summary)}`];
  });
}

/** A scorer that scored nothing has not shown which metrics it gives; one of its own may be the one asked for. */
function mayHave({ metrics }: TaskSummary, metric: string): boolean {
  if (Object.hasOwn(metrics, metric)) return true;
  return Object.entries(metrics).some(([name, { mean }]) => mean === null && metric.startsWith(`${name}.`));
}

/** With as many decimals as it takes to show that the mean is under the threshold. */
function shortfall(mean: number, min: number): string {
  for (let decimals = 2; decimals < 15; decimals++) {
    const shown = mean.toFixed(decimals);
    if (Number(shown) < min) return `${shown} is under ${min}`;
  }
  return `${mean} is under ${min}`;
}

function certainty({ ci95, n }: MetricSummary): string {
  return ci95 ? ` (95% interval ${ci95[0].toFixed(2)} to ${ci95[1].toFixed(2)}, n ${n})` : ` (n ${n})`;
}

function unscoredFailure({ task, unscored, n, unscoredReasons }: TaskSummary): string {
  const reason = Object.keys(unscoredReasons)[0];
  return `${task}: ${unscored} of ${n} samples are unscored${reason === undefined ? '' : `, most often: ${reason}`}`;
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'is none';
  return `${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
}

/**
 * Reads a `--threshold` value: `7` (each task's primary metric), `rouge.rougeL=0.3`, `meeting-summary:llm-judge=6`,
 * `meeting-summary:6`. Throws UsageError.
 */
export function parseThreshold(text: string): Threshold {
  const [, task, metric, min] =
    /^(?:([^:=]+):)?(?:([^=]+)=)?\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*$/i.exec(text) ?? [];
  if (min === undefined) {
    throw new UsageError(`${JSON.stringify(text)} is no threshold`, {
      hint: 'Give a number for the primary metric (7), a metric (rouge.rougeL=0.3) or a task and metric (meeting-summary:llm-judge=6).',
    });
  }
  return { ...(task && { task: task.trim() }), ...(metric && { metric: metric.trim() }), min: Number(min) };
}
