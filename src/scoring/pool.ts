import type { Tinypool } from 'tinypool';
import { errorMessage, UsageError } from '../errors.js';
import type { PooledUse, ScoringJob } from './batch.js';
import { READ_VARIABLES } from './builtins.js';
import type { Score, ScoringInput } from './types.js';

/** Inputs of one task that are scored together. */
export interface ScoringGroup {
  uses: PooledUse[];
  language: string;
}

/** Runs built-in scorers off the main thread, in batches: a task a score costs more than the score itself. */
export interface ScoringPool {
  /** Starts the threads and loads what these groups need, so that it is there when the first inputs come. */
  warm(groups: readonly ScoringGroup[]): void;
  /** `group` must be the same object for inputs of the same task: batches are made by it. */
  score(group: ScoringGroup, input: ScoringInput): Promise<Record<string, Score>>;
  close(): Promise<void>;
}

interface Waiting {
  input: ScoringInput;
  resolve(scores: Record<string, Score>): void;
  reject(error: unknown): void;
}

/** Inputs a batch. */
export const BATCH_SIZE = 64;
/** How long an input waits for others to join its batch, milliseconds. */
const BATCH_DELAY_MS = 4;

/** @param threads worker threads; 0 scores in this thread, which suits small runs: nothing has to start. */
export function createScoringPool(threads: number): ScoringPool {
  const batches = new Map<ScoringGroup, Waiting[]>();
  let timer: NodeJS.Timeout | undefined;
  let runner: Promise<Runner> | undefined;

  function open(): Promise<Runner> {
    runner ??= threads > 0 ? threadRunner(threads) : inlineRunner();
    return runner;
  }

  function flush(group: ScoringGroup): void {
    const batch = batches.get(group);
    if (batch === undefined || batch.length === 0) return;
    batches.set(group, []);
    const job: ScoringJob = { ...group, inputs: batch.map((waiting) => waiting.input) };
    open()
      .then((opened) => opened.run(job))
      .then(
        (scores) => {
          for (const [index, waiting] of batch.entries()) waiting.resolve(scores[index]!);
        },
        (error) => {
          for (const waiting of batch) waiting.reject(error);
        },
      );
  }

  function flushAll(): void {
    timer = undefined;
    for (const group of batches.keys()) flush(group);
  }

  return {
    warm(groups) {
      if (threads === 0) return;
      for (const group of groups) {
        // What cannot be loaded is reported by the first inputs that need it.
        for (let thread = 0; thread < threads; thread++) {
          open()
            .then((opened) => opened.run({ ...group, inputs: [] }))
            .catch(() => undefined);
        }
      }
    },
    score(group, input) {
      return new Promise((resolve, reject) => {
        const batch = batches.get(group) ?? [];
        batches.set(group, batch);
        batch.push({ input: reduced(input, group), resolve, reject });
        if (batch.length >= BATCH_SIZE) flush(group);
        else timer ??= setTimeout(flushAll, BATCH_DELAY_MS);
      });
    },
    async close() {
      clearTimeout(timer);
      await (await runner)?.close();
    },
  };
}

/** A prompt's text is most of a sample, and copying it to a thread costs more than some scores. */
function reduced(input: ScoringInput, { uses }: ScoringGroup): ScoringInput {
  if (uses.some(({ scorer }) => READ_VARIABLES.has(scorer))) return input;
  return { ...input, sample: { ...input.sample, variables: {} } };
}

interface Runner {
  run(job: ScoringJob): Promise<Record<string, Score>[]>;
  close(): Promise<void>;
}

async function inlineRunner(): Promise<Runner> {
  const { scoreBatch } = await import('./batch.js');
  return { run: scoreBatch, close: async () => undefined };
}

async function threadRunner(threads: number): Promise<Runner> {
  const { Tinypool } = await import('tinypool');
  const pool: Tinypool = new Tinypool({
    filename: new URL('./worker.js', import.meta.url).href,
    runtime: 'worker_threads',
    minThreads: threads,
    maxThreads: threads,
    // Scoring makes little garbage; a small young generation keeps a thread some 20 MB smaller and costs no time.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  return {
    async run(job) {
      const texts: string[] = await pool.run(job).catch((error: unknown) => {
        throw new UsageError(`scoring cannot go on: ${errorMessage(error)}`);
      });
      return texts.map((text) => JSON.parse(text));
    },
    close: () => pool.destroy(),
  };
}
