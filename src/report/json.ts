import type { GateResult } from '../engine/gate.js';
import type { JudgeManifest, MetricSummary, RunSummary, TaskSummary } from '../run/types.js';
import type { ModelInfo } from '../runtime/types.js';
import type { ReportFormat } from './types.js';

/** What `--json` prints and a `.json` report holds. Fields are added over time, never renamed or taken away. */
export interface JsonReport {
  run: string;
  directory: string | null;
  judge: { kind: 'baseline' } | { kind: 'model'; runtime: string; info: ModelInfo };
  runtime: { runtime: string; info: ModelInfo };
  tasks: JsonTask[];
  /** Null when no gate was set. */
  gate: Pick<GateResult, 'passed' | 'failures'> | null;
  notices: string[];
}

export interface JsonTask
  extends Pick<
    TaskSummary,
    | 'task'
    | 'title'
    | 'n'
    | 'unscored'
    | 'unscoredReasons'
    | 'failed'
    | 'missing'
    | 'primary'
    | 'usage'
    | 'timings'
    | 'flags'
  > {
  metrics: Record<string, Pick<MetricSummary, 'mean' | 'ci95' | 'n'>>;
}

/** Options of runtimes are left out: they may hold what is not for everybody who reads a report. */
export function jsonReport(summary: RunSummary, gate?: GateResult): JsonReport {
  const { run, directory, judge, runtime, tasks, notices } = summary;
  return {
    run,
    directory,
    judge: judgeOf(judge),
    runtime: { runtime: runtime.runtime, info: runtime.info },
    tasks: tasks.map(taskOf),
    gate: gate?.asked ? { passed: gate.passed, failures: gate.failures } : null,
    notices,
  };
}

function judgeOf(judge: JudgeManifest): JsonReport['judge'] {
  return judge.kind === 'baseline' ? judge : { kind: 'model', runtime: judge.runtime, info: judge.info };
}

function taskOf(summary: TaskSummary): JsonTask {
  const { task, title, n, unscored, unscoredReasons, failed, missing, primary, usage, timings, flags } = summary;
  const metrics = Object.entries(summary.metrics).map(([name, { mean, ci95, n }]) => [name, { mean, ci95, n }]);
  return {
    task,
    title,
    n,
    unscored,
    unscoredReasons,
    failed,
    missing,
    metrics: Object.fromEntries(metrics),
    primary,
    usage,
    timings,
    flags,
  };
}

export const json: ReportFormat = {
  description: 'the summary, the same document as --json prints',
  async *write({ summary, gate }) {
    yield `${JSON.stringify(jsonReport(summary, gate), null, 2)}\n`;
  },
};
