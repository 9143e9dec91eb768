import { errorMessage, PluginError } from '../errors.js';
import type { Rubric } from '../rubric/types.js';
import type { Runtime } from '../runtime/types.js';
import type { Scorer } from '../scoring/types.js';
import type { LoadedTask } from '../task/load.js';
import { localized } from '../task/localized.js';
import type { LocalizedText } from '../task/types.js';
import type { FileItem, Item } from './item.js';
import type { Shelf } from './shelf.js';

/** One line of `judge list`. */
export interface PluginEntry {
  kind: 'task' | 'rubric' | 'scorer' | 'runtime';
  id: string;
  title?: LocalizedText;
  description?: LocalizedText;
  /** Of a task. */
  category?: string;
  language?: string;
  rubric?: string;
  /** Whose it is: `built-in`, `project`, `code`, a package's name, or the path given. */
  from: string;
  file?: string;
  /** Why it cannot be used. */
  problem?: string;
}

export interface Shelves {
  tasks: Shelf<FileItem<LoadedTask>>;
  rubrics: Shelf<FileItem<Rubric>>;
  scorers: Shelf<Item<Scorer>>;
  runtimes: Shelf<Item<Runtime>>;
  reserved: Record<string, { description: string }>;
}

/** Everything there is: tasks, rubrics, scorers, runtimes, each in the order in which they were found. */
export async function listEntries(
  { tasks, rubrics, scorers, runtimes, reserved }: Shelves,
  checkTask: (item: FileItem<LoadedTask>) => Promise<unknown>,
): Promise<PluginEntry[]> {
  return Promise.all([
    ...tasks.items().map((item) => fileEntry('task', item, () => checkTask(item))),
    ...rubrics.items().map((item) => fileEntry('rubric', item, item.load)),
    ...Object.entries(reserved).map(async ([id, { description }]): Promise<PluginEntry> => {
      return { kind: 'scorer', id, description: localized(description), from: 'built-in' };
    }),
    ...scorers.items().map((item) => codeEntry('scorer', item)),
    ...runtimes.items().map((item) => codeEntry('runtime', item)),
  ]);
}

async function fileEntry(
  kind: 'task' | 'rubric',
  item: FileItem<unknown>,
  check: () => Promise<unknown>,
): Promise<PluginEntry> {
  const entry: PluginEntry = {
    kind,
    id: item.id,
    from: item.from,
    ...(item.file === undefined ? {} : { file: item.file }),
  };
  try {
    await check();
  } catch (error) {
    entry.problem = problemOf(error);
  }
  const value = await item.source().then(
    (source) => source.value,
    () => undefined,
  );
  if (typeof value !== 'object' || value === null) return entry;
  const { title, description, category, language, rubric } = value as Record<string, unknown>;
  if (isText(title)) entry.title = localized(title);
  if (isText(description)) entry.description = localized(description);
  if (typeof category === 'string') entry.category = category;
  if (typeof language === 'string') entry.language = language;
  const rubricId = typeof rubric === 'object' && rubric !== null ? (rubric as { id?: unknown }).id : rubric;
  if (kind === 'task' && typeof rubricId === 'string') entry.rubric = rubricId;
  return entry;
}

async function codeEntry(kind: 'scorer' | 'runtime', item: Item<Scorer | Runtime>): Promise<PluginEntry> {
  const entry: PluginEntry = {
    kind,
    id: item.id,
    from: item.from,
    ...(item.file === undefined ? {} : { file: item.file }),
  };
  try {
    const { description } = await item.load();
    if (description !== undefined) entry.description = localized(description);
  } catch (error) {
    entry.problem = problemOf(error);
  }
  return entry;
}

function problemOf(error: unknown): string {
  const issues = error instanceof PluginError ? error.issues : [];
  return issues.length === 0 ? errorMessage(error) : issues.map(({ message }) => message).join('; ');
}

function isText(value: unknown): value is string | LocalizedText {
  if (typeof value === 'string') return true;
  const { en, zh } = (value ?? {}) as Partial<LocalizedText>;
  return typeof en === 'string' && typeof zh === 'string';
}
