import type { SourceLocation } from '../errors.js';

export type Path = readonly (string | number)[];

/** A value to be checked, with the place where each part of it stands. */
export interface PluginSource {
  /** Absolute path, or `(code)`. */
  file: string;
  value: unknown;
  /** Where the value at `path` stands, or its key; what is not there is placed at what should hold it. */
  locate(path: Path, part?: 'key' | 'value'): SourceLocation;
  /** The same for a position inside the text at `path`, both counted from 1. */
  locateInText(path: Path, position: { line: number; column: number }): SourceLocation;
}

/** A value that code gives: there is a file at most. */
export function codeSource(value: unknown, file = '(code)'): PluginSource {
  return {
    file,
    value,
    locate: () => ({ file }),
    locateInText: (path, { line, column }) => ({ file: `${file} ${formatPath(path)}`, line, column }),
  };
}

/** `scorers[1].rouge.types`; keys that are no plain word stand in quotes. */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\p{L}\p{N}_$-]+$/u.test(part)) return `["${part}"]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  return at;
}
