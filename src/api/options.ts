import type { ProgressEvent } from '../engine/events.js';
import type { JsonObject } from '../json.js';
import type { PluginDefinitions } from '../plugin/registry.js';
import type { TaskDefinition } from '../task/types.js';

/** A runtime by name (`openai:MODEL`, `replay:FILE`), or with its options. */
export type RuntimeInput = string | ({ use: string } & JsonObject);

/** Which tasks to run. Several conditions must all hold; none at all selects every built-in and project task. */
export interface Selection {
  /** Task ids, or tasks made with `defineTask`. */
  tasks?: readonly (string | TaskDefinition)[];
  /** Tasks that are judged by this rubric. */
  rubric?: string;
  category?: string;
}

/** Where plugins come from, beside the built-in ones and the project's own `plugins/` and `rubrics/`. */
export interface PluginSources {
  /** The project's folder; relative paths start here. Default: the working directory. */
  cwd?: string;
  /** Paths of plugin folders or files, and names of npm packages. */
  plugins?: readonly string[];
  /** Plugins made in code. */
  define?: PluginDefinitions;
}

/** What `evaluate()` takes. Every field is optional; the defaults are those of the command line. */
export interface EvaluateOptions extends Selection, PluginSources {
  /** Runs the model under test. Default: `outputs`, else each task's own recorded outputs. */
  runtime?: RuntimeInput;
  /** Recorded outputs to score instead of running a model: JSON Lines with `id` and `output`. */
  outputs?: string;
  /** Grades with the rubric. Default `baseline`, the built-in judge that needs no model. */
  judge?: 'baseline' | RuntimeInput;
  /** Most samples of each task. Default: all. */
  limit?: number;
  /** How often each sample is asked. Default 1. */
  repeat?: number;
  /** Of the first repeat; the n-th uses seed + n - 1. Default: none is sent. */
  seed?: number;
  temperature?: number;
  maxTokens?: number;
  /** Calls to the runtime in flight at once. Default: the runtime's own. */
  maxConcurrency?: number;
  /** Calls to the judge in flight at once. Default: the runtime's own. */
  judgeConcurrency?: number;
  /** Further attempts after a failed call. Default 5. */
  retries?: number;
  /** Most milliseconds for one attempt, whatever the runtime does. Default 300,000. */
  timeoutMs?: number;
  /** Keep generations and verdicts and use them again. Default true. */
  cache?: boolean;
  /** Folder of run directories. Default `.judge/runs` under `cwd`. */
  runsDirectory?: string;
  /** Go on with a run: its id, its path, or true for the newest unfinished one. */
  resume?: string | true;
  /** With `resume`: do failed and unscored samples again. */
  retryErrors?: boolean;
  /** Stops the evaluation: nothing new is started. `evaluate` then rejects with InterruptedError. */
  signal?: AbortSignal;
  /** How long calls in flight may still take after `signal`, milliseconds. Default 0. */
  graceMs?: number;
  onEvent?: (event: ProgressEvent) => void;
  /** Kept in the manifest. */
  commandLine?: readonly string[];
}

/** The options that a manifest keeps, so that a run can be resumed without naming them again. */
export type StoredRequest = Pick<
  EvaluateOptions,
  | 'rubric'
  | 'category'
  | 'plugins'
  | 'runtime'
  | 'outputs'
  | 'judge'
  | 'limit'
  | 'repeat'
  | 'seed'
  | 'temperature'
  | 'maxTokens'
  | 'maxConcurrency'
  | 'judgeConcurrency'
  | 'retries'
  | 'timeoutMs'
> & { tasks?: string[] };

const STORED = [
  'rubric',
  'category',
  'plugins',
  'runtime',
  'outputs',
  'judge',
  'limit',
  'repeat',
  'seed',
  'temperature',
  'maxTokens',
  'maxConcurrency',
  'judgeConcurrency',
  'retries',
  'timeoutMs',
] as const;

export function storedRequest(options: EvaluateOptions): StoredRequest {
  const kept = Object.fromEntries(
    STORED.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined),
  );
  const tasks = options.tasks?.map((task) => (typeof task === 'string' ? task : task.id));
  return { ...kept, ...(tasks ? { tasks } : {}) };
}
