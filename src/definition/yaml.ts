import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  visit,
  type YAMLError,
} from 'yaml';
import { PluginError, type PluginIssue } from '../errors.js';
import type { Path, PluginSource } from './source.js';

/** How often aliases may be followed; more is an alias bomb and no plugin. */
const MAX_ALIASES = 100;

/** Reads a YAML or JSON file. Throws PluginError. */
export async function readSource(file: string): Promise<PluginSource> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code ?? String(cause)})`;
    throw new PluginError(message, [], { location: { file }, cause });
  }
  return parseSource(decodeText(bytes, file), file);
}

/** Text of a plugin's file: UTF-8, without byte order mark, with plain line feeds. Throws PluginError. */
export function decodeText(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
  } catch (cause) {
    throw new PluginError('the file is not UTF-8', [], {
      location: { file },
      hint: 'Save it as UTF-8 (in an editor: "Save with encoding"; in a shell: iconv -f GB18030 -t UTF-8).',
      cause,
    });
  }
}

/** Parses YAML 1.2 (or JSON, which is a part of it). Throws PluginError with every finding and its place. */
export function parseSource(text: string, file: string): PluginSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const findings = [
    ...[...document.errors, ...document.warnings].map((error) => ({
      ...explainError(error, text),
      offset: error.pos[0],
    })),
    ...oddNodes(document),
  ];
  const issues = findings.map(({ offset, ...finding }): PluginIssue => ({ ...finding, location: at(offset) }));
  // One slip makes the parser stumble on; what it says of the same line again helps nobody.
  const first = issues.filter(
    ({ location }, index) => issues.findIndex((issue) => issue.location.line === location.line) === index,
  );
  if (first.length > 0) {
    throw new PluginError(extname(file) === '.json' ? 'the JSON cannot be read' : 'the YAML cannot be read', first);
  }
  return {
    file,
    value: toValue(document, file),
    locate: (path, part = 'value') => at(offsetOf(document, path, part)),
    locateInText: (path, position) => locateInScalar(document, path, position, text, at),
  };
}

/** What parses and still cannot be meant: an alias to nothing, a mapping as a key. */
function oddNodes(document: Document): { offset: number; message: string; hint?: string }[] {
  if (document.errors.length > 0) return [];
  const found: { offset: number; message: string; hint?: string }[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document)) return;
      const hint = 'A text that begins with * must be in quotes.';
      found.push({ offset: alias.range?.[0] ?? 0, message: `there is no anchor &${alias.source}`, hint });
    },
    Pair(_key, { key }) {
      if (!isCollection(key)) return;
      const hint = 'A value that begins with { or [ must be in quotes: "{{name}}".';
      found.push({ offset: key.range?.[0] ?? 0, message: 'a key must be a text', hint });
    },
  });
  return found;
}

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw new PluginError(`aliases multiply to more than ${MAX_ALIASES} times their size`, [], {
      location: { file },
      hint: 'Write the values out.',
      cause,
    });
  }
}

function explainError(error: YAMLError, text: string): { message: string; hint?: string } {
  const rest = text.slice(error.pos[0]).split('\n', 1)[0]!;
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return {
        message: `the key ${/^[^\s:]+/.exec(rest)?.[0] ?? ''} stands here a second time`,
        hint: 'Remove one of them.',
      };
    case 'TAB_AS_INDENT':
      return { message: 'a tab indents this line', hint: 'YAML is indented with spaces only.' };
    case 'MULTIPLE_DOCS':
      return { message: 'a second document begins here', hint: 'One file holds one plugin: remove the line ---.' };
    case 'BAD_INDENT':
      if (error.message.startsWith('Flow')) {
        return { message: 'a bracket that was opened before is not closed', hint: 'Close it with ] or }.' };
      }
      return { message: 'the indentation does not fit', hint: 'Keys of one mapping begin in the same column.' };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { message: 'a second ": " in one line', hint: 'A text that contains ": " must be in quotes.' };
    case 'BAD_SCALAR_START':
      return { message: `a text cannot begin with ${rest.charAt(0)}`, hint: 'Put the text in quotes.' };
    case 'BAD_DQ_ESCAPE':
      return {
        message: lowerFirst(error.message),
        hint: 'In double quotes \\ is special: use single quotes, or write \\\\.',
      };
    case 'TAG_RESOLVE_FAILED':
      return {
        message: `the tag ${rest.split(/\s/, 1)[0]} is not available`,
        hint: 'Plain YAML values are enough for a plugin.',
      };
    case 'MULTILINE_IMPLICIT_KEY':
    case 'MISSING_CHAR':
      if (/^[^:\n]*：/.test(rest))
        return { message: 'the colon here is a full-width one (：)', hint: 'Write ": ", as in id: name.' };
      return {
        message: 'a quote, a bracket or a key is not closed',
        hint: 'Check quotes, brackets, commas and the ": " after each key.',
      };
    default:
      return { message: lowerFirst(error.message), hint: 'A text with special characters must be in quotes.' };
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The node at a path, as far as there is one, and the pair that holds it. */
function find(document: Document, path: Path): { node: Node | null; pair?: Pair<Node, Node | null>; whole: boolean } {
  let node = document.contents as Node | null;
  let pair: Pair<Node, Node | null> | undefined;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap<Node, Node | null>(node)) {
      const next = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!next) return { node, pair, whole: false };
      pair = next;
      node = next.value;
    } else if (isSeq<Node>(node)) {
      const next = node.items[Number(part)];
      if (!next || isPair(next)) return { node, pair, whole: false };
      pair = undefined;
      node = next;
    } else {
      return { node, pair, whole: false };
    }
  }
  return { node, pair, whole: true };
}

function offsetOf(document: Document, path: Path, part: 'key' | 'value'): number {
  const { node, pair, whole } = find(document, path);
  const key = pair?.key.range?.[0];
  // A mapping or list begins below its key, where nobody looks for it.
  if (key !== undefined && (isCollection(node) || node === null || (part === 'key' && whole))) return key;
  return node?.range?.[0] ?? 0;
}

function locateInScalar(
  document: Document,
  path: Path,
  { line, column }: { line: number; column: number },
  text: string,
  at: (offset: number) => { file: string; line: number; column: number },
) {
  const { node } = find(document, path);
  const start = node?.range?.[0] ?? 0;
  const place = at(start);
  if (!isScalar(node)) return place;
  if (node.type === Scalar.BLOCK_LITERAL) {
    const body = text.slice(text.indexOf('\n', start) + 1);
    const indent = /^(?: *\n)*( *)/.exec(body)![1]!.length;
    return { ...place, line: place.line + line, column: indent + column };
  }
  if (line > 1 || node.type === Scalar.BLOCK_FOLDED) return place;
  return { ...place, column: place.column + column - (node.type === Scalar.PLAIN ? 1 : 0) };
}
