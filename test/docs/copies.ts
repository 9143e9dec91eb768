import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folder.js';
import type { Finished } from '../support/judge.js';
import { ROOT } from './documents.js';

/** A copy of an example in a folder of its own, where `judgekit` is installed; without a name, an empty one. */
export function copyOfExample(name?: string): string {
  const folder = temporaryFolder();
  if (name !== undefined) cpSync(join(ROOT, 'docs', 'examples', name), folder, { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules', 'judgekit'), 'junction');
  return folder;
}

/** Runs a module of an example to its end. */
export function node(cwd: string, args: readonly string[]): Promise<Finished> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    stdout += data;
  });
  child.stderr.setEncoding('utf8').on('data', (data: string) => {
    stderr += data;
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
