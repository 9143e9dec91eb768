import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { issuesOf } from '../definition/refuse.js';
import { DatasetError, JudgeError, type PluginIssue, UsageError } from '../errors.js';
import { readLines } from '../io/jsonl.js';
import { kindOfPath } from '../io/stat.js';
import { checkFile } from '../task/dataset.js';
import { TASK_FILES } from '../task/load.js';
import { parseRow } from '../task/sample.js';
import type { TemplateVariable } from '../task/types.js';
import { CONFIG_FILES, loadConfig } from './config.js';
import { fileOf } from './discover.js';
import { isModule } from './module.js';
import { type Builtins, createRegistry, type PluginEntry, type Registry } from './registry.js';

/** A file that was checked. `samples` counts the good rows of a dataset. */
export interface CheckedFile {
  file: string;
  kind: PluginEntry['kind'] | 'config' | 'dataset' | 'recorded';
  id?: string;
  samples?: number;
  /** False when there is an issue with it. */
  ok: boolean;
}

export interface Validation {
  ok: boolean;
  checked: CheckedFile[];
  issues: PluginIssue[];
}

/** A broken dataset is shown by this many of its rows. */
const MAX_ROWS_SHOWN = 20;

/**
 * Checks a task folder, a task's or rubric's file, a dataset (.jsonl), a config or a project with all that is in it,
 * datasets row by row against the templates included. Never stops at the first finding. Throws UsageError when there is
 * nothing at `path`.
 */
export async function validatePath(
  path: string,
  { cwd = '.', builtins }: { cwd?: string; builtins: Builtins },
): Promise<Validation> {
  const target = resolve(cwd, path);
  if (!existsSync(target)) throw new UsageError(`there is nothing at ${target}`);
  const check = new Check();
  const files = filesToCheck(target);
  const { configs, plugins, datasets } = files;
  if (configs.length + plugins.length + datasets.length === 0) {
    throw new UsageError(`there is nothing to check in ${target}`, {
      hint: 'Tasks are in <id>/task.yaml, rubrics in rubrics/<id>.yaml, datasets in .jsonl files.',
    });
  }
  for (const file of configs) await check.config(file);
  for (const file of datasets) await check.rows(file);
  // A project inside the project, an example say, has plugins of its own.
  for (const [project, own] of groupBy(plugins, projectOf)) await check.plugins(own, project, builtins);
  return { ok: check.issues.length === 0, checked: check.checked, issues: check.issues };
}

class Check {
  readonly checked: CheckedFile[] = [];
  readonly issues: PluginIssue[] = [];
  readonly #seen = new Set<string>();

  async config(file: string): Promise<void> {
    await this.#check({ file, kind: 'config' }, () => loadConfig(dirname(file), file));
  }

  async plugins(files: readonly string[], project: string, builtins: Builtins): Promise<void> {
    // The project's config may bring scorers that its tasks need.
    const config = (await this.#collect(project, () => loadConfig(project))) ?? {};
    const plugins = [...files, ...(config.plugins ?? [])];
    const registry = await this.#collect(project, () =>
      createRegistry({ cwd: project, plugins, define: config.define, builtins }),
    );
    if (!registry) return;
    const wanted = new Set(files.map((file) => realpathSync(file)));
    for (const { kind, id, file } of await registry.list()) {
      if (file === undefined || !wanted.has(realpathSync(file))) continue;
      if (kind === 'task') await this.#task(file, id, registry);
      else await this.#check({ file, kind, id }, (): Promise<unknown> => registry[kind](id));
    }
  }

  /** A file of samples or of recorded outputs, whichever its first line looks like. */
  async rows(file: string): Promise<void> {
    if (await holdsOutputs(file)) await this.#check({ file, kind: 'recorded' }, () => checkRecorded(file));
    else await this.dataset(file, []);
  }

  async dataset(file: string, variables: readonly TemplateVariable[], id?: string): Promise<void> {
    const problems: PluginIssue[] = [];
    let more = 0;
    const onProblem = (problem: DatasetError): void => {
      if (problems.length < MAX_ROWS_SHOWN) problems.push(...findingsOf(problem, file));
      else more += 1;
    };
    const entry = { file, kind: 'dataset' as const, ...(id === undefined ? {} : { id }) };
    const summary = await this.#collect(file, () => checkFile(file, variables, onProblem));
    if (summary?.samples === 0 && problems.length === 0) {
      problems.push({ message: 'the dataset has no rows', location: { file } });
    }
    if (more > 0) problems.push({ message: `${more} more rows have mistakes`, location: { file } });
    this.issues.push(...problems);
    const ok = summary !== undefined && problems.length === 0;
    this.checked.push({ ...entry, ...(summary ? { samples: summary.samples } : {}), ok });
  }

