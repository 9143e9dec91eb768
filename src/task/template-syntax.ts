import Handlebars from 'handlebars';

/** A place in a template; both count from 1. */
export interface TemplatePosition {
  line: number;
  column: number;
}

/** Something wrong with a template, at a place in it. */
export interface TemplateIssue extends TemplatePosition {
  message: string;
  hint?: string;
}

export type ParsedTemplate = { ok: true; program: hbs.AST.Program } | { ok: false; issue: TemplateIssue };

/** How a template is written, for hints. */
export const SYNTAX =
  'A variable is {{name}}, a block {{#if name}} … {{/if}} or {{#each list}} … {{/each}}. Two braces that are meant as text are written \\{{.';

/** Parses a template; what the parser says is put into plain words. */
export function parseTemplate(source: string): ParsedTemplate {
  try {
    return { ok: true, program: Handlebars.parseWithoutProcessing(source) };
  } catch (error) {
    return { ok: false, issue: issueOf(error as ParserError, source) };
  }
}

interface ParserError extends Error {
  lineNumber?: number;
  column?: number;
}

function issueOf({ message, lineNumber, column }: ParserError, source: string): TemplateIssue {
  if (lineNumber !== undefined && column !== undefined) {
    const [, opened, closed] = /^(\S+) doesn't match (\S+) - /.exec(message) ?? [];
    const text = opened
      ? `{{#${opened}}} is closed by {{/${closed}}}`
      : message.replace(/ - \d+:\d+$/, '').toLowerCase();
    return { message: text, hint: opened ? undefined : SYNTAX, line: lineNumber, column: column + 1 };
  }
  const offset = offsetOf(message, source);
  if (message.endsWith("got 'EOF'")) {
    const open = lastOpenBlock(source);
    if (open !== undefined) {
      return {
        message: `${open.tag} is never closed`,
        hint: `Close it with {{/${open.name}}}.`,
        ...positionAt(source, open.offset),
      };
    }
  }
  const near = /^.{0,20}/u.exec(source.slice(offset))![0];
  if (message.endsWith("got 'OPEN_ENDBLOCK'")) {
    return { message: `${closingTag(near)} closes a block that was never opened`, ...positionAt(source, offset) };
  }
  return { message: `the template cannot be read at "${near}"`, hint: SYNTAX, ...positionAt(source, offset) };
}

function closingTag(near: string): string {
  return /^\{\{~?\/[^}]*\}\}/.exec(near)?.[0] ?? near;
}

/** Line and column of an offset. */
function positionAt(source: string, offset: number): TemplatePosition {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/**
 * The parser gives no column, only a picture: up to 20 characters before and after the place, with line breaks taken out,
 * and a caret below. The place is where source and picture agree.
 */
function offsetOf(message: string, source: string): number {
  const [, picture = '', caret = ''] = message.split('\n');
  const at = caret.indexOf('^');
  const before = picture.slice(0, at).replace(/^\.\.\./, '');
  const line = Number(/ on line (\d+)/.exec(message)?.[1] ?? 1);
  let best = 0;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let offset = 0; offset <= source.length; offset += 1) {
    if (source.slice(Math.max(0, offset - 20), offset).replaceAll('\n', '') !== before) continue;
    const distance = Math.abs(positionAt(source, offset).line - line);
    if (distance <= bestDistance) {
      best = offset;
      bestDistance = distance;
    }
  }
  return best;
}

function lastOpenBlock(source: string): { tag: string; name: string; offset: number } | undefined {
  const open: { tag: string; name: string; offset: number }[] = [];
  for (const match of source.matchAll(/\{\{~?(?:([#^])\s*([^\s}~]+)[^}]*|\/[^}]*)\}\}/g)) {
    const [tag, sigil, name] = match;
    if (sigil) open.push({ tag, name: name!, offset: match.index });
    else open.pop();
  }
  return open.at(-1);
}
