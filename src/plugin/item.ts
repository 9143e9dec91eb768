import { readFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { ID } from '../definition/shape.js';
import type { PluginSource } from '../definition/source.js';
import { decodeText, parseSource } from '../definition/yaml.js';
import type { PluginFile } from './discover.js';

/** A plugin that is known by its id and loads when it is first used. */
export interface Item<T> {
  id: string;
  /** Whose it is: `built-in`, `project`, `code`, a package's name, or the path given. */
  from: string;
  /** The file that defines it; absent for what is made in code. */
  file?: string;
  load: () => Promise<T>;
}

/** A task or rubric with its source, which is parsed at most once. */
export interface FileItem<T> extends Item<T> {
  source: () => Promise<PluginSource>;
}

/** Calls a loader at most once. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined;
  return () => {
    pending ??= load();
    return pending;
  };
}

/** A YAML file as an item: read now, parsed when it is used. Throws PluginError when it is not UTF-8. */
export async function fileItem<T>(
  { kind, file, from }: PluginFile,
  load: (source: PluginSource) => Promise<T>,
): Promise<FileItem<T>> {
  const text = decodeText(await readFile(file), file);
  const source = once(async () => parseSource(text, file));
  const id = peekId(text) ?? (await source().then(idOf, () => undefined)) ?? fallbackId(kind, file);
  return { id, from, file, source, load: once(async () => load(await source())) };
}

/**
 * The id without parsing: parsing twenty tasks and rubrics takes longer than all the rest of a start. A line that begins
 * with `id:` in the first column can be nothing but the top-level key.
 */
function peekId(text: string): string | undefined {
  return /^id:[ \t]+(["']?)([a-z0-9-]+)\1[ \t]*(?:#.*)?$/m.exec(text)?.[2];
}

function idOf({ value }: PluginSource): string | undefined {
  const id = (value as { id?: unknown } | null)?.id;
  return typeof id === 'string' && ID.test(id) ? id : undefined;
}

/** What a broken file is called until it is mended. */
function fallbackId(kind: PluginFile['kind'], file: string): string {
  return kind === 'task' ? basename(dirname(file)) : basename(file, extname(file));
}