  async #task(file: string, id: string, registry: Registry): Promise<void> {
    const task = await this.#check({ file, kind: 'task', id }, () => registry.task(id));
    if (!task) return;
    if (extname(task.dataset.file) === '.jsonl') await this.dataset(task.dataset.file, task.variables, id);
    else await this.#check({ file, kind: 'dataset', id }, () => task.dataset.check(task.variables));
    const { recorded } = task;
    if (recorded !== undefined) {
      await this.#check({ file: recorded, kind: 'recorded', id }, () => checkRecorded(recorded));
    }
  }

  async #check<T>(entry: Omit<CheckedFile, 'ok'>, step: () => Promise<T>): Promise<T | undefined> {
    const result = await this.#collect(entry.file, async () => ({ value: await step() }));
    this.checked.push({ ...entry, ok: result !== undefined });
    return result?.value;
  }

  /** Runs a step; what it finds wrong is kept, once. */
  async #collect<T>(file: string, step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      for (const issue of findingsOf(error, file)) {
        const key = JSON.stringify(issue);
        if (!this.#seen.has(key)) this.issues.push(issue);
        this.#seen.add(key);
      }
      return undefined;
    }
  }
}

async function holdsOutputs(file: string): Promise<boolean> {
  try {
    for await (const [line] of readLines(file)) {
      const row = JSON.parse(line!.text) as object;
      return !('variables' in row) && ('output' in row || 'stage' in row);
    }
  } catch {
    // What cannot be read is told when the file is checked.
  }
  return false;
}

/** Recorded outputs; what the `replay` runtime reads beyond id and output is its own. Throws DatasetError. */
async function checkRecorded(file: string): Promise<void> {
  for await (const lines of readLines(file)) {
    for (const { number, text } of lines) {
      const row = parseRow(text, { file, line: number }) as Record<string, unknown> | null;
      const isRecord = row?.['stage'] !== undefined || row?.['error'] !== undefined;
      if (isRecord || (typeof row?.['id'] === 'string' && typeof row['output'] === 'string')) continue;
      throw new DatasetError('a recorded output needs the texts "id" and "output"', {
        location: { file, line: number },
        hint: 'A line looks like {"id": "…", "output": "…"}.',
      });
    }
  }
}

function findingsOf(error: unknown, file: string): PluginIssue[] {
  if (error instanceof DatasetError || error instanceof UsageError) {
    return [{ message: error.message, hint: error.hint, location: error.location ?? { file } }];
  }
  if (error instanceof JudgeError) return issuesOf(error);
  throw error;
}

interface FilesToCheck {
  configs: string[];
  plugins: string[];
  datasets: string[];
}

function filesToCheck(target: string): FilesToCheck {
  const files: FilesToCheck = { configs: [], plugins: [], datasets: [] };
  if (kindOfPath(target) === 'file') {
    const name = basename(target);
    if (extname(name) === '.jsonl') files.datasets.push(target);
    else if (name.includes('config')) files.configs.push(target);
    else if (isModule(name) || fileOf(target, name)) files.plugins.push(target);
    return files;
  }
  const loose: string[] = [];
  walk(target, (file) => {
    const name = basename(file);
    if (TASK_FILES.includes(name)) files.plugins.push(file);
    else if (/\.ya?ml$/.test(name) && basename(dirname(file)) === 'rubrics') files.plugins.push(file);
    else if (CONFIG_FILES.includes(name)) files.configs.push(file);
    else if (extname(name) === '.jsonl') loose.push(file);
  });
  // In a project datasets are checked with their tasks; other .jsonl files are anybody's.
  if (files.plugins.length === 0) files.datasets = loose;
  return files;
}

function walk(folder: string, visit: (file: string) => void): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, visit);
    else if (entry.isFile()) visit(path);
  }
}

/** The folder whose plugins belong together: the nearest one above with `plugins/`, `rubrics/`, a config or package.json. */
function projectOf(file: string): string {
  const start = dirname(file);
  for (let folder = start; ; folder = dirname(folder)) {
    const isProject = ['plugins', 'rubrics', 'package.json', ...CONFIG_FILES].some((name) =>
      existsSync(join(folder, name)),
    );
    if (isProject) return folder;
    if (folder === dirname(folder)) return start;
  }
}

function groupBy(files: readonly string[], keyOf: (file: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const file of files) groups.set(keyOf(file), [...(groups.get(keyOf(file)) ?? []), file]);
  return groups;
}
