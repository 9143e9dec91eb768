import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { issuesOf, refuse } from '../definition/refuse.js';
import { checkOptions } from '../definition/schema.js';
import { codeSource, type PluginSource } from '../definition/source.js';
import { type PluginIssue, UsageError } from '../errors.js';
import type { JsonSchema } from '../json.js';
import { nearest, suggest } from '../nearest.js';
import { packageRoot } from '../package.js';
import { rubricFrom } from '../rubric/load.js';
import type { Rubric, RubricDefinition } from '../rubric/types.js';
import type { Runtime } from '../runtime/types.js';
import type { Scorer } from '../scoring/types.js';
import { type LoadedTask, taskFrom, taskFromCode } from '../task/load.js';
import { scorerId } from '../task/scorer-use.js';
import type { Task, TaskDefinition } from '../task/types.js';
import type { PluginDefinitions } from './define.js';
import { filesInFolder, filesOfPlugin, packagesOf } from './discover.js';
import { type FileItem, fileItem, type Item, once } from './item.js';
import { listEntries, type PluginEntry } from './list.js';
import { checkDefinitions, importPlugins } from './module.js';
import { Shelf } from './shelf.js';

export type { PluginDefinitions } from './define.js';
export type { PluginEntry } from './list.js';

/** Loaders of the built-in scorers and runtimes by id; each is called when its plugin is first used. */
export interface Builtins {
  scorers: Record<string, () => Promise<Scorer>>;
  runtimes: Record<string, () => Promise<Runtime>>;
}

export interface RegistryOptions {
  /** The project's folder, absolute. */
  cwd: string;
  /** Paths of plugin folders or files, and names of npm packages. */
  plugins?: readonly string[];
  /** Plugins made in code. */
  define?: PluginDefinitions;
  builtins: Builtins;
}

/** Conditions that must all hold; none selects every task. */
export interface TaskFilter {
  ids?: readonly string[];
  rubric?: string;
  category?: string;
}

/** All plugins that a project has, by id. What is unknown is refused with UsageError naming the nearest id. */
export interface Registry {
  /** A task whose rubric, scorers and scorer options have been checked. Throws PluginError with every finding. */
  task(id: string): Promise<Task>;
  /** The same for all that match. Throws UsageError when none does. */
  tasks(filter?: TaskFilter): Promise<Task[]>;
  rubric(id: string): Promise<Rubric>;
  /** The rubric that a task names or brings. Throws UsageError when it has none. */
  rubricOf(task: Task): Promise<Rubric>;
  scorer(id: string): Promise<Scorer>;
  runtime(id: string): Promise<Runtime>;
  /** Everything there is, for `judge list`. A plugin that cannot be read is listed with its problem. */
  list(): Promise<PluginEntry[]>;
}

/** Scorers that the engine makes of the task's rubric and a judge, with the options that they take. */
export const RESERVED_SCORERS: Record<string, { description: string; options: JsonSchema }> = {
  'llm-judge': {
    description: 'Grades by the rubric, with the judge that the run names.',
    options: {
      type: 'object',
      additionalProperties: false,
      properties: {
        maxTokens: { type: 'integer', minimum: 1, description: "Most tokens of the judge's reply." },
        temperature: { type: 'number', minimum: 0, maximum: 2, description: "Of the judge's sampling." },
      },
    },
  },
  baseline: {
    description: 'Estimates the rubric from measurable signals; needs no model.',
    options: { type: 'object', additionalProperties: false, properties: {} },
  },
};

/**
 * Finds all plugins: built-in ones, the project's `plugins/` and `rubrics/`, `plugins` by path or package name, packages
 * named `judgekit-plugin-*` that the project depends on, and those of code. Modules are imported; YAML is read and only
 * parsed when it is used. Throws UsageError, PluginError (an id that is taken, a module that cannot be loaded).
 */
