import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { refuse } from '../definition/refuse.js';
import { checkRuntime, checkScorer, ID } from '../definition/shape.js';
import { codeSource } from '../definition/source.js';
import { errorMessage, PluginError, type PluginIssue, type SourceLocation } from '../errors.js';
import { suggest } from '../nearest.js';
import type { PluginDefinitions } from './define.js';

/** Extensions of modules that can hold plugins or a config. */
const MODULE_EXTENSIONS = ['.js', '.mjs', '.ts', '.mts'];

/** Whether this Node runs TypeScript itself (from 22.18 on). */
export function runsTypeScript(features: object = process.features): boolean {
  return Boolean((features as { typescript?: string | false }).typescript);
}

/** The default export of a module. Throws PluginError with the line of a syntax error. */
export async function importDefault(file: string, typescript = runsTypeScript()): Promise<unknown> {
  if (/\.m?ts$/.test(file) && !typescript) {
    throw new PluginError(`Node ${process.versions.node} does not run TypeScript files`, [], {
      location: { file },
      hint: 'Rename the file to .mjs and remove its types, or use Node 22.18 or later.',
    });
  }
  if (!existsSync(file)) throw new PluginError('there is no such file', [], { location: { file } });
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(realpathSync(file)).href)) as { default?: unknown };
  } catch (cause) {
    throw new PluginError(`the module cannot be loaded: ${errorMessage(cause)}`, [], {
      location: placeOf(cause, file),
      hint: 'Run it alone to see more: node FILE.',
      cause,
    });
  }
  if (module.default === undefined) {
    throw new PluginError('the module has no default export', [], {
      location: { file },
      hint: 'Write: export default { tasks: [], rubrics: [], scorers: [], runtimes: [] }.',
    });
  }
  return module.default;
}

/** Where a module failed: the first place in the stack that is no package's. */
function placeOf(error: unknown, file: string): SourceLocation {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const places = stack.matchAll(/(file:\/\/[^\s)]+?):(\d+)(?::(\d+))?\)?$/gm);
  for (const [, url, line, column] of places) {
    if (url!.includes('/node_modules/')) continue;
    return { file: fileURLToPath(url!), line: Number(line), column: column === undefined ? undefined : Number(column) };
  }
  return syntaxErrorPlace(file);
}

/** What a failed import throws does not say where a syntax error is; `node --check` does, for the file itself. */
function syntaxErrorPlace(file: string): SourceLocation {
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 5_000 });
  const [, line, caret] = /^.*:(\d+)\n.*\n( *)\^/.exec(stderr ?? '') ?? [];
  return line === undefined ? { file } : { file, line: Number(line), column: caret!.length + 1 };
}

/** Plugins of a module: its default export is `{ tasks, rubrics, scorers, runtimes }`. Throws PluginError. */
export async function importPlugins(file: string): Promise<PluginDefinitions> {
  return checkDefinitions(await importDefault(file), file);
}

const KINDS = ['tasks', 'rubrics', 'scorers', 'runtimes'] as const;

/** Checks the shape of plugins from code; tasks and rubrics are checked whole when they are loaded. */
export function checkDefinitions(value: unknown, file = '(code)'): PluginDefinitions {
  const source = codeSource(value, file);
  const location = { file };
  const shape = 'It looks like { tasks: [], rubrics: [], scorers: [], runtimes: [] }, each of them optional.';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PluginError('plugins from code must be an object', [], { location, hint: shape });
  }
  const issues: PluginIssue[] = [];
  for (const [key, list] of Object.entries(value)) {
    if (!KINDS.includes(key as (typeof KINDS)[number])) {
      issues.push({ message: `unknown key "${key}"`, hint: suggest(key, KINDS) ?? shape, location });
    } else if (list !== undefined && !Array.isArray(list)) {
      issues.push({ message: `${key} must be a list`, hint: `Write ${key}: [ … ].`, location });
    } else {
      issues.push(
        ...((list ?? []) as unknown[]).flatMap((item, index) =>
          checkItem(key as (typeof KINDS)[number], item, `${key}[${index}]`),
        ),
      );
    }
  }
  refuse('the plugin', issues);
  return value;

  function checkItem(kind: (typeof KINDS)[number], item: unknown, what: string): PluginIssue[] {
    if (kind === 'scorers') return checkScorer(item, source, what);
    if (kind === 'runtimes') return checkRuntime(item, source, what);
    const id = (item as { id?: unknown } | null)?.id;
    if (typeof id === 'string' && ID.test(id)) return [];
    return [
      {
        message: `${what}.id cannot be ${JSON.stringify(id)}`,
        hint: 'An id is made of lower-case letters, digits and hyphens.',
        location,
      },
    ];
  }
}

export function isModule(file: string): boolean {
  return MODULE_EXTENSIONS.includes(extname(file));
}
