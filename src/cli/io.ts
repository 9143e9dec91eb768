/** Where a command reads and writes; the process's own streams, or a test's. */
export interface Io {
  stdout: Output;
  stderr: Output;
  env: Record<string, string | undefined>;
  cwd: string;
  /** The words after `judge`. */
  argv: readonly string[];
  /** Aborted by the first Ctrl-C. */
  signal: AbortSignal;
}

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** `0` passed; `1` usage or runtime error; `100` a quality gate failed; `130` interrupted, the run can be resumed. */
export type ExitCode = 0 | 1 | 100 | 130;

/** Whether to colour what goes to `output`; NO_COLOR (no-color.org) and FORCE_COLOR rule. */
export function wantsColor(output: Output, env: Io['env']): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return output.isTTY === true && env['TERM'] !== 'dumb';
}
