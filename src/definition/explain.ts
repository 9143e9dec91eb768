import type { ErrorObject } from 'ajv';
import type { PluginIssue } from '../errors.js';
import { nearest, suggest } from '../nearest.js';
import { formatPath, type Path, type PluginSource, valueAt } from './source.js';

/** The keywords of a JSON Schema that errors are explained with. */
interface Schema {
  title?: string;
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
}

interface Finding {
  path: Path;
  /** Whether it is about the key rather than the value. */
  key?: boolean;
  message: string;
  hint?: string;
  /** The key that is unknown or missing, for findings of those two kinds. */
  unknown?: string;
  missing?: string;
}

/**
 * Puts ajv's errors (of `allErrors` and `verbose`) into plain words with their places, in the order of the file.
 * `what` names the whole value, e.g. "the task"; `base` is where it stands in the source.
 */
export function explainErrors(
  errors: readonly ErrorObject[],
  source: PluginSource,
  what: string,
  base: Path = [],
  whole: unknown = source.value,
): PluginIssue[] {
  const findings = mergeSlips(withoutExtras(withoutBranches(errors)).map((error) => explain(error, whole, what, base)));
  const issues = findings.map(({ path, key, message, hint }): PluginIssue => {
    return { message, hint, location: source.locate(path, key ? 'key' : 'value') };
  });
  const unique = issues.filter((issue, index) => issues.findIndex((other) => sameIssue(issue, other)) === index);
  return inOrder(unique);
}

/** Sorted by line and column; what has no place keeps its order. */
export function inOrder(issues: readonly PluginIssue[]): PluginIssue[] {
  return [...issues].sort(
    ({ location: a }, { location: b }) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

function sameIssue(a: PluginIssue, b: PluginIssue): boolean {
  return a.message === b.message && a.location.line === b.location.line && a.location.column === b.location.column;
}

/**
 * Of `anyOf` only the branch that was meant is worth a word: the one whose type fits. Where none fits, one finding says
 * which types there are. ajv reports the branches' errors just before that of `anyOf` itself.
 */
function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  const kept: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword === 'if' || error.keyword === 'propertyNames') continue;
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      kept.push(error);
      continue;
    }
    const at = error.instancePath;
    const inside = kept.filter((other) => other.instancePath === at || other.instancePath.startsWith(`${at}/`));
    const ofType = inside.filter((other) => other.instancePath === at && other.keyword === 'type');
    const meant = inside.filter((other) => other.instancePath !== at || fitsType(other));
    const rest = kept.filter((other) => !inside.includes(other));
    kept.splice(0, kept.length, ...rest);
    if (meant.length > 0) kept.push(...meant);
    else kept.push({ ...error, keyword: 'type', params: { type: ofType.flatMap((other) => other.params['type']) } });
  }
  return kept;
}

/** Where a mapping has too many keys, what is wrong below them is of no interest. */
function withoutExtras(errors: readonly ErrorObject[]): ErrorObject[] {
  const crowded = errors
    .filter(({ keyword }) => keyword === 'maxProperties')
    .map(({ instancePath }) => `${instancePath}/`);
  return errors.filter(({ instancePath }) => !crowded.some((path) => instancePath.startsWith(path)));
}

/** Whether an error is about a value of the type that its schema wants. */
function fitsType({ keyword, parentSchema, data }: ErrorObject): boolean {
  if (keyword === 'type') return false;
  const types = [(parentSchema as Schema).type ?? []].flat();
  const is = data === null ? 'null' : Array.isArray(data) ? 'array' : typeof data;
  return types.length === 0 || types.includes(is) || (is === 'number' && types.includes('integer'));
}

/** A key that is unknown because it is misspelt and the same key missing are one slip. */
function mergeSlips(findings: readonly Finding[]): Finding[] {
  const solved = new Set<Finding>();
  const merged = findings.map((finding) => {
    if (finding.unknown === undefined) return finding;
    const missing = findings.filter(
      ({ missing, path }) => missing && formatPath(path) === formatPath(finding.path.slice(0, -1)),
    );
    const meant = nearest(
      finding.unknown,
      missing.map((other) => other.missing!),
    );
    if (meant === undefined) return finding;
    for (const other of missing) if (other.missing === meant) solved.add(other);
    return { ...finding, hint: `Did you mean "${meant}"?` };
  });
  return merged.filter((finding) => !solved.has(finding));
}

