import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ajv, ValidateFunction } from 'ajv';
import { errorMessage, type PluginIssue } from '../errors.js';
import type { JsonObject, JsonSchema } from '../json.js';
import { packageRoot } from '../package.js';
import { explainErrors } from './explain.js';
import { codeSource, type Path, type PluginSource } from './source.js';

export type SchemaName = 'task' | 'rubric' | 'config' | 'sample';

let validator: Promise<Ajv> | undefined;
const own = new Map<SchemaName, Promise<ValidateFunction>>();
const compiled = new WeakMap<JsonSchema, Promise<ValidateFunction>>();

/** ajv takes 30 ms to load, so only when there is something to check. */
function loadValidator(): Promise<Ajv> {
  validator ??= import('ajv').then(({ Ajv }) => {
    return new Ajv({
      allErrors: true,
      verbose: true,
      // The schemas of strangers' scorers may use what ajv does not know.
      strict: false,
      logger: false,
      // Two of them may have the same $id.
      addUsedSchema: false,
      // Checking schemas against their meta-schema costs 40 ms; a schema that makes no sense does not compile either.
      validateSchema: false,
    });
  });
  return validator;
}

/** Checks a plugin file's value against its published schema. */
export async function checkSchema(name: SchemaName, source: PluginSource): Promise<PluginIssue[]> {
  let pending = own.get(name);
  if (!pending) {
    pending = loadOwnSchema(name);
    own.set(name, pending);
  }
  const validate = await pending;
  return validate(source.value) ? [] : explainErrors(validate.errors ?? [], source, `the ${name}`);
}

async function loadOwnSchema(name: SchemaName): Promise<ValidateFunction> {
  const [ajv, text] = await Promise.all([
    loadValidator(),
    readFile(join(packageRoot(), 'schemas', `${name}.schema.json`), 'utf8'),
  ]);
  return ajv.compile(JSON.parse(text) as JsonSchema);
}

/**
 * Checks options against a plugin's own schema; without one, no options are taken. `source` and `path` say where they
 * stand, `what` names them, e.g. `the options of scorer rouge`.
 */
export async function checkOptions(
  schema: JsonSchema | undefined,
  options: JsonObject,
  what: string,
  source: PluginSource = codeSource(options),
  path: Path = [],
): Promise<PluginIssue[]> {
  const location = source.locate(path, 'key');
  let validate: ValidateFunction;
  try {
    validate = await compile(schema ?? NO_OPTIONS);
  } catch (error) {
    return [{ message: `the schema for ${what} is not valid: ${errorMessage(error)}`, location }];
  }
  if (validate(options)) return [];
  return explainErrors(validate.errors ?? [], source, what, path, options);
}

const NO_OPTIONS: JsonSchema = { type: 'object', additionalProperties: false };

async function compile(schema: JsonSchema): Promise<ValidateFunction> {
  let pending = compiled.get(schema);
  if (!pending) {
    pending = loadValidator().then((ajv) => ajv.compile(schema));
    compiled.set(schema, pending);
  }
  return pending;
}
