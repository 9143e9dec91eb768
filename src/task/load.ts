import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { contentHash } from '../definition/hash.js';
import { issuesOf, refuse } from '../definition/refuse.js';
import { checkSchema } from '../definition/schema.js';
import { checkScorer } from '../definition/shape.js';
import { codeSource, type PluginSource } from '../definition/source.js';
import { decodeText, readSource } from '../definition/yaml.js';
import { PluginError, type PluginIssue } from '../errors.js';
import { kindOfPath } from '../io/stat.js';
import { suggest } from '../nearest.js';
import { rubricFrom } from '../rubric/load.js';
import type { ChatMessage } from '../runtime/types.js';
import type { ScorerEntry } from '../scoring/types.js';
import { fileDataset, rowsDataset } from './dataset.js';
import { localized } from './localized.js';
import { checkNames, isScorer, type PlacedScorerUse, toScorerUses } from './scorer-use.js';
import type { LocateInFile, Template } from './template.js';
import type { Sample, Task, TaskDefinition } from './types.js';

/** Scorers that are made of the task's rubric and a judge. */
const NEED_RUBRIC = ['llm-judge', 'baseline'];

/** The files that a task plugin's folder may be defined by. */
export const TASK_FILES = ['task.yaml', 'task.yml'];

/**
 * Loads a task from its folder or file, or checks one from code. Rubric and scorers are named, not resolved: a registry
 * does that. Throws PluginError with every finding.
 */
export async function loadTask(task: string | TaskDefinition): Promise<Task> {
  if (typeof task !== 'string') return (await taskFromCode(task)).task;
  const file = taskFile(resolve(task));
  return (await taskFrom(await readSource(file), dirname(file))).task;
}

/** The defining file of a task's folder; of a file, itself. */
export function taskFile(path: string): string {
  if (kindOfPath(path) !== 'folder') return path;
  const name = TASK_FILES.find((file) => existsSync(join(path, file)));
  if (name !== undefined) return join(path, name);
  throw new PluginError('there is no task.yaml in this folder', [], { location: { file: path } });
}

/** A loaded task, with what a registry needs to point into its file. */
export interface LoadedTask {
  task: Task;
  uses: PlacedScorerUse[];
  source: PluginSource;
}

/** A task of code. `file` is the module it comes from; relative paths start at `baseDir`. */
export async function taskFromCode(definition: TaskDefinition, file = '(code)', baseDir = '.'): Promise<LoadedTask> {
  return taskFrom(codeSource(definition, file), resolve(baseDir, definition.baseDir ?? '.'));
}

/** A task from a source that was read already. */
export async function taskFrom(source: PluginSource, baseDir: string): Promise<LoadedTask> {
  const given = source.value as TaskDefinition;
  const plain = plainDefinition(given);
  refuse('the task', await checkSchema('task', { ...source, value: plain }));

  const issues: PluginIssue[] = [];
  const uses = toScorerUses(given.scorers);
  const names = uses.map(({ name }) => name);
  issues.push(...checkNames(uses, source), ...(await checkInlineParts(given, source)));
  const { primary = names[0]! } = given;
  if (!names.includes(primary)) {
    const message = `primary: no scorer of this task is named "${primary}"`;
    issues.push({ message, hint: suggest(primary, names, 'Scorers are'), location: source.locate(['primary']) });
  }
  for (const { scorer, optionsPath } of uses) {
    if (given.rubric !== undefined || typeof scorer !== 'string' || !NEED_RUBRIC.includes(scorer)) continue;
    const hint = 'Name one: rubric: summarization.';
    issues.push({
      message: `${scorer} needs a rubric, and the task has none`,
      hint,
      location: source.locate(optionsPath, 'key'),
    });
  }
  for (const key of ['dataset', 'recorded'] as const) {
    const path = given[key];
    if (typeof path === 'string') issues.push(...checkFile(resolve(baseDir, path), key, source));
  }
  const prompt = await loadTemplate('prompt', source, baseDir, issues);
  const system = given.system === undefined ? undefined : await loadTemplate('system', source, baseDir, issues);
  refuse('the task', issues);

  const { id, title, description, category, dataset, recorded, rubric } = given;
  const texts = { prompt: prompt!.text, ...(system ? { system: system.text } : {}) };
  const task: Task = {
    id,
    title: localized(title ?? id),
    ...(description === undefined ? {} : { description: localized(description) }),
    ...(category === undefined ? {} : { category }),
    language: given.language ?? languageOf(Object.values(texts).join('\n')),
    dataset: typeof dataset === 'string' ? fileDataset(resolve(baseDir, dataset)) : rowsDataset(dataset, source.file),
    ...(recorded === undefined ? {} : { recorded: resolve(baseDir, recorded) }),
    ...(rubric === undefined ? {} : { rubric }),
    scorers: uses.map(({ name, scorer, options }) => ({ name, scorer, options })),
    primary,
    generation: given.generation ?? {},
    file: source.file,
    hash: contentHash([plain, texts]),
    variables: [...(system?.template.variables ?? []), ...prompt!.template.variables].filter(
      ({ name }, index, all) => all.findIndex((other) => other.name === name) === index,
    ),
    render: (sample) => render(sample, prompt!.template, system?.template),
  };
  return { task, uses, source };
}

