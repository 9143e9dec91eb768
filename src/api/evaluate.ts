import { rmSync } from 'node:fs';
import { InterruptedError } from '../errors.js';
import { createRunDirectory, findRun, isStarted, newRunId, readManifest } from '../run/directory.js';
import { lockRun } from '../run/lock.js';
import type { Manifest, RunSummary, SampleResult } from '../run/types.js';
import { checkSameRun } from './manifest.js';
import { type EvaluateOptions, type StoredRequest, storedRequest } from './options.js';
import { type Prepared, prepare, runsDirectoryOf } from './prepare.js';
import { runSession } from './session.js';

/** A finished evaluation. */
export interface Evaluation {
  summary: RunSummary;
  manifest: Manifest;
  /** Every finished sample, streamed from the run's directory. */
  results(): AsyncIterable<SampleResult>;
}

/**
 * Runs tasks, scores the answers and keeps everything in a run directory.
 *
 * A failed sample is recorded with its reason and does not reject. Rejects with UsageError, PluginError, DatasetError or
 * RuntimeError (kind `setup`) before anything runs; with RunError when the run cannot be written; with RuntimeError when
 * the server refuses every call (key, model, address); with InterruptedError when `signal` aborts. After the last three
 * the run can be resumed.
 */
export async function evaluate(options: EvaluateOptions = {}): Promise<Evaluation> {
  if (options.signal?.aborted) throw new InterruptedError('interrupted before anything ran');
  return options.resume === undefined ? startRun(options) : resumeRun(options);
}

async function startRun(options: EvaluateOptions): Promise<Evaluation> {
  const prepared = await prepare(options);
  const id = newRunId(options.rubric ?? options.category ?? onlyTask(prepared) ?? '', new Date());
  const directory = createRunDirectory(prepared.runsDirectory, id);
  const release = lockRun(directory);
  try {
    return await runSession({ options, prepared, directory, id, request: storedRequest(options) });
  } catch (error) {
    // Nothing was begun (a runtime that cannot be opened, say), so there is nothing to keep.
    if (!isStarted(directory)) rmSync(directory, { recursive: true, force: true });
    throw error;
  } finally {
    release();
  }
}

async function resumeRun(options: EvaluateOptions): Promise<Evaluation> {
  const directory = findRun(
    runsDirectoryOf(options),
    options.resume === true ? undefined : options.resume,
    options.retryErrors,
  );
  const release = lockRun(directory);
  try {
    const manifest = readManifest(directory);
    const request = (manifest.request ?? {}) as StoredRequest;
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const merged: EvaluateOptions = { ...request, ...given };
    const prepared = await prepare(merged);
    checkSameRun(manifest, prepared, directory);
    return await runSession({ options: merged, prepared, directory, id: manifest.id, manifest, request });
  } finally {
    release();
  }
}

function onlyTask({ tasks }: Prepared): string | undefined {
  return tasks.length === 1 ? tasks[0]!.task.id : undefined;
}
