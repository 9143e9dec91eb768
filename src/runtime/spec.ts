import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import { errorMessage, RuntimeError, UsageError } from '../errors.js';
import type { JsonObject } from '../json.js';
import { nearest } from '../nearest.js';
import type { Executor, Runtime, RuntimeSpec } from './types.js';

/** The option that stands behind the colon. */
const MAIN_OPTION: Record<string, string> = { replay: 'outputs' };

/**
 * Reads how a runtime is named: `openai`, `openai:MODEL`, `replay:FILE` (what stands behind the first colon is the option
 * `model`; for `replay`, `outputs`), or the same as an object, `{ use: 'openai:MODEL', baseUrl: … }`.
 * `extra` options, e.g. of the command line, go over the others. Throws UsageError.
 */
export function parseRuntimeSpec(input: string | ({ use: string } & JsonObject), extra: JsonObject = {}): RuntimeSpec {
  const { use, ...options } = typeof input === 'string' ? { use: input } : input;
  if (typeof use !== 'string') throw new UsageError('a runtime is named by its field `use`, e.g. `use: openai:MODEL`');
  const colon = use.indexOf(':');
  const runtime = colon < 0 ? use : use.slice(0, colon);
  const named = colon < 0 ? undefined : use.slice(colon + 1);
  if (runtime === '' || named === '') {
    throw new UsageError(`"${use}" does not name a runtime`, {
      hint: 'Write it as RUNTIME:MODEL, e.g. openai:qwen2.5-3b.',
    });
  }
  const main = MAIN_OPTION[runtime] ?? 'model';
  return { runtime, options: { ...(named === undefined ? {} : { [main]: named }), ...options, ...defined(extra) } };
}

function defined(options: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

let validator: Promise<Ajv> | undefined;

/** 30 ms to load, so only when there is something to check. */
function loadValidator(): Promise<Ajv> {
  validator ??= import('ajv').then(({ Ajv }) => new Ajv({ allErrors: true, strict: false }));
  return validator;
}

/**
 * Checks the options against the runtime's schema and opens it. Throws UsageError naming each wrong option, what is
 * expected and the nearest known name; RuntimeError of kind `setup` when the runtime cannot be opened.
 */
export async function openRuntime(runtime: Runtime, options: JsonObject, signal: AbortSignal): Promise<Executor> {
  signal.throwIfAborted();
  const ajv = await loadValidator();
  const given = defined(options);
  const validate = compile(ajv, runtime);
  if (!validate(given)) {
    const problems = (validate.errors ?? []).map((error) => explain(error, runtime));
    throw new UsageError(`runtime ${runtime.id}: ${[...new Set(problems)].join('; ')}`, {
      hint: `It takes these options: ${optionNames(runtime).join(', ') || 'none'}.`,
    });
  }
  return runtime.open(given, signal);
}

function compile(ajv: Ajv, runtime: Runtime): ValidateFunction {
  try {
    return ajv.compile(runtime.options);
  } catch (cause) {
    throw new RuntimeError(`runtime ${runtime.id}: the schema of its options is not valid: ${errorMessage(cause)}`, {
      kind: 'setup',
      hint: "Correct `options` in the runtime's defineRuntime().",
      cause,
    });
  }
}

function optionNames(runtime: Runtime): string[] {
  return Object.keys((runtime.options.properties as JsonObject | undefined) ?? {});
}

function explain({ keyword, instancePath, params, message }: ErrorObject, runtime: Runtime): string {
  const path = instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'required') {
    const missing = [path, params.missingProperty].filter(Boolean).join('.');
    const behindColon = (MAIN_OPTION[runtime.id] ?? 'model') === missing;
    return `option ${missing} is missing${behindColon ? ` (name it as ${runtime.id}:${missing.toUpperCase()})` : ''}`;
  }
  if (keyword === 'additionalProperties') {
    const unknown = [path, params.additionalProperty].filter(Boolean).join('.');
    const near = path === '' ? nearest(unknown, optionNames(runtime)) : undefined;
    return `unknown option ${unknown}${near ? ` (did you mean ${near}?)` : ''}`;
  }
  if (keyword === 'enum') return `option ${path} must be one of ${params.allowedValues.join(', ')}`;
  if (keyword === 'const') return `option ${path} must be ${JSON.stringify(params.allowedValue)}`;
  return `${path === '' ? 'the options' : `option ${path}`} ${message}`;
}
