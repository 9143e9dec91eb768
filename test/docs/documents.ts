import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What users read, relative to the project's root. */
export const DOCUMENTS = [
  'README.md',
  'README.zh-CN.md',
  'docs/examples/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A fenced block. A comment on the line above says what is checked of it: `<!-- run in project -->`. */
export interface Block {
  document: string;
  /** Of the opening fence, from 1. */
  line: number;
  language: string;
  directive: string;
  text: string;
}

export function blocksOf(document: string): Block[] {
  const blocks: Block[] = [];
  const lines = read(document).split('\n');
  for (let index = 0; index < lines.length; index++) {
    const language = /^```(\w*)$/.exec(lines[index]!)?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf('```', index + 1);
    if (end < 0) throw new Error(`${document}:${index + 1}: the block is never closed`);
    const directive = /^<!-- (.+) -->$/.exec(lines[index - 1] ?? '')?.[1] ?? '';
    const text = lines
      .slice(index + 1, end)
      .map((line) => `${line}\n`)
      .join('');
    blocks.push({ document, line: index + 1, language, directive, text });
    index = end;
  }
  return blocks;
}

export const BLOCKS = DOCUMENTS.flatMap(blocksOf);

/** The text outside of fenced blocks. */
export function proseOf(document: string): string {
  return read(document).replace(/^```[\s\S]*?^```$/gm, '');
}

/** A command of `judge` as it stands in a shell block. */
export interface Command {
  env: Record<string, string>;
  /** The words after `judge`. */
  args: string[];
}

/** The commands of `judge` in a line of shell; comments and other programs are left out. */
export function commandsIn(line: string): Command[] {
  const withoutComment = line.replace(/(^|\s)#.*$/, '');
  return withoutComment.split(/&&|\|\||;/).flatMap((part) => {
    const words = [...part.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
      word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'),
    );
    const env: Record<string, string> = {};
    while (/^[A-Z_]+=/.test(words[0] ?? '')) {
      const [name, ...value] = words.shift()!.split('=');
      env[name!] = value.join('=');
    }
    if (words[0] === 'npx') words.shift();
    return words.shift() === 'judge' ? [{ env, args: words }] : [];
  });
}

/** Every command of `judge` in the documents: in shell blocks and as inline code. */
export function allCommands(): { where: string; command: Command }[] {
  return DOCUMENTS.flatMap((document) => {
    const blocks = blocksOf(document).filter(({ language }) => language === 'sh');
    const lines = blocks.flatMap(({ text, line }) =>
      text.split('\n').map((content, index) => ({ where: `${document}:${line + 1 + index}`, content })),
    );
    const inline = [...proseOf(document).matchAll(/`([^`\n]+)`/g)].map(([, content]) => ({
      where: document,
      content: content!,
    }));
    return [...lines, ...inline].flatMap(({ where, content }) =>
      commandsIn(content).map((command) => ({ where, command })),
    );
  });
}
