import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ID } from '../definition/shape.js';
import { UsageError } from '../errors.js';
import { suggest } from '../nearest.js';
import { packageRoot } from '../package.js';
import { projectFiles, rubricFile, taskFiles } from './scaffold-files.js';

export type ScaffoldKind = 'task' | 'rubric' | 'project';

const KINDS: readonly ScaffoldKind[] = ['task', 'rubric', 'project'];

/**
 * Writes a start for a plugin of one's own: a task into `plugins/<name>/`, a rubric into `rubrics/<name>.yaml`, a project
 * into `<name>/`, all under `folder`. What it writes is valid and runs. Returns the files, absolute.
 *
 * Throws UsageError for a name that cannot be an id, one that a built-in plugin has, or a file that is there already:
 * nothing is written then.
 */
export async function scaffold(kind: ScaffoldKind, name: string, folder: string): Promise<string[]> {
  if (!KINDS.includes(kind)) {
    throw new UsageError(`there is no kind "${kind}"`, { hint: suggest(kind, KINDS, 'Kinds are') });
  }
  if (!ID.test(name)) throw badName(kind, name);
  const files = filesOf(kind, name, resolve(folder));
  const [taken] = [...files.keys()].filter((file) => existsSync(file));
  if (taken !== undefined) {
    throw new UsageError(`${taken} is there already`, { hint: 'Choose another name, or move the file away.' });
  }
  for (const [file, text] of files) {
    await mkdir(dirname(file), { recursive: true });
    // `wx`: if somebody else has just written it, theirs stays.
    await writeFile(file, text, { flag: 'wx' });
  }
  return [...files.keys()];
}

function filesOf(kind: ScaffoldKind, name: string, folder: string): Map<string, string> {
  if (kind === 'project') return under(join(folder, name), projectFiles(name));
  const builtIn = kind === 'task' ? join('plugins', name) : join('rubrics', `${name}.yaml`);
  if (existsSync(join(packageRoot(), builtIn))) {
    throw new UsageError(`judgekit has a ${kind} named ${name} itself`, {
      hint: 'Ids are unique: choose another name.',
    });
  }
  if (kind === 'rubric') return under(join(folder, 'rubrics'), { [`${name}.yaml`]: rubricFile(name) });
  return under(join(folder, 'plugins', name), taskFiles(name, 'summarization'));
}

function under(folder: string, files: Record<string, string>): Map<string, string> {
  return new Map(Object.entries(files).map(([path, text]) => [join(folder, path), text]));
}

function badName(kind: ScaffoldKind, name: string): UsageError {
  const better = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replaceAll(/^-+|-+$/g, '');
  return new UsageError(`"${name}" cannot be the name of a ${kind}`, {
    hint: `Names are made of lower-case letters, digits and hyphens, for example ${better || `my-${kind}`}.`,
  });
}
