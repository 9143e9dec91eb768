import { join } from 'node:path';
import type { ProgressEvent } from '../engine/events.js';
import { runPipeline } from '../engine/pipeline.js';
import { createSignals } from '../engine/signals.js';
import { InterruptedError, JudgeError, RunError } from '../errors.js';
import { createAggregator } from '../run/aggregate.js';
import { isStarted, RECORDS_FILE, writeManifest, writeSummary } from '../run/directory.js';
import { openRecordLog } from '../run/log.js';
import { readResults } from '../run/read.js';
import { readEarlierWork } from '../run/resume.js';
import type { Manifest, RunSummary, SampleResult, TaskSummary } from '../run/types.js';
import { BATCH_SIZE, createScoringPool } from '../scoring/pool.js';
import type { Score } from '../scoring/types.js';
import { type Bound, bindTasks } from './bind.js';
import type { Evaluation } from './evaluate.js';
import { createManifest } from './manifest.js';
import type { EvaluateOptions, StoredRequest } from './options.js';
import type { Prepared } from './prepare.js';

export interface SessionInput {
  options: EvaluateOptions;
  prepared: Prepared;
  directory: string;
  id: string;
  request: StoredRequest;
  /** Of the run that goes on. */
  manifest?: Manifest;
}

/** Works on a run until it is done or stopped. The caller holds the run's lock. */
export async function runSession(input: SessionInput): Promise<Evaluation> {
  const { options, prepared, directory } = input;
  const emit = (event: ProgressEvent): void => options.onEvent?.(event);
  const signals = createSignals(options.signal, options.graceMs ?? 0);
  const startedAt = Date.now();
  const pool = createScoringPool(prepared.scoringThreads);
  let bound: Bound | undefined;
  try {
    bound = await bindTasks(prepared, options, signals, emit);
    pool.warm(bound.tasks.map((task) => task.pooled));
    const manifest = input.manifest ?? newManifest(input, bound);
    const aggregators = new Map(manifest.tasks.map((task) => [task.id, createAggregator(task, manifest.repeat)]));
    const count = (result: SampleResult): void => aggregators.get(result.task)?.add(result);

    const earlier = await readEarlierWork(directory, manifest, options.retryErrors === true, count);
    if (earlier.cutBytes > 0) {
      emit({ type: 'notice', message: `cut a torn last line of ${earlier.cutBytes} bytes off ${RECORDS_FILE}` });
    }
    const planned = manifest.tasks.reduce((sum, task) => sum + task.planned, 0);
    emit({
      type: 'start',
      planned,
      resumed: earlier.finished,
      tasks: manifest.tasks.map(({ id, planned }) => ({ id, planned })),
    });

    const primary = new Map(manifest.tasks.map((task) => [task.id, task.primary]));
    const log = openRecordLog(join(directory, RECORDS_FILE));
    try {
      log.append({ stage: 'session', at: startedAt });
      await runPipeline({
        tasks: bound.tasks,
        repeat: prepared.repeat,
        limit: options.limit,
        log,
        pool,
        window: bound.callsInFlight + 2 * BATCH_SIZE * Math.max(1, prepared.scoringThreads),
        isDone: earlier.isDone,
        partial: earlier.partial,
        signals,
        onResult: (result) => {
          count(result);
          emit(sampleEvent(result, primary.get(result.task)!));
        },
        onFatal: signals.fail,
      });
    } finally {
      log.close();
    }

    const tasks = [...aggregators.values()].map((aggregator) => aggregator.summary());
    const complete = tasks.every((task) => task.missing === 0);
    emit({ type: 'end', complete });
    if (signals.failure) throw signals.failure.error;
    const { judge, runtime } = manifest;
    const elapsedMs = earlier.elapsedMs + Date.now() - startedAt;
    const notices = selfJudging(manifest);
    const summary: RunSummary = { run: input.id, directory, complete, judge, runtime, tasks, elapsedMs, notices };
    writeSummary(directory, summary);
    if (!complete) throw unfinished(signals.stop.aborted, `${done(tasks)} of ${planned} samples`);
    return { summary, manifest, results: () => readResults(directory, manifest) };
  } catch (error) {
    if (error instanceof JudgeError && isStarted(directory)) error.run = directory;
    throw error;
  } finally {
    signals.dispose();
    await Promise.all([bound?.close(), pool.close()]);
  }
}

function newManifest(input: SessionInput, { runtimeInfo, judgeInfo, outputs }: Bound): Manifest {
  const manifest = createManifest({ ...input, runtimeInfo, judgeInfo, outputs });
  writeManifest(input.directory, manifest);
  return manifest;
}

function sampleEvent({ task, id, epoch, generation, scores }: SampleResult, primary: string): ProgressEvent {
  const values = Object.values(scores);
  const usage = generation.ok ? generation.usage : undefined;
  return {
    type: 'sample',
    task,
    id,
    epoch,
    failed: !generation.ok,
    unscored: (scores[primary]?.value ?? null) === null,
    tokens: (usage?.promptTokens ?? 0) + (usage?.completionTokens ?? 0),
    judgeTokens: values.reduce((sum, score) => sum + judgeTokens(score), 0),
  };
}

function judgeTokens({ details }: Score): number {
  const usage = details?.['usage'] as Partial<Record<'promptTokens' | 'completionTokens', number>> | undefined;
  return (usage?.promptTokens ?? 0) + (usage?.completionTokens ?? 0);
}

/** A model that grades itself prefers itself; it is done only when asked for by name, and said. */
function selfJudging({ judge, runtime }: Manifest): string[] {
  if (judge.kind !== 'model' || judge.info.model !== runtime.info.model) return [];
  return [`${judge.info.model} judges its own answers: models favour themselves, so read these scores with care`];
}

/** Without an interruption, samples can only be missing because their dataset is another by now. */
function unfinished(stopped: boolean, count: string): JudgeError {
  if (stopped) return new InterruptedError(`interrupted after ${count}`);
  return new RunError(`only ${count} were found: a dataset was changed while it was read`, {
    hint: 'Put the dataset back and resume, or start a new run.',
  });
}

function done(tasks: readonly TaskSummary[]): number {
  return tasks.reduce((sum, task) => sum + task.n, 0);
}
