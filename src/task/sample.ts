import { DatasetError } from '../errors.js';
import type { Json, JsonObject } from '../json.js';
import { nearest } from '../nearest.js';
import type { Sample } from './types.js';

/** Where a row stands: a line of a file, or the place in a list that code gave (counted from 1). */
export interface RowPlace {
  file: string;
  line?: number;
  row?: number;
}

const KEYS = ['id', 'variables', 'target', 'group', 'metadata'];
const SHAPE = 'A row looks like {"id": "…", "variables": {…}, "target": "…"}; group and metadata are optional.';

/** Checks one row and makes it a sample. Throws DatasetError naming place, field and what was expected. */
export function toSample(row: unknown, place: RowPlace): Sample {
  if (!isObject(row)) throw rowError(place, `a row must be an object, not ${nameOf(row)}`, SHAPE);
  for (const key in row) {
    if (!KEYS.includes(key)) throw unknownKey(key, row, place);
  }
  const { id, variables, target, group, metadata } = row;
  if (typeof id !== 'string' || id === '') throw wrongId(id, place);
  if (!isObject(variables))
    throw wrongField(place, 'variables', 'an object with the values for the template', variables);
  const sample: Sample = { id, variables: variables as JsonObject, targets: toTargets(target, place) };
  if (group !== undefined) {
    if (typeof group !== 'string' || group === '') throw wrongField(place, 'group', 'a text that is not empty', group);
    sample.group = group;
  }
  if (metadata !== undefined) {
    if (!isObject(metadata)) throw wrongField(place, 'metadata', 'an object', metadata);
    sample.metadata = metadata as JsonObject;
  }
  return sample;
}

/** Parses a line of a dataset. Throws DatasetError with a hint for what commonly goes wrong. */
export function parseRow(text: string, place: RowPlace): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { message } = cause as SyntaxError;
    const position = / at position (\d+)/.exec(message)?.[1];
    const problem = message.replace(/( in JSON)? at position .*$/s, '').replace(/, ".*is not valid JSON$/s, '');
    throw new DatasetError(`not valid JSON: ${problem}`, {
      location: {
        file: place.file,
        line: place.line,
        column: position === undefined ? undefined : Number(position) + 1,
      },
      hint: hintForBrokenJson(text.trim()),
      cause,
    });
  }
}

export function rowError(place: RowPlace, message: string, hint?: string): DatasetError {
  const text = place.row === undefined ? message : `row ${place.row}: ${message}`;
  return new DatasetError(text, { location: { file: place.file, line: place.line }, hint });
}

/** Characters of all text in a value. */
export function textLength(value: Json | undefined): number {
  if (typeof value === 'string') return value.length;
  if (value === null || value === undefined) return 0;
  if (typeof value !== 'object') return String(value).length;
  return Object.values(value).reduce((sum: number, item) => sum + textLength(item), 0);
}

/**
 * Where a value from code holds something that JSON cannot say (a function, NaN, a cycle), as a dotted path; undefined
 * when all of it is plain data.
 */
export function notJson(value: unknown, path: string, depth = 0): string | undefined {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean')
    return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (typeof value !== 'object' || depth > 100) return path;
  const plain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!plain) return path;
  for (const [key, item] of Object.entries(value)) {
    const found = notJson(item, `${path}.${key}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function toTargets(target: unknown, place: RowPlace): string[] {
  if (typeof target === 'string') return [target];
  if (target === undefined) return [];
  if (Array.isArray(target) && target.every((item) => typeof item === 'string')) return target;
  const hint =
    typeof target === 'object' && target !== null && !Array.isArray(target)
      ? 'Write structured references as JSON text: "target": "{\\"…\\": …}".'
      : 'Leave target out where a row has no reference answer.';
  throw wrongField(place, 'target', 'a text or a list of texts', target, hint);
}

function wrongId(id: unknown, place: RowPlace): DatasetError {
  if (id === undefined) return rowError(place, '"id" is missing', `${SHAPE} Every row needs an id of its own.`);
  const hint = typeof id === 'number' ? `Write it in quotes: "id": "${id}".` : undefined;
  return wrongField(place, 'id', 'a text that is not empty', id, hint);
}

function wrongField(place: RowPlace, field: string, expected: string, given: unknown, hint = SHAPE): DatasetError {
  if (given === undefined) return rowError(place, `"${field}" is missing; it must be ${expected}`, hint);
  return rowError(place, `"${field}" must be ${expected}, not ${nameOf(given)}`, hint);
}

function unknownKey(key: string, row: object, place: RowPlace): DatasetError {
  const near = nearest(
    key,
    KEYS.filter((name) => !(name in row)),
  );
  const hint = near ? `Did you mean "${near}"?` : `${SHAPE} Anything else goes into variables or metadata.`;
  return rowError(place, `unknown key "${key}"`, hint);
}

function hintForBrokenJson(text: string): string {
  if (text === '[' || text.startsWith('[{')) {
    return 'This looks like a JSON array. JSON Lines has one object on each line, without brackets and commas around them.';
  }
  if (text === '{') return 'Each object must stand on one line of its own: JSON Lines, not indented JSON.';
  if (text.startsWith("{'")) return 'JSON puts keys and texts in double quotes.';
  if (text.endsWith(',')) return 'JSON Lines has no comma after a line.';
  if (/\b(NaN|Infinity|None|True|False)\b/.test(text))
    return 'JSON has true, false and null, and neither NaN nor None.';
  return 'Each line must be one JSON object.';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === '') return 'an empty text';
  if (Array.isArray(value)) return 'a list';
  return (
    { string: 'a text', number: 'a number', boolean: 'a boolean', object: 'an object' }[typeof value as string] ??
    typeof value
  );
}
