import { UsageError } from '../../errors.js';
import { suggest } from '../../nearest.js';
import type { PluginEntry, Registry } from '../../plugin/registry.js';
import type { Anchor, Rubric } from '../../rubric/types.js';
import type { LocalizedText, Task } from '../../task/types.js';
import type { ExitCode, Io } from '../io.js';
import { type CatalogFlags, catalog } from './list.js';

/** What one plugin is, in full. An id that several kinds share shows each. */
export async function show(id: string, flags: CatalogFlags, io: Io): Promise<ExitCode> {
  const registry = await catalog(flags, io);
  const entries = await registry.list();
  const matches = entries.filter((entry) => entry.id === id);
  if (matches.length === 0) {
    const ids = entries.map((entry) => entry.id);
    throw new UsageError(`there is nothing called "${id}"`, { hint: suggest(id, ids, 'There are') });
  }
  const shown = await Promise.all(matches.map((entry) => describe(entry, registry)));
  if (flags.json)
    io.stdout.write(
      `${JSON.stringify(
        shown.map(({ data }) => data),
        null,
        2,
      )}\n`,
    );
  else io.stdout.write(`${shown.map(({ text }) => text).join('\n\n')}\n`);
  return 0;
}

interface Shown {
  text: string;
  data: unknown;
}

async function describe(entry: PluginEntry, registry: Registry): Promise<Shown> {
  switch (entry.kind) {
    case 'task':
      return showTask(await registry.task(entry.id), entry);
    case 'rubric':
      return showRubric(await registry.rubric(entry.id), entry);
    case 'scorer':
    case 'runtime':
      return showCode(entry, registry);
  }
}

async function showTask(task: Task, entry: PluginEntry): Promise<Shown> {
  const { samples, meanInputCharacters, meanTargetCharacters } = await task.dataset.check(task.variables);
  const rubric = typeof task.rubric === 'string' ? task.rubric : task.rubric?.id;
  const scorers = task.scorers.map(({ name, options }) => {
    const given = Object.keys(options).length > 0 ? ` ${JSON.stringify(options)}` : '';
    return `${name}${given}${name === task.primary ? '  (primary)' : ''}`;
  });
  const text = [
    heading('task', entry.id, task.title),
    ...(task.description ? bothLanguages(task.description) : []),
    fact('category', task.category),
    fact('language', task.language),
    fact('dataset', `${task.dataset.file} (${samples} samples)`),
    fact(
      'lengths',
      `about ${Math.round(meanInputCharacters)} characters in, ${Math.round(meanTargetCharacters)} in a target`,
    ),
    fact('variables', task.variables.map(({ name }) => name).join(', ')),
    fact('recorded', task.recorded),
    fact('rubric', rubric),
    ...scorers.map((scorer, index) => fact(index === 0 ? 'scorers' : '', scorer)),
    fact('from', entry.file ?? entry.from),
  ];
  const { render: _render, dataset, ...data } = task;
  return { text: lines(text), data: { kind: 'task', ...data, dataset: { file: dataset.file, samples } } };
}

function showRubric(rubric: Rubric, entry: PluginEntry): Shown {
  const { min, max, step, multiply, anchors } = rubric.scale;
  const scale = `${min} to ${max}, step ${step}${multiply === 1 ? '' : `, reported times ${multiply}`}`;
  const text = [
    heading('rubric', entry.id, rubric.title),
    ...(rubric.description ? bothLanguages(rubric.description) : []),
    fact('scale', scale),
    fact('overall', rubric.overall === 'judge' ? 'given by the judge' : 'weighted mean of the dimensions'),
    fact('reference', rubric.referenceScore === undefined ? undefined : `worth about ${rubric.referenceScore}`),
    fact(
      'empty',
      rubric.emptyOutput === 'minimum' ? 'an empty answer scores the minimum' : 'an empty answer is unscored',
    ),
    ...anchors.flatMap(anchorLines),
    ...rubric.dimensions.flatMap(({ id, title, description, weight, anchors: own }) => [
      '',
      `  ${id}  ${title.zh}  ${title.en}${weight === 1 ? '' : `  (weight ${weight})`}`,
      ...bothLanguages(description).map((line) => `  ${line}`),
      ...own.flatMap(anchorLines),
    ]),
    '',
    fact('from', entry.file ?? entry.from),
  ];
  return { text: lines(text), data: { kind: 'rubric', ...rubric } };
}

async function showCode(entry: PluginEntry, registry: Registry): Promise<Shown> {
  const schema =
    entry.kind === 'runtime'
      ? (await registry.runtime(entry.id)).options
      : await registry.scorer(entry.id).then(
          (scorer) => scorer.options,
          // Reserved scorers are the engine's own and have no object to show.
          () => undefined,
        );
  const properties = Object.entries((schema?.['properties'] ?? {}) as Record<string, Record<string, unknown>>);
  const options = properties.map(([name, { description, default: value, enum: choices }]) => {
    const facts = [
      choices ? `one of ${(choices as unknown[]).join(', ')}` : undefined,
      value === undefined ? undefined : `default ${JSON.stringify(value)}`,
    ].filter(Boolean);
    return `    ${name}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}  ${String(description ?? '')}`;
  });
  const text = [
    heading(entry.kind, entry.id, entry.title),
    ...(entry.description ? [`  ${entry.description.en}`] : []),
    ...(options.length > 0 ? ['  options', ...options] : []),
    fact('from', entry.file ?? entry.from),
  ];
  return { text: lines(text), data: { ...entry, options: schema } };
}

function heading(kind: string, id: string, title: LocalizedText | undefined): string {
  return [`${kind} ${id}`, title?.zh, title && title.en !== title.zh ? title.en : undefined].filter(Boolean).join('  ');
}

function bothLanguages({ en, zh }: LocalizedText): string[] {
  return en === zh ? [`  ${en}`] : [`  ${zh}`, `  ${en}`];
}

function fact(name: string, value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : `  ${name.padEnd(10)}${value}`;
}

function anchorLines({ range, text }: Anchor): string[] {
  return [`    ${range.padEnd(6)}${text.zh}`, ...(text.en === text.zh ? [] : [`    ${''.padEnd(6)}${text.en}`])];
}

function lines(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('\n');
}
