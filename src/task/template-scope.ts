import { suggest } from '../nearest.js';
import { SYNTAX, type TemplateIssue, type TemplatePosition } from './template-syntax.js';

/** What a template asks for, found by reading it. */
export interface TemplateUse {
  /** Variables of the row, in order of first use. */
  variables: (TemplatePosition & { name: string })[];
  /** Every path in the template, as written. */
  paths: (TemplatePosition & { path: string; parts: readonly string[]; fromRow: boolean })[];
  issues: TemplateIssue[];
}

const BLOCKS = ['if', 'unless', 'each', 'with'];
const LOOP_DATA = ['index', 'key', 'first', 'last'];
/** Names that every object inherits: never data, and the way to what is not data. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Contexts from the row inwards, and the names that blocks have declared. */
interface Scope {
  contexts: readonly ('row' | 'inner')[];
  names: ReadonlySet<string>;
  inLoop: boolean;
}

/**
 * Reads a parsed template: which variables of the row it uses, and what in it cannot work (unknown helpers, partials,
 * `../` above the row, …). Known are `#if`, `#unless`, `#each`, `#with` and `lookup`.
 */
export function readScope(program: hbs.AST.Program): TemplateUse {
  const use: TemplateUse = { variables: [], paths: [], issues: [] };
  new Reader(use).program(program, { contexts: ['row'], names: new Set(), inLoop: false });
  return use;
}

class Reader {
  readonly #use: TemplateUse;

  constructor(use: TemplateUse) {
    this.#use = use;
  }

  program(program: hbs.AST.Program | undefined, scope: Scope): void {
    for (const statement of program?.body ?? []) this.#statement(statement, scope);
  }

