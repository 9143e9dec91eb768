import { CommanderError } from 'commander';
import { InterruptedError, JudgeError } from '../errors.js';
import type { ExitCode, Io } from './io.js';
import { createProgram } from './program.js';

/** Runs one command line. Never throws and never ends the process. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    // A second Ctrl-C ends at once; what is finished was written synchronously, so nothing is lost.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  const io: Io = {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    argv,
    signal: interrupt.signal,
  };
  try {
    return await runCommand(io);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

/** The same for any streams and environment. */
export async function runCommand(io: Io): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = createProgram(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...io.argv], { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, io);
  }
}

function explain(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
  const debug = io.argv.includes('--debug');
  if (!(error instanceof JudgeError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.stderr.write(`judge: this is a bug in judgekit or a plugin\n${text}\n`);
    return 1;
  }
  io.stderr.write(`judge: ${error.describe()}\n`);
  if (error.run) io.stderr.write(`  → What is finished is kept. Go on with: judge --resume ${error.run}\n`);
  if (debug) io.stderr.write(`${error.stack}\n`);
  return error instanceof InterruptedError ? 130 : 1;
}
