import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { RunError, UsageError } from '../errors.js';
import type { Manifest, RunSummary } from './types.js';

export const RECORDS_FILE = 'records.jsonl';
const MANIFEST_FILE = 'manifest.json';
const SUMMARY_FILE = 'summary.json';

/** A new id that sorts by time: `20260131-235959-<label>-<4 hex digits>`. */
export function newRunId(label: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const name = label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return [stamp, name, randomBytes(2).toString('hex')].filter(Boolean).join('-');
}

/** Makes the directory of a new run. Throws RunError when it cannot be made. */
export function createRunDirectory(root: string, id: string): string {
  const directory = join(root, id);
  try {
    mkdirSync(root, { recursive: true });
    mkdirSync(directory);
  } catch (cause) {
    throw new RunError(`the run's directory cannot be made (${(cause as NodeJS.ErrnoException).code})`, {
      location: { file: directory },
      hint: 'Run from a folder that you can write to, or choose another with --runs-dir.',
      cause,
    });
  }
  return directory;
}

/** Whether work on the run has begun: from then on it can be resumed. */
export function isStarted(directory: string): boolean {
  return existsSync(join(directory, RECORDS_FILE));
}

export function writeManifest(directory: string, manifest: Manifest): void {
  writeWhole(join(directory, MANIFEST_FILE), manifest);
}

/** Throws RunError when it is missing, broken or of a later version. */
export function readManifest(directory: string): Manifest {
  const file = join(directory, MANIFEST_FILE);
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest>;
  } catch (cause) {
    throw new RunError('this is no run: its manifest is missing or broken', {
      location: { file },
      hint: 'A run that was stopped before its first sample has nothing to resume; start a new one.',
      cause,
    });
  }
  if (manifest.version !== 1 || !Array.isArray(manifest.tasks)) {
    throw new RunError(`the run was written in a format this version does not read (version ${manifest.version})`, {
      location: { file },
      hint: 'Use the judgekit version that wrote it.',
    });
  }
  return manifest as Manifest;
}

export function writeSummary(directory: string, summary: RunSummary): void {
  writeWhole(join(directory, SUMMARY_FILE), summary);
}

/** Undefined when there is none yet, or none that can be read: it can be rebuilt at any time. */
export function readSummary(directory: string): RunSummary | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, SUMMARY_FILE), 'utf8')) as RunSummary;
  } catch {
    return undefined;
  }
}

/** Written aside and renamed, so that the file is whole or absent. */
function writeWhole(file: string, value: unknown): void {
  try {
    writeFileSync(`${file}.tmp`, `${JSON.stringify(value, null, 2)}\n`);
    renameSync(`${file}.tmp`, file);
  } catch (cause) {
    throw new RunError(`${basename(file)} cannot be written (${(cause as NodeJS.ErrnoException).code})`, {
      location: { file },
      hint: 'Make room or check permissions; what is in records.jsonl is safe.',
      cause,
    });
  }
}

/**
 * The directory of the run that a user names: its path, its id, the start of its id, or nothing for the newest that is
 * not finished (with `evenFinished`, the newest of all). Throws UsageError when there is none or several.
 */
export function findRun(root: string, name?: string, evenFinished = false): string {
  if (name !== undefined) {
    const path = isAbsolute(name) ? name : resolve(name);
    if (existsSync(join(path, MANIFEST_FILE))) return path;
  }
  const ids = existsSync(root) ? readdirSync(root).filter((id) => existsSync(join(root, id, MANIFEST_FILE))) : [];
  ids.sort();
  if (name === undefined) {
    const newest = ids.findLast((id) => evenFinished || readSummary(join(root, id))?.complete !== true);
    if (newest !== undefined) return join(root, newest);
    throw new UsageError('there is no unfinished run to resume', {
      location: { file: root },
      hint: ids.length > 0 ? `Name a finished one to check it: ${ids.at(-1)}` : 'Start one with `judge`.',
    });
  }
  const matches = ids.includes(name) ? [name] : ids.filter((id) => id.startsWith(name));
  if (matches.length === 1) return join(root, matches[0]!);
  throw new UsageError(matches.length === 0 ? `there is no run ${name}` : `several runs begin with ${name}`, {
    location: { file: root },
    hint: (matches.length > 0 ? matches : ids).slice(-5).join('  ') || 'There are no runs yet.',
  });
}