export async function createRegistry({ cwd, plugins = [], define, builtins }: RegistryOptions): Promise<Registry> {
  const tasks = new Shelf<FileItem<LoadedTask>>('task');
  const rubrics = new Shelf<FileItem<Rubric>>('rubric');
  const scorers = new Shelf<Item<Scorer>>('scorer');
  const runtimes = new Shelf<Item<Runtime>>('runtime');
  const issues: PluginIssue[] = [];

  for (const [id, load] of Object.entries(builtins.scorers)) scorers.add({ id, from: 'built-in', load: once(load) });
  for (const [id, load] of Object.entries(builtins.runtimes)) runtimes.add({ id, from: 'built-in', load: once(load) });

  const files = [
    ...filesInFolder(packageRoot(), 'built-in'),
    ...filesInFolder(cwd, 'project'),
    ...plugins.flatMap((name) => filesOfPlugin(name, cwd)),
    ...packagesOf(cwd),
  ];
  const seen = new Set<string>();
  for (const plugin of files) {
    const { kind, file, from } = plugin;
    // A file that is reached twice (a project that is judgekit itself, a link) is one plugin.
    const real = kind === 'module' ? file : realpathSync(file);
    if (seen.has(real)) continue;
    seen.add(real);
    if (kind === 'module') addDefinitions(await importPlugins(file), from, file);
    else if (kind === 'task') issues.push(...tasks.add(await fileItem(plugin, loadTaskFile)));
    else issues.push(...rubrics.add(await fileItem(plugin, rubricFrom)));
  }
  if (define) addDefinitions(checkDefinitions(define), 'code');
  refuse('the set of plugins', issues);

  function addDefinitions(definitions: PluginDefinitions, from: string, file?: string): void {
    const origin = { from, ...(file === undefined ? {} : { file }) };
    for (const definition of definitions.tasks ?? []) {
      const load = () => taskFromCode(definition, file, file === undefined ? cwd : dirname(file));
      issues.push(...tasks.add(codeItem(definition, load)));
    }
    for (const definition of definitions.rubrics ?? []) {
      issues.push(...rubrics.add(codeItem(definition, () => rubricFrom(codeSource(definition, file)))));
    }
    for (const scorer of definitions.scorers ?? []) {
      issues.push(
        ...reservedId(scorer.id, file),
        ...scorers.add({ id: scorer.id, ...origin, load: async () => scorer }),
      );
    }
    for (const runtime of definitions.runtimes ?? []) {
      issues.push(...runtimes.add({ id: runtime.id, ...origin, load: async () => runtime }));
    }

    function codeItem<T>(definition: TaskDefinition | RubricDefinition, load: () => Promise<T>): FileItem<T> {
      return { id: definition.id, ...origin, load: once(load), source: async () => codeSource(definition, file) };
    }
  }

  async function checkedTask(item: FileItem<LoadedTask>): Promise<Task> {
    const { task, uses, source } = await item.load();
    const found: PluginIssue[] = [];
    if (typeof task.rubric === 'string') {
      if (rubrics.has(task.rubric)) await rubrics.get(task.rubric).load();
      else {
        const message = `there is no rubric "${task.rubric}"`;
        found.push({
          message,
          hint: suggest(task.rubric, rubrics.ids(), 'Rubrics are'),
          location: source.locate(['rubric']),
        });
      }
    }
    for (const use of uses) {
      const id = scorerId(use);
      const what = `the options of ${id}`;
      if (typeof use.scorer !== 'string') {
        found.push(...(await checkOptions(use.scorer.options, use.options, what, source, use.optionsPath)));
      } else if (Object.hasOwn(RESERVED_SCORERS, id)) {
        found.push(...(await checkOptions(RESERVED_SCORERS[id]!.options, use.options, what, source, use.optionsPath)));
      } else if (scorers.has(id)) {
        const { options } = await scorers.get(id).load();
        found.push(...(await checkOptions(options, use.options, what, source, use.optionsPath)));
      } else {
        const known = [...Object.keys(RESERVED_SCORERS), ...scorers.ids()];
        const location = source.locate(use.optionsPath, 'key');
        found.push({ message: `there is no scorer "${id}"`, hint: suggest(id, known, 'Scorers are'), location });
      }
    }
    refuse(`task ${task.id}`, found);
    return task;
  }

  return {
    task: async (id) => checkedTask(tasks.get(id)),
    async tasks({ ids, rubric, category } = {}) {
      const candidates = ids ? [...new Set(ids)].map((id) => tasks.get(id)) : tasks.items();
      const headers = await Promise.all(
        candidates.map(async (item) => ({ item, header: headerOf(await item.source()) })),
      );
      const matching = headers.filter(
        ({ header }) =>
          (rubric === undefined || header.rubric === rubric) &&
          (category === undefined || header.category === category),
      );
      if (matching.length === 0 && rubric !== undefined) rubrics.get(rubric);
      if (matching.length === 0)
        throw noMatch(
          { ids, rubric, category },
          headers.map(({ header }) => header.category),
        );
      const found = await Promise.allSettled(matching.map(({ item }) => checkedTask(item)));
      const broken = found.flatMap((outcome) => (outcome.status === 'rejected' ? issuesOf(outcome.reason) : []));
      refuse('the tasks', broken, 'as found');
      return found.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    },
    rubric: async (id) => rubrics.get(id).load(),
    async rubricOf({ id, rubric, file }) {
      if (rubric === undefined) throw new UsageError(`task ${id} has no rubric`, { location: { file } });
      return typeof rubric === 'string' ? rubrics.get(rubric).load() : rubricFrom(codeSource(rubric, file));
    },
    scorer: async (id) => scorers.get(id).load(),
    runtime: async (id) => runtimes.get(id).load(),
    list: () => listEntries({ tasks, rubrics, scorers, runtimes, reserved: RESERVED_SCORERS }, checkedTask),
  };
}

function loadTaskFile(source: PluginSource): Promise<LoadedTask> {
  return taskFrom(source, dirname(source.file));
}

function headerOf({ value }: PluginSource): { rubric?: unknown; category?: unknown } {
  const { rubric, category } = (value ?? {}) as { rubric?: unknown; category?: unknown };
  return { rubric: typeof rubric === 'object' && rubric !== null ? (rubric as RubricDefinition).id : rubric, category };
}

function noMatch({ ids, rubric, category }: TaskFilter, categories: readonly unknown[]): UsageError {
  const conditions = [
    ids?.length ? `is one of ${ids.join(', ')}` : [],
    rubric === undefined ? [] : `is judged by rubric "${rubric}"`,
    category === undefined ? [] : `has category "${category}"`,
  ].flat();
  const known = [...new Set(categories.filter((name) => typeof name === 'string'))];
  const near = category === undefined ? undefined : nearest(category, known);
  return new UsageError(conditions.length === 0 ? 'there are no tasks' : `no task ${conditions.join(' and ')}`, {
    hint: near ? `Did you mean "${near}"? \`judge list\` shows all.` : '`judge list` shows what there is.',
  });
}

function reservedId(id: string, file = '(code)'): PluginIssue[] {
  if (!Object.hasOwn(RESERVED_SCORERS, id)) return [];
  return [{ message: `the scorer id "${id}" is reserved`, hint: 'Choose another id.', location: { file } }];
}
