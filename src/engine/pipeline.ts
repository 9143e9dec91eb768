import { errorMessage, InterruptedError, JudgeError, PluginError, RuntimeError } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { PartialResult } from '../run/join.js';
import { recordKey } from '../run/join.js';
import type { RecordLog } from '../run/log.js';
import type { GenerationRecord, SampleResult, ScoresRecord } from '../run/types.js';
import type { GenerateRequest } from '../runtime/types.js';
import { applyScorer } from '../scoring/apply.js';
import type { ScoringGroup, ScoringPool } from '../scoring/pool.js';
import type { Score, Scorer, ScoringInput } from '../scoring/types.js';
import type { Sample, Task } from '../task/types.js';
import type { Caller, Signals } from './caller.js';
import { createWindow } from './window.js';

/** Grades one answer; `prompt` is what the model under test was asked. */
export type Assess = (input: ScoringInput, prompt: string, signals: Signals) => Promise<Score>;

/** A task, bound to what will generate and score its samples. */
export interface PipelineTask {
  task: Task;
  generate: Caller;
  /** The generation is a record or costs nothing: it need not be on disk before scoring begins. */
  free: boolean;
  settings: Partial<GenerateRequest>;
  pooled: ScoringGroup;
  direct: { name: string; scorer: Scorer; options: JsonObject }[];
  judge?: { name: string; assess: Assess };
}

export interface PipelineOptions {
  tasks: PipelineTask[];
  repeat: number;
  /** Most samples of each task. */
  limit?: number;
  log: RecordLog;
  pool: ScoringPool;
  /** Most samples between reading and done. */
  window: number;
  isDone(key: string): boolean;
  /** Samples that an earlier session began, by record key. */
  partial: ReadonlyMap<string, PartialResult>;
  signals: Signals;
  onResult(result: SampleResult): void;
  /** Called once, with the error that ends the run; aborts what is in flight. */
  onFatal(error: unknown): void;
}

interface Item {
  bound: PipelineTask;
  sample: Sample;
  epoch: number;
  partial?: PartialResult;
}

/**
 * Takes every sample from its dataset through generating and scoring to its records. A sample's failure is recorded and the
 * run goes on; an error that concerns the whole run (disk full, key refused) ends it.
 */
export async function runPipeline(options: PipelineOptions): Promise<void> {
  const { signals } = options;
  const window = createWindow(options.window);
  try {
    for await (const item of items(options)) {
      await window.enter();
      if (signals.stop.aborted) {
        window.leave();
        break;
      }
      void processItem(item, options)
        .catch((error: unknown) => {
          if (!isDropped(error, signals)) options.onFatal(error);
        })
        .finally(() => window.leave());
    }
  } catch (error) {
    options.onFatal(error);
  }
  await window.empty();
}

/** An abort of ours, not an error of the sample's. */
function isDropped(error: unknown, signals: Signals): boolean {
  if (!signals.stop.aborted) return false;
  return error instanceof InterruptedError || !(error instanceof JudgeError) || signals.abort.aborted;
}

async function* items({ tasks, repeat, limit, isDone, partial }: PipelineOptions): AsyncGenerator<Item> {
  for (const bound of tasks) {
    let count = 0;
    for await (const sample of bound.task.dataset.samples()) {
      if (limit !== undefined && count >= limit) break;
      count++;
      for (let epoch = 1; epoch <= repeat; epoch++) {
        const key = recordKey(bound.task.id, sample.id, epoch);
        if (!isDone(key)) yield { bound, sample, epoch, partial: partial.get(key) };
      }
    }
  }
}

async function processItem(item: Item, options: PipelineOptions): Promise<void> {
  const { bound, sample, epoch, partial } = item;
  const { log, signals } = options;
  const identity = { task: bound.task.id, id: sample.id, epoch };

  let generation = partial?.generation;
  let unwritten: GenerationRecord | undefined;
  if (generation === undefined) {
    const generated = await generate(bound, sample, epoch, signals);
    generation = generated.record;
    if (bound.free) unwritten = generation;
    else log.append(generation);
    await generated.keep?.();
  }

  const scores: Record<string, Score> = { ...partial?.scores };
  const record = (fresh: Record<string, Score>): void => {
    Object.assign(scores, fresh);
    const line: ScoresRecord = { stage: 'scores', ...identity, at: Date.now(), scores: fresh };
    if (unwritten) log.append(unwritten, line);
    else log.append(line);
    unwritten = undefined;
  };

  if (!generation.ok) {
    const reason = `generation failed: ${generation.error.message}`;
    const missing = bound.task.scorers.filter((use) => !Object.hasOwn(scores, use.name));
    record(Object.fromEntries(missing.map((use): [string, Score] => [use.name, { value: null, reason }])));
  } else {
    const input: ScoringInput = { task: bound.task.id, sample, epoch, output: generation.text };
    const computed = await compute(bound, input, scores, options);
    if (Object.keys(computed).length > 0 || unwritten) record(computed);
    if (bound.judge && !Object.hasOwn(scores, bound.judge.name)) {
      const prompt = bound.task.render(sample).map((message) => message.content);
      const score = await bound.judge.assess(input, prompt.join('\n\n'), signals);
      // A verdict that an abort cut short is no verdict: the sample stays open and is judged when the run goes on.
      signals.abort.throwIfAborted();
      record({ [bound.judge.name]: score });
    }
  }
  options.onResult({ ...identity, generation, scores, group: sample.group ?? sample.id });
}

async function generate(
  bound: PipelineTask,
  sample: Sample,
  epoch: number,
  signals: Signals,
): Promise<{ record: GenerationRecord; keep?: () => Promise<void> }> {
  const { settings, task } = bound;
  const identity = { task: task.id, id: sample.id, epoch };
  const common = { stage: 'generation' as const, ...identity, ...(sample.group ? { group: sample.group } : {}) };
  try {
    const messages = task.render(sample);
    const request: GenerateRequest = { ...task.generation, ...settings, messages, sample: identity };
    // Repeats must differ where the model follows its seed, and be the same again in the next run.
    if (request.seed !== undefined) request.seed += epoch - 1;
    const { generation, attempts, cached, keep } = await bound.generate(request, signals);
    const took = { at: Date.now(), attempts, ...(cached ? { cached } : {}) };
    return { record: { ...common, ...took, ok: true, ...generation }, keep };
  } catch (error) {
    if (signals.abort.aborted || !(error instanceof RuntimeError || error instanceof PluginError)) throw error;
    const [kind, attempts] = error instanceof RuntimeError ? [error.kind, error.attempts] : ['prompt', 0];
    const message = errorMessage(error);
    return { record: { ...common, at: Date.now(), attempts, ok: false, error: { kind, message } } };
  }
}

/** The scores that need no model, as far as they are missing. */
async function compute(
  bound: PipelineTask,
  input: ScoringInput,
  have: Record<string, Score>,
  { pool, signals }: PipelineOptions,
): Promise<Record<string, Score>> {
  const { pooled, direct, task } = bound;
  const computed: Record<string, Score> = {};
  if (pooled.uses.some((use) => !Object.hasOwn(have, use.name))) {
    Object.assign(computed, await pool.score(pooled, input));
  }
  for (const { name, scorer, options } of direct) {
    if (Object.hasOwn(have, name)) continue;
    computed[name] = await applyScorer(scorer, input, { options, language: task.language, signal: signals.abort });
  }
  for (const name of Object.keys(have)) delete computed[name];
  return computed;
}