function explain(error: ErrorObject, whole: unknown, what: string, base: Path): Finding {
  const { keyword, params, instancePath } = error;
  const path: Path = [...base, ...decodePointer(instancePath, whole)];
  const schema = (error.parentSchema ?? {}) as Schema;
  const name = path.length === base.length ? what : `"${formatPath(path)}"`;
  const { data } = error;
  const hint = firstSentence(schema.description);
  if (error.propertyName !== undefined) {
    const keyPath = [...path, error.propertyName];
    const wrong = `"${error.propertyName}" cannot stand in ${name} as a key`;
    const names = schema.enum?.map(String);
    return { path: keyPath, key: true, message: wrong, hint: names ? suggest(error.propertyName, names) : hint };
  }
  switch (keyword) {
    case 'additionalProperties': {
      const unknown = String(params['additionalProperty']);
      const known = Object.keys(schema.properties ?? {});
      const free = known.filter((key) => !Object.hasOwn(data as object, key));
      const message = `unknown key "${unknown}" in ${name}`;
      const near = suggest(unknown, free, 'Keys are');
      return { path: [...path, unknown], key: true, message, hint: near ?? 'It takes no keys.', unknown };
    }
    case 'required': {
      const missing = String(params['missingProperty']);
      const hint = schema.properties?.[missing]?.description;
      return { path, message: `"${missing}" is missing in ${name}`, hint, missing };
    }
    case 'type':
      return {
        path,
        message: `${name} ${wrongType([params['type']].flat(), data)}`,
        hint: typeHint([params['type']].flat(), data) ?? hint,
      };
    case 'enum': {
      const allowed = (schema.enum ?? []).map(String);
      const message = `${name} must be ${oneOf(allowed)}, not ${shown(data)}`;
      return {
        path,
        message,
        hint: typeof data === 'string' && nearest(data, allowed) ? suggest(data, allowed) : hint,
      };
    }
    case 'const':
      return { path, message: `${name} must be ${shown(params['allowedValue'])}, not ${shown(data)}`, hint };
    case 'pattern':
      return { path, message: `${name} cannot be ${shown(data)}`, hint: hint ?? `It must match ${params['pattern']}.` };
    default:
      return { path, message: `${name} ${limit(error)}`, hint: /imum/i.test(keyword) ? undefined : hint };
  }
}

/** What is wrong with a value that is of the right type and out of bounds. */
function limit({ keyword, params, data, message }: ErrorObject): string {
  const bound = params['limit'] as number;
  switch (keyword) {
    case 'minimum':
      return `must be at least ${bound}, not ${shown(data)}`;
    case 'maximum':
      return `must be at most ${bound}, not ${shown(data)}`;
    case 'exclusiveMinimum':
      return `must be over ${bound}, not ${shown(data)}`;
    case 'exclusiveMaximum':
      return `must be under ${bound}, not ${shown(data)}`;
    case 'minLength':
      return bound === 1 ? 'is empty' : `must have at least ${bound} characters`;
    case 'maxLength':
      return `must have at most ${bound} characters`;
    case 'minItems':
      return bound === 1 ? 'is an empty list' : `needs at least ${bound} entries`;
    case 'maxItems':
      return `takes at most ${bound} entries`;
    case 'minProperties':
      return bound === 1 ? 'is an empty mapping' : `needs at least ${bound} keys`;
    case 'maxProperties':
      return `takes at most ${bound} ${bound === 1 ? 'key' : 'keys'}, not ${Object.keys(data as object).join(', ')}`;
    case 'uniqueItems':
      return `has the same entry twice (${Number(params['j']) + 1} and ${Number(params['i']) + 1})`;
    default:
      return message ?? 'is not valid';
  }
}

const TYPES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'null',
};

function wrongType(types: readonly string[], data: unknown): string {
  const expected = oneOf([...new Set(types)].map((type) => TYPES[type] ?? type));
  if (data === null) return `is empty; it must be ${expected}`;
  const given = Array.isArray(data) ? 'a list' : typeof data === 'object' ? 'a mapping' : `${shown(data)}`;
  return `must be ${expected}, not ${given}`;
}

function typeHint(types: readonly string[], data: unknown): string | undefined {
  if (types.includes('string') && (typeof data === 'number' || typeof data === 'boolean'))
    return `Put it in quotes: "${data}".`;
  if (typeof data === 'string') {
    if (types.includes('boolean')) return 'Write true or false, without quotes.';
    const isNumber = types.some((type) => type === 'number' || type === 'integer');
    if (isNumber && data.trim() !== '' && Number.isFinite(Number(data)))
      return `Write it without quotes: ${data.trim()}.`;
    if (/^[^\n]*：/.test(data) && types.includes('object')) return 'The colon must be ": ", not the full-width ：.';
    if (types.length === 1 && types[0] === 'array') return `Write a list: [${data}].`;
  }
  return undefined;
}

function decodePointer(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  for (const raw of pointer.split('/').slice(1)) {
    const part = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(valueAt(root, path)) ? Number(part) : part);
  }
  return path;
}

function oneOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function firstSentence(text: string | undefined): string | undefined {
  return text === undefined ? undefined : (/^.*?[.。](?=\s|$)/s.exec(text)?.[0] ?? text);
}
