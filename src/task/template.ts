import Handlebars from 'handlebars';
import { PluginError, type PluginIssue, type SourceLocation } from '../errors.js';
import type { Json, JsonObject } from '../json.js';
import { suggest } from '../nearest.js';
import { readScope, type TemplateUse } from './template-scope.js';
import { parseTemplate, type TemplateIssue, type TemplatePosition } from './template-syntax.js';
import type { TemplateVariable } from './types.js';

/** A prompt template, compiled once. */
export interface Template {
  /** The variables of the row that it needs, each with the place of its first use. */
  variables: readonly TemplateVariable[];
  /** Whether it uses anything of the row at all. */
  usesRow: boolean;
  /** Fills in one row. Throws PluginError naming template, line and the values there are. */
  render(row: JsonObject): string;
}

/** Where a position of the template is in a file: the same, or further down where it stands inside a YAML file. */
export type LocateInFile = (position: TemplatePosition) => SourceLocation;

/**
 * Compiles a handlebars template in strict mode. Values are put in as they are: nothing is escaped for HTML, and a value
 * is never read as a template. The line break that ends a file is not part of the prompt.
 *
 * Only text of a plugin's author may come here, never data: compiling makes code of it.
 *
 * Throws PluginError with everything that is wrong with the template.
 */
export function compileTemplate(source: string, locate: LocateInFile): Template {
  const parsed = parseTemplate(source.replace(/\n+$/, ''));
  if (!parsed.ok) throw refusal([parsed.issue], locate);
  const use = readScope(parsed.program);
  if (use.issues.length > 0) throw refusal(use.issues, locate);
  makeStrict(parsed.program);
  const fill = environment().compile<JsonObject>(parsed.program, {
    strict: true,
    noEscape: true,
    knownHelpers: { [TEXT]: true },
    knownHelpersOnly: true,
  });
  return {
    variables: use.variables.map(({ name, ...position }) => {
      const { file, line = position.line, column = position.column } = locate(position);
      return { name, file, line, column };
    }),
    usesRow: use.paths.some(({ fromRow }) => fromRow),
    render(row) {
      try {
        // Said outright, or handlebars warns on the console when a name is inherited.
        return fill(row, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
      } catch (error) {
        const { message, hint, ...position } = faultOf(error as Fault, use, row);
        throw new PluginError(`${message} in the prompt template`, [], {
          location: locate(position),
          hint,
          cause: error,
        });
      }
    },
  };
}

function refusal(issues: readonly TemplateIssue[], locate: LocateInFile): PluginError {
  const located = issues.map(({ message, hint, line, column }): PluginIssue => {
    return { message, hint, location: locate({ line, column }) };
  });
  return new PluginError('the prompt template does not work', located);
}

/** Every `{{value}}` is put through this helper, so that what is no text is an error and not `[object Object]`. */
const TEXT = '$text';

let shared: typeof Handlebars | undefined;

function environment(): typeof Handlebars {
  if (shared) return shared;
  const own = Handlebars.create();
  own.unregisterHelper('log');
  own.registerHelper(TEXT, (value: unknown, options: Located) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (value === null) return '';
    throw new Unfit(options, 'a text', value);
  });
  for (const name of ['each', 'with']) {
    const original = own.helpers[name]!;
    own.registerHelper(name, function (this: unknown, value: unknown, options: Located & Handlebars.HelperOptions) {
      if (value === undefined || (name === 'each' && typeof value !== 'object'))
        throw new Unfit(options, 'a list', value);
      return original.call(this, value, options);
    });
  }
  shared = own;
  return own;
}

/** What handlebars hands to a helper beside its values; its types do not know `loc`. */
interface Located {
  loc: hbs.AST.SourceLocation;
}

/** A value that cannot stand where the template puts it. */
class Unfit extends Error {
  readonly lineNumber: number;
  readonly column: number;
  readonly value: unknown;

  constructor({ loc }: Located, needed: string, value: unknown) {
    super(needed);
    this.lineNumber = loc.start.line;
    this.column = loc.start.column;
    this.value = value;
  }
}

interface Fault extends Error {
  lineNumber?: number;
  column?: number;
}

function faultOf(error: Fault, { paths }: TemplateUse, row: JsonObject): TemplateIssue {
  // Reading a property of a text or a number is the one error that comes without its place.
  const property = /'in' operator to search for '(.*)' in/.exec(error.message)?.[1];
  const at = { line: error.lineNumber ?? 1, column: (error.column ?? 0) + 1 };
  const found = paths.find(({ parts, line, column }) =>
    property === undefined ? line === at.line && column >= at.column : parts.includes(property),
  );
  if (!found) return { message: error.message, ...at };
  const { path, line, column } = found;
  if (error instanceof Unfit && error.value !== undefined) {
    const { value, message: needed } = error;
    const isList = Array.isArray(value);
    const is = isList
      ? 'a list'
      : ({ object: 'an object', string: 'a text' }[typeof value as string] ?? `a ${typeof value}`);
    const hint = isList ? `Go through it with {{#each ${path}}}.` : 'Name what is wanted of it, or change the row.';
    return { message: `"${path}" is ${is} and must be ${needed}`, hint, line, column };
  }
  return { message: `"${path}" has no value`, hint: whatThereIs(found, row), line, column };
}

/** Says what there is where a path breaks off. */
function whatThereIs({ path, parts, fromRow }: TemplateUse['paths'][number], row: JsonObject): string | undefined {
  if (!fromRow) {
    const [first] = parts;
    const inRow = first !== undefined && Object.hasOwn(row, first);
    return inRow
      ? `The row has it: inside a block write {{@root.${path}}}.`
      : 'Inside a block, values are those of its list or object.';
  }
  let value: Json | undefined = row;
  for (const part of parts) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    if (!Object.hasOwn(value, part)) return suggest(part, Object.keys(value));
    value = value[part];
  }
  return undefined;
}

/** Makes every path strict, those that are handed to helpers too, and puts every output through `TEXT`. */
function makeStrict(program: hbs.AST.Program | undefined): void {
  for (const statement of program?.body ?? []) {
    if (statement.type === 'MustacheStatement') {
      const mustache = statement as hbs.AST.MustacheStatement;
      const { path, params, hash, loc } = mustache;
      for (const param of [path, ...params]) strict(param);
      const isCall = params.length > 0;
      mustache.params = [isCall ? ({ type: 'SubExpression', path, params, hash, loc } as hbs.AST.SubExpression) : path];
      mustache.path = {
        type: 'PathExpression',
        data: false,
        depth: 0,
        parts: [TEXT],
        original: TEXT,
        loc,
      } as hbs.AST.PathExpression;
    } else if (statement.type === 'BlockStatement') {
      const { path, params, program, inverse } = statement as hbs.AST.BlockStatement;
      // What may be absent is asked for with #if, so there the last step of a path may be.
      const isTest = ['if', 'unless'].includes((path as hbs.AST.PathExpression).original);
      if (!isTest) for (const param of params) strict(param);
      makeStrict(program);
      makeStrict(inverse);
    }
  }
}

function strict(node: hbs.AST.Expression): void {
  if (node.type === 'PathExpression') (node as hbs.AST.PathExpression & { strict?: boolean }).strict = true;
  if (node.type === 'SubExpression') for (const param of (node as hbs.AST.SubExpression).params) strict(param);
}
