import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RunError } from '../errors.js';

interface LockOwner {
  pid: number;
  host: string;
  /** Start of the process in clock ticks since boot (Linux), so that a reused pid is not taken for its owner. */
  started?: string;
  token: string;
}

/**
 * Takes the run for this process alone: a file `lock` that is created exclusively and names its owner. A lock whose
 * owner is dead is taken over. Returns the function that gives it back. Throws RunError when another process holds it.
 */
export function lockRun(directory: string): () => void {
  const file = join(directory, 'lock');
  const owner: LockOwner = {
    pid: process.pid,
    host: hostname(),
    started: processStart(process.pid),
    token: randomUUID(),
  };
  for (let attempt = 0; attempt < 10; attempt++) {
    if (createExclusively(file, owner)) return () => release(file, owner.token);
    const holder = readOwner(file);
    if (holder === undefined) continue;
    if (holder !== 'unreadable' && isAlive(holder)) throw heldBy(directory, holder);
    // Only one of several that see the dead lock wins this rename; the others find the file gone or someone's new one.
    const aside = `${file}.${owner.token}`;
    try {
      renameSync(file, aside);
    } catch {
      continue;
    }
    const taken = readOwner(aside);
    if (taken !== undefined && taken !== 'unreadable' && isAlive(taken)) {
      renameSync(aside, file);
      throw heldBy(directory, taken);
    }
    rmSync(aside, { force: true });
  }
  throw new RunError('the run is being opened by several processes at once', {
    location: { file: directory },
    hint: 'Wait a moment and try again.',
  });
}

/** A hard link appears whole or not at all, so nobody reads a lock that is half written. */
function createExclusively(file: string, owner: LockOwner): boolean {
  const draft = `${file}.${owner.token}`;
  try {
    writeFileSync(draft, JSON.stringify(owner));
    linkSync(draft, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    return createWithoutLinks(file, owner);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** For file systems that have no hard links (exFAT, some network mounts). */
function createWithoutLinks(file: string, owner: LockOwner): boolean {
  try {
    writeFileSync(file, JSON.stringify(owner), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function heldBy(directory: string, owner: LockOwner): RunError {
  return new RunError(`another process works on this run (pid ${owner.pid} on ${owner.host})`, {
    location: { file: directory },
    hint: 'Wait for it or stop it. A run has one writer at a time.',
  });
}

function release(file: string, token: string): void {
  const holder = readOwner(file);
  if (holder !== undefined && holder !== 'unreadable' && holder.token === token) rmSync(file, { force: true });
}

/** Undefined when there is no lock (any more); `unreadable` when its writer died before it was written. */
function readOwner(file: string): LockOwner | 'unreadable' | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const owner: unknown = JSON.parse(text);
    if (typeof owner === 'object' && owner !== null && 'pid' in owner && 'host' in owner) return owner as LockOwner;
  } catch {
    // Falls through: a lock that names nobody protects nobody.
  }
  return 'unreadable';
}

function isAlive(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const started = processStart(owner.pid);
  return owner.started === undefined || started === undefined || owner.started === started;
}

/** Field 22 of /proc/<pid>/stat; undefined where there is no /proc. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
