import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { PluginError, UsageError } from '../errors.js';
import { kindOfPath } from '../io/stat.js';
import { TASK_FILES } from '../task/load.js';
import { isModule } from './module.js';

/** A file that holds plugins. `from` says whose it is: `built-in`, `project`, a package's name, or the path given. */
export interface PluginFile {
  kind: 'task' | 'rubric' | 'module';
  file: string;
  from: string;
}

const YAML = ['.yaml', '.yml'];
const PACKAGE_NAME = /^(@[\w.-]+\/)?judgekit-plugin-[\w.-]+$/;

/** What a folder holds by convention: tasks in `plugins/<id>/task.yaml`, rubrics in `rubrics/<id>.yaml`. */
export function filesInFolder(folder: string, from: string): PluginFile[] {
  return [...tasksIn(join(folder, 'plugins'), from), ...rubricsIn(join(folder, 'rubrics'), from)];
}

function tasksIn(folder: string, from: string): PluginFile[] {
  return children(folder).flatMap((path): PluginFile[] => {
    const name = TASK_FILES.find((file) => existsSync(join(path, file)));
    return name === undefined ? [] : [{ kind: 'task', file: join(path, name), from }];
  });
}

function rubricsIn(folder: string, from: string): PluginFile[] {
  return children(folder)
    .filter((path) => YAML.includes(extname(path)))
    .map((file): PluginFile => ({ kind: 'rubric', file, from }));
}

/**
 * What a `--plugin` stands for: a task's folder or file, a rubric's file, a module, a folder with `plugins/` or
 * `rubrics/`, or an npm package of the project. Throws UsageError when there is nothing of that name, PluginError when
 * what is there holds no plugin.
 */
export function filesOfPlugin(name: string, cwd: string): PluginFile[] {
  const path = resolve(cwd, name);
  const kind = kindOfPath(path);
  if (kind === 'folder') return filesOfFolder(path, name);
  if (kind === 'file') return [fileOf(path, name)];
  if (!isAbsolute(name) && !name.startsWith('.')) {
    const folder = packageFolder(name, cwd);
    if (folder !== undefined) return filesOfPackage(folder, name);
  }
  throw new UsageError(`there is no plugin ${name}: neither a file or folder ${path} nor an installed package`, {
    hint: 'Give the path of a task folder, a rubric, a module or a folder with plugins/ and rubrics/; or npm install the package.',
  });
}

/** The plugin packages that a project's package.json lists. Throws PluginError when one is not installed. */
export function packagesOf(cwd: string): PluginFile[] {
  const file = join(cwd, 'package.json');
  if (!existsSync(file)) return [];
  const { dependencies, devDependencies } = readJson(file) as { dependencies?: object; devDependencies?: object };
  const names = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => PACKAGE_NAME.test(name));
  return names.flatMap((name) => {
    const folder = packageFolder(name, cwd);
    if (folder === undefined) {
      throw new PluginError(`the plugin package ${name} is not installed`, [], {
        location: { file },
        hint: 'Run npm install.',
      });
    }
    return filesOfPackage(folder, name);
  });
}

function filesOfFolder(folder: string, from: string): PluginFile[] {
  const taskFile = TASK_FILES.find((file) => existsSync(join(folder, file)));
  if (taskFile !== undefined) return [{ kind: 'task', file: join(folder, taskFile), from }];
  if (existsSync(join(folder, 'package.json'))) return filesOfPackage(folder, from);
  const files = filesInFolder(folder, from);
  if (files.length > 0) return files;
  // The folder `plugins` or `rubrics` itself.
  const inside = [...tasksIn(folder, from), ...rubricsIn(folder, from)];
  if (inside.length > 0) return inside;
  throw new PluginError('there is no plugin in this folder', [], {
    location: { file: folder },
    hint: 'A task has task.yaml in its folder; a collection has plugins/<id>/task.yaml or rubrics/<id>.yaml.',
  });
}

/** What a single file is. Throws PluginError when it is no plugin. */
export function fileOf(file: string, from: string): PluginFile {
  if (isModule(file)) return { kind: 'module', file, from };
  if (YAML.includes(extname(file)) || extname(file) === '.json') {
    const isTask =
      TASK_FILES.includes(basename(file)) || /^\s*"?(prompt|dataset|scorers)"?\s*:/m.test(readFileSync(file, 'utf8'));
    return { kind: isTask ? 'task' : 'rubric', file, from };
  }
  throw new PluginError('this file is no plugin', [], {
    location: { file },
    hint: 'A plugin is a task.yaml, a rubric (.yaml) or a module (.js, .mjs, .ts).',
  });
}

function filesOfPackage(folder: string, name: string): PluginFile[] {
  const data = filesInFolder(folder, name);
  const { main, exports } = readJson(join(folder, 'package.json'));
  const entry = exportedModule(exports) ?? (typeof main === 'string' ? main : undefined);
  // `npm init` writes a main that a package of data never gets; what is exported on purpose must be there.
  const isLeftOver =
    exports === undefined && data.length > 0 && entry !== undefined && !existsSync(join(folder, entry));
  const module: PluginFile[] =
    entry === undefined || isLeftOver ? [] : [{ kind: 'module', file: join(folder, entry), from: name }];
  const files = [...data, ...module];
  if (files.length > 0) return files;
  throw new PluginError(`the package ${name} holds no plugin`, [], {
    location: { file: folder },
    hint: 'A plugin package has plugins/, rubrics/ or a main entry.',
  });
}

/** The module that `import` would load by the `exports` of a package.json. */
function exportedModule(exports: unknown): string | undefined {
  const isMap = typeof exports === 'object' && exports !== null && '.' in exports;
  return conditional(isMap ? exports['.'] : exports);
}

function conditional(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  const { node, import: imported, default: fallback } = target as Record<string, unknown>;
  return conditional(node) ?? conditional(imported) ?? conditional(fallback);
}

/** Folder of an installed package, looked for as Node does: in `node_modules` here and in every folder above. */
function packageFolder(name: string, cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

function readJson(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')) as Record<string, unknown>;
  } catch (cause) {
    throw new PluginError('the file is not valid JSON', [], { location: { file }, cause });
  }
}

/** The entries of a folder, by name; none when there is no such folder. Hidden ones are left out. */
function children(folder: string): string[] {
  if (kindOfPath(folder) !== 'folder') return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}