  #statement(node: hbs.AST.Statement, scope: Scope): undefined {
    switch (node.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        return;
      case 'MustacheStatement':
        return this.#mustache(node as hbs.AST.MustacheStatement, scope);
      case 'BlockStatement':
        return this.#block(node as hbs.AST.BlockStatement, scope);
      default:
        this.#issue(node, 'partials and decorators are not available in a prompt template', 'Write the text out here.');
    }
  }

  #mustache(node: hbs.AST.MustacheStatement, scope: Scope): undefined {
    const path = asPath(node.path);
    if (path === undefined) return this.#issue(node, 'a literal stands where a variable is needed', SYNTAX);
    if (node.params.length > 0 || node.hash) return this.#call(node, scope);
    if (isSimple(path) && !scope.names.has(path.original) && [...BLOCKS, 'lookup'].includes(path.original)) {
      return this.#issue(
        node,
        `{{${path.original}}} is the name of a helper`,
        `A variable of that name is {{this.${path.original}}}.`,
      );
    }
    if (this.#path(path, scope) === 'row') {
      this.#issue(node, `{{${path.original}}} is the whole row, which is no text`, 'Name one of its variables.');
    }
  }

  #block(node: hbs.AST.BlockStatement, scope: Scope): undefined {
    const name = String((node.path as hbs.AST.PathExpression).original);
    if (!BLOCKS.includes(name)) {
      const sigil = node.program ? '#' : '^';
      const first =
        node.params.length === 0 ? `Write {{#if ${name}}}, {{#each ${name}}} or {{#with ${name}}}.` : undefined;
      return this.#issue(
        node,
        `{{${sigil}${name}}} is not a block helper`,
        first ?? suggest(name, BLOCKS, 'Block helpers are'),
      );
    }
    if (node.params.length !== 1) {
      this.#issue(
        node,
        `{{#${name}}} takes one value, not ${node.params.length}`,
        `For example {{#${name} name}} … {{/${name}}}.`,
      );
    }
    for (const value of [...node.params, ...(node.hash?.pairs ?? []).map((pair) => pair.value)])
      this.#value(value, scope);
    this.program(node.program, name === 'if' || name === 'unless' ? scope : innerScope(scope, node.program, name));
    this.program(node.inverse, scope);
  }

  #call(node: hbs.AST.MustacheStatement | hbs.AST.SubExpression, scope: Scope): undefined {
    const name = String((node.path as hbs.AST.PathExpression).original);
    if (BLOCKS.includes(name)) {
      return this.#issue(node, `${name} is a block helper`, `Write {{#${name} …}} … {{/${name}}}.`);
    }
    if (name !== 'lookup') {
      const hint = suggest(name, [...BLOCKS, 'lookup'], 'Helpers are');
      return this.#issue(
        node,
        `unknown helper "${name}"`,
        `${hint} A variable name with spaces is written {{[a name]}}.`,
      );
    }
    if (node.params.length !== 2) this.#issue(node, `lookup takes two values, not ${node.params.length}`);
    for (const value of node.params) this.#value(value, scope);
  }

  #value(node: hbs.AST.Expression, scope: Scope): void {
    if (node.type === 'SubExpression') this.#call(node as hbs.AST.SubExpression, scope);
    const path = asPath(node);
    if (path) this.#path(path, scope);
  }

  /** Notes a path; `row` when it stands for the whole row. */
  #path(path: hbs.AST.PathExpression, scope: Scope): 'row' | undefined {
    const inherited = path.parts.find((part) => INHERITED.has(part));
    if (inherited !== undefined) return this.#issue(path, `"${inherited}" cannot be read from a template`);
    const { fromRow, parts } = this.#origin(path, scope);
    this.#use.paths.push({ path: path.original, parts, fromRow, ...start(path) });
    if (!fromRow) return undefined;
    const [name] = parts;
    if (name === undefined) return 'row';
    if (!this.#use.variables.some((variable) => variable.name === name)) {
      this.#use.variables.push({ name, ...start(path) });
    }
    return undefined;
  }

  #origin(path: hbs.AST.PathExpression, scope: Scope): { fromRow: boolean; parts: readonly string[] } {
    const [first] = path.parts;
    if (path.data) {
      if (first === 'root') return { fromRow: true, parts: path.parts.slice(1) };
      const known = scope.inLoop && LOOP_DATA.includes(first!);
      if (!known)
        this.#issue(
          path,
          `there is no @${first} here`,
          `There are @root and, inside {{#each}}, @${LOOP_DATA.join(', @')}.`,
        );
      return { fromRow: false, parts: path.parts };
    }
    const scoped = /^\.|this\b/.test(path.original);
    if (path.depth === 0 && !scoped && first !== undefined && scope.names.has(first))
      return { fromRow: false, parts: path.parts };
    const context = scope.contexts.at(-1 - path.depth);
    if (context === undefined) {
      this.#issue(
        path,
        `"${path.original}" climbs above the row`,
        '../ leaves one {{#each}} or {{#with}}; {{#if}} does not count.',
      );
    }
    return { fromRow: context === 'row', parts: path.parts };
  }

  #issue(node: hbs.AST.Node, message: string, hint?: string): undefined {
    this.#use.issues.push({ message, hint, ...start(node) });
  }
}

function innerScope(scope: Scope, program: hbs.AST.Program | undefined, block: string): Scope {
  return {
    contexts: [...scope.contexts, 'inner'],
    names: new Set([...scope.names, ...(program?.blockParams ?? [])]),
    inLoop: scope.inLoop || block === 'each',
  };
}

function isSimple(path: hbs.AST.PathExpression): boolean {
  return path.parts.length === 1 && path.depth === 0 && !path.data && path.original === path.parts[0];
}

function asPath(node: hbs.AST.Expression): hbs.AST.PathExpression | undefined {
  return node.type === 'PathExpression' ? (node as hbs.AST.PathExpression) : undefined;
}

function start({ loc }: hbs.AST.Node): TemplatePosition {
  return { line: loc.start.line, column: loc.start.column + 1 };
}
