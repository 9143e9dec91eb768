import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../dist/src/cli/bin.js', import.meta.url));

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunningJudge {
  child: ChildProcess;
  finished: Promise<Finished>;
}

/** Starts the built command in `cwd`, with no key and no setting of this machine's. */
export function startJudge(cwd: string, args: readonly string[], env: Record<string, string> = {}): RunningJudge {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OPENAI|JUDGE)_|_API_KEY$|^(NO|FORCE)_COLOR$/.test(name)),
  );
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    stdout += data;
  });
  child.stderr.setEncoding('utf8').on('data', (data: string) => {
    stderr += data;
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, finished };
}

/** Runs the built command to its end. */
export function judge(cwd: string, args: readonly string[], env?: Record<string, string>): Promise<Finished> {
  return startJudge(cwd, args, env).finished;
}
