import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { refuse } from '../definition/refuse.js';
import { checkSchema } from '../definition/schema.js';
import { codeSource } from '../definition/source.js';
import { readSource } from '../definition/yaml.js';
import { PluginError, UsageError } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { PluginDefinitions } from './define.js';
import { checkDefinitions, importDefault, isModule } from './module.js';

/** A runtime by name (`openai:MODEL`), or with its options. */
export type RuntimeChoice = string | ({ use: string } & JsonObject);

/** The defaults of a project: `judge.config.{ts,mts,js,mjs,yaml,yml,json}`. A flag goes before each of them. */
export interface JudgeConfig {
  /** Further plugins: paths of folders or files (relative to the config), names of npm packages. Default: none. */
  plugins?: string[];
  /** Ids of the tasks to run; one id may stand alone. Default: all. */
  tasks?: string[];
  /** Run the tasks of this category. */
  category?: string;
  /** Run the tasks that are judged by this rubric. */
  rubric?: string;
  /** Runs the model under test, e.g. `openai:qwen2.5-3b-instruct`. Default: each task's recorded outputs are scored. */
  runtime?: RuntimeChoice;
  /** Address of the runtime's server. */
  baseUrl?: string;
  /** Grades with the rubric. Default `baseline`. */
  judge?: RuntimeChoice;
  /** Address of the judge's server. */
  judgeBaseUrl?: string;
  /** Calls to the runtime in flight at once. Default: the runtime's own. */
  maxConcurrency?: number;
  /** Calls to the judge in flight at once. Default: the runtime's own. */
  judgeConcurrency?: number;
  /** Most samples of each task. Default: all. */
  limit?: number;
  /** How often each sample is asked. Default 1. */
  repeat?: number;
  /** Seed of the first repeat. Default: none is sent. */
  seed?: number;
  /** 0 to 2. Default: the task's, else the runtime's. */
  temperature?: number;
  /** Most tokens of an answer. Default: the task's, else the runtime's. */
  maxTokens?: number;
  /** Further attempts after a failed call. Default 5. */
  retries?: number;
  /** Most milliseconds for one attempt. Default 300,000. */
  timeoutMs?: number;
  /** Keep generations and verdicts and use them again. Default true. */
  cache?: boolean;
  /** Files to write the results to (relative to the config); the extension picks the format. One may stand alone. */
  output?: string[];
  /** The quality gate, as with `--threshold`: `7`, `rouge.rougeL=0.3`, or several of these. */
  threshold?: number | string | (number | string)[];
  /** Fail when a sample could not be scored. Default false. */
  failOnUnscored?: boolean;
  /** Plugins made in code; only in a config that is a module. */
  define?: PluginDefinitions;
}

/** Declares a config in code; gives it its type and nothing else. */
export function defineConfig(config: JudgeConfig): JudgeConfig {
  return config;
}

/** Names of a config file, in the order in which they are looked for. */
export const CONFIG_FILES = ['ts', 'mts', 'js', 'mjs', 'yaml', 'yml', 'json'].map(
  (extension) => `judge.config.${extension}`,
);

/**
 * The project's config: the file named, or `judge.config.*` in `cwd`; empty when there is none. Paths in it come back
 * absolute. Throws UsageError when the named file is missing or two are there, PluginError when it is not valid.
 */
export async function loadConfig(cwd: string, explicitPath?: string): Promise<JudgeConfig> {
  const file = explicitPath === undefined ? findConfig(cwd) : resolve(cwd, explicitPath);
  if (file === undefined) return {};
  if (!existsSync(file)) throw new UsageError(`there is no config file ${file}`);
  const source = isModule(file) ? codeSource(await importDefault(file), file) : await readSource(file);
  refuse('the config', await checkSchema('config', source));
  const { $schema, ...given } = source.value as JudgeConfig & { $schema?: string };
  if (given.define !== undefined && !isModule(file)) {
    throw new PluginError('define needs a config that is a module', [], {
      location: source.locate(['define'], 'key'),
      hint: 'Rename it to judge.config.mjs and export default it; or put tasks and rubrics into files.',
    });
  }
  const folder = dirname(file);
  const config: JudgeConfig = { ...given };
  if (given.plugins) config.plugins = given.plugins.map((name) => pluginPath(name, folder));
  if (given.tasks) config.tasks = [given.tasks].flat();
  if (given.output) config.output = [given.output].flat().map((path) => resolve(folder, path));
  if (given.define) config.define = inFolder(checkDefinitions(given.define, file), folder);
  return config;
}

function findConfig(cwd: string): string | undefined {
  const found = CONFIG_FILES.filter((name) => existsSync(join(cwd, name)));
  if (found.length < 2) return found[0] === undefined ? undefined : join(cwd, found[0]);
  throw new UsageError(`there is more than one config: ${found.join(', ')}`, {
    hint: 'Keep one of them, or name one with --config.',
  });
}

/** A path is made absolute; anything else is the name of a package. */
function pluginPath(name: string, folder: string): string {
  const path = resolve(folder, name);
  return isAbsolute(name) || name.startsWith('.') || existsSync(path) ? path : name;
}

/** Paths of tasks that a config defines start at the config. */
function inFolder(define: PluginDefinitions, folder: string): PluginDefinitions {
  if (!define.tasks) return define;
  return { ...define, tasks: define.tasks.map((task) => ({ ...task, baseDir: resolve(folder, task.baseDir ?? '.') })) };
}