/** What of a definition can stand in YAML, so that one schema checks both: parts from code are put by their ids. */
function plainDefinition(definition: TaskDefinition): unknown {
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) return definition;
  const { baseDir, ...rest } = definition;
  const plain: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  );
  if (Array.isArray(plain['dataset'])) plain['dataset'] = '(rows).jsonl';
  const rubric = plain['rubric'] as { id?: unknown } | string | undefined;
  if (typeof rubric === 'object' && rubric !== null) plain['rubric'] = rubric.id;
  if (Array.isArray(plain['scorers'])) {
    plain['scorers'] = plain['scorers'].map((entry: ScorerEntry | null) =>
      entry !== null && isScorer(entry) ? entry.id : entry,
    );
  }
  return plain;
}

async function checkInlineParts({ rubric, scorers }: TaskDefinition, source: PluginSource): Promise<PluginIssue[]> {
  const issues = scorers.flatMap((entry, index) => {
    return isScorer(entry) ? checkScorer(entry, codeSource(entry, source.file), `scorers[${index}]`) : [];
  });
  if (typeof rubric === 'object') {
    await rubricFrom(codeSource(rubric, source.file)).catch((error: unknown) => issues.push(...issuesOf(error)));
  }
  return issues;
}

function checkFile(file: string, key: 'dataset' | 'recorded', source: PluginSource): PluginIssue[] {
  if (kindOfPath(file) === 'file') return [];
  return [{ message: `${key}: there is no file ${file}`, hint: nearFile(file), location: source.locate([key]) }];
}

/** A file of nearly this name in the same folder. */
function nearFile(file: string): string {
  const folder = dirname(file);
  if (!existsSync(folder)) return `There is no folder ${folder} either. Paths are relative to the task's file.`;
  const others = readdirSync(folder).filter((name) => extname(name) === extname(file));
  return suggest(file.slice(folder.length + 1), others, 'The folder has') ?? "Paths are relative to the task's file.";
}

/** A template's text and compiled form; undefined, with findings in `issues`, when there is something wrong with it. */
async function loadTemplate(
  key: 'prompt' | 'system',
  source: PluginSource,
  baseDir: string,
  issues: PluginIssue[],
): Promise<{ text: string; template: Template } | undefined> {
  const given = (source.value as TaskDefinition)[key]!;
  const { compileTemplate } = await import('./template.js');
  const isFile = /^[^\n{}]+\.hbs$/.test(given.trim());
  const file = resolve(baseDir, given.trim());
  if (isFile && !existsSync(file)) {
    issues.push({ message: `${key}: there is no file ${file}`, hint: nearFile(file), location: source.locate([key]) });
    return undefined;
  }
  const locate: LocateInFile = isFile
    ? (position) => ({ file, ...position })
    : (position) => source.locateInText([key], position);
  try {
    const text = isFile ? decodeText(await readFile(file), file) : given;
    const template = compileTemplate(text, locate);
    if (!isFile && !template.usesRow && /^\S+\.\w{2,4}$/.test(text)) {
      const hint = 'A template file ends in .hbs.';
      issues.push({
        message: `${key}: "${text}" is taken as the template's text`,
        hint,
        location: source.locate([key]),
      });
    }
    return { text, template };
  } catch (error) {
    issues.push(...issuesOf(error));
    return undefined;
  }
}

function render(sample: Sample, prompt: Template, system: Template | undefined): ChatMessage[] {
  try {
    const messages: ChatMessage[] = [{ role: 'user', content: prompt.render(sample.variables) }];
    if (system) messages.unshift({ role: 'system', content: system.render(sample.variables) });
    return messages;
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    const { message, location, hint, cause } = error;
    throw new PluginError(`sample ${sample.id}: ${message}`, [], { location, hint, cause });
  }
}

/** A template in Chinese asks in Chinese; Japanese and Korean texts hold Chinese characters too, beside their own. */
function languageOf(text: string): string {
  return /\p{Script=Han}/u.test(text) && !/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text)
    ? 'zh'
    : 'en';
}
