import { builtins } from '../../api/builtins.js';
import { formatLocation } from '../../errors.js';
import { validatePath } from '../../plugin/validate.js';
import type { ExitCode, Io } from '../io.js';

/** Checks each path as a run would, and says everything that is wrong with it. Exit 1 when anything is. */
export async function validate(paths: readonly string[], flags: { json?: boolean }, io: Io): Promise<ExitCode> {
  const results = await Promise.all(paths.map((path) => validatePath(path, { cwd: io.cwd, builtins })));
  const issues = results.flatMap((result) => result.issues);
  const checked = results.flatMap((result) => result.checked);
  if (flags.json) {
    io.stdout.write(`${JSON.stringify({ ok: issues.length === 0, checked, issues }, null, 2)}\n`);
  } else {
    for (const { ok, kind, id, file, samples } of checked) {
      io.stdout.write(
        `${ok ? 'ok  ' : 'bad '}  ${[kind, id].filter(Boolean).join(' ')}  ${file}${samples === undefined ? '' : ` (${samples} samples)`}\n`,
      );
    }
    for (const { location, message, hint } of issues) {
      io.stdout.write(`${formatLocation(location)}: ${message}\n${hint ? `  → ${hint}\n` : ''}`);
    }
    const verdict = issues.length === 0 ? 'nothing wrong' : `${issues.length} found wrong`;
    io.stdout.write(`${checked.length} checked, ${verdict}\n`);
  }
  return issues.length === 0 ? 0 : 1;
}
