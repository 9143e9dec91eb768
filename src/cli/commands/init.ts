import { relative } from 'node:path';
import { UsageError } from '../../errors.js';
import { suggest } from '../../nearest.js';
import { scaffold } from '../../plugin/scaffold.js';
import type { ExitCode, Io } from '../io.js';

const KINDS = ['task', 'rubric', 'project'] as const;

/** Writes a start of one's own, which passes `judge validate` and runs at once. */
export async function init(kind: string, name: string, io: Io): Promise<ExitCode> {
  const known = KINDS.find((candidate) => candidate === kind);
  if (!known)
    throw new UsageError(`"${kind}" is nothing that init can start`, { hint: suggest(kind, KINDS, 'It starts') });
  const files = await scaffold(known, name, io.cwd);
  for (const file of files) io.stdout.write(`wrote ${relative(io.cwd, file)}\n`);
  const next = {
    task: `judge --task ${name}`,
    rubric: `judge validate rubrics/${name}.yaml`,
    project: `cd ${name} && judge`,
  }[known];
  io.stdout.write(`Try it: ${next}\n`);
  return 0;
}
