import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RSS_HOOK = new URL('./peak-memory.mjs', import.meta.url).href;
export const JUDGE = fileURLToPath(new URL('../../dist/src/cli/bin.js', import.meta.url));

/** Runs `node ...args` as a whole process: wall seconds and peak resident memory in MB. */
export async function measure(args, { cwd, env = {}, memory = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'judgekit-bench-'));
  const peakFile = join(folder, 'peak');
  const started = performance.now();
  const child = spawn(process.execPath, [...(memory ? ['--import', RSS_HOOK] : []), ...args], {
    cwd,
    env: { ...process.env, ...env, JUDGEKIT_BENCH_PEAK: peakFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const seconds = (performance.now() - started) / 1000;
  const peakMB = memory && code === 0 ? Number(readFileSync(peakFile, 'utf8')) / 1024 : undefined;
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(`node ${args.join(' ')} exited with ${code}\n${stdout}${stderr}`);
  return { seconds, peakMB, stdout, stderr };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A folder that is gone when the process ends. */
export function scratchFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'judgekit-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
