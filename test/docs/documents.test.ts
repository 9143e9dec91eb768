import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtins } from '../../src/api/builtins.js';
import { checkOptions, checkSchema } from '../../src/definition/schema.js';
import { codeSource } from '../../src/definition/source.js';
import { createRegistry } from '../../src/plugin/registry.js';
import { rubricFrom } from '../../src/rubric/load.js';
import type { TaskDefinition } from '../../src/task/types.js';
import { judge } from '../support/judge.js';
import { allCommands, BLOCKS, type Block, blocksOf, commandsIn, DOCUMENTS, proseOf, ROOT, read } from './documents.js';

const place = ({ document, line }: Block): string => `${document}:${line}`;
const withDirective = (pattern: RegExp): { block: Block; found: string }[] =>
  BLOCKS.flatMap((block) => {
    const found = pattern.exec(block.directive)?.[1];
    return found === undefined ? [] : [{ block, found }];
  });

describe('code in the documents', () => {
  it('is all taken from the examples or checked in another way', () => {
    const unchecked = BLOCKS.filter(
      ({ language, directive }) => !['', 'sh', 'text', 'jsonl'].includes(language) && directive === '',
    );
    expect(unchecked.map(place)).toEqual([]);
  });

  it.each(withDirective(/^file: (.+)$/).map(({ block, found }) => [place(block), found, block] as const))(
    '%s is %s',
    (_place, file, block) => {
      // The formatter lays JSON out in one way in a document and in another in a package.json.
      if (block.language === 'json') expect(JSON.parse(block.text)).toEqual(JSON.parse(read(file)));
      else expect(block.text).toBe(read(file));
    },
  );

  it.each(withDirective(/^lines of (.+)$/).map(({ block, found }) => [place(block), found, block] as const))(
    '%s stands in %s',
    (_place, file, block) => {
      const lines = read(file).split('\n');
      for (const line of block.text.trim().split('\n')) expect(lines).toContain(line);
    },
  );
});

const RUBRIC = 'docs/examples/project/rubrics/headline.yaml';

/** Loads a whole plugin of which a block shows a part. Throws what a user would see. */
const LOADERS: Record<string, (part: Record<string, unknown>) => Promise<unknown>> = {
  async task(part) {
    const whole = {
      id: 'part',
      dataset: [],
      prompt: '{{text}}',
      rubric: 'summarization',
      scorers: ['llm-judge'],
      ...part,
    };
    const define = { tasks: [whole as unknown as TaskDefinition] };
    return (await createRegistry({ cwd: join(ROOT, 'docs'), define, builtins })).task('part');
  },
  rubric: async (part) => rubricFrom(codeSource({ ...parse(read(RUBRIC)), ...part })),
  dimension: async (part) =>
    rubricFrom(codeSource({ ...parse(read(RUBRIC)), dimensions: [{ id: 'part', description: 'A part.', ...part }] })),
  async config(part) {
    const issues = await checkSchema('config', codeSource(part));
    for (const { use, ...options } of [part.runtime, part.judge] as { use: string }[]) {
      const { options: schema } = await builtins.runtimes[use]!();
      issues.push(...(await checkOptions(schema, options, use)));
    }
    expect(issues).toEqual([]);
  },
};

describe('YAML in the documents', () => {
  it.each(withDirective(/^part of a (\w+)$/).map(({ block, found }) => [place(block), found, block] as const))(
    '%s is a valid part of a %s',
    async (_place, name, block) => {
      await LOADERS[name]!(parse(block.text));
    },
  );
});

describe('commands in the documents', () => {
  const flagsOf = new Map<string, Set<string>>();
  const commands = ['run', 'list', 'show', 'validate', 'init'];

  beforeAll(async () => {
    for (const command of commands) {
      const { stdout } = await judge(ROOT, [command, '--help']);
      const flags = [...stdout.matchAll(/^ +(?:(-\w), )?(--[\w-]+)/gm)].flatMap(([, short, long]) => [short, long]);
      flagsOf.set(command, new Set([...flags.filter((flag) => flag !== undefined), '--version', '-V', '--help', '-h']));
    }
  });

  it('are found at all', () => {
    expect(commandsIn('npm ci && A=b npx judge list --json # x').map(({ args }) => args)).toEqual([['list', '--json']]);
    expect(allCommands().length).toBeGreaterThan(40);
    expect(flagsOf.get('run')).toContain('--resume');
  });

  it('have only flags that exist', () => {
    const unknown = allCommands().flatMap(({ where, command: { args } }) => {
      const known = flagsOf.get(args[0] ?? '') ?? flagsOf.get('run')!;
      const flags = args.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.replace(/=.*$/s, ''));
      return flags.filter((flag) => !known.has(flag)).map((flag) => `${where}: ${flag}`);
    });
    expect(unknown).toEqual([]);
  });

  it('are meant by every flag that is named in the text', () => {
    const known = new Set([...flagsOf.values()].flatMap((flags) => [...flags]));
    const unknown = DOCUMENTS.flatMap((document) =>
      [...proseOf(document).matchAll(/`(--?[a-z][\w-]*)[^`\n]*`/g)]
        .map(([, flag]) => flag!)
        .filter((flag) => !known.has(flag))
        .map((flag) => `${document}: ${flag}`),
    );
    expect(unknown).toEqual([]);
  });

  it('name every flag of a run somewhere', () => {
    const text = DOCUMENTS.map(read).join('\n');
    const missing = [...flagsOf.get('run')!].filter(
      (flag) => !text.includes(flag) && !['-h', '-V', '--help'].includes(flag),
    );
    expect(missing).toEqual([]);
  });
});

/** The anchor that GitHub makes of a heading. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(document: string): string[] {
  return [...proseOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
}

describe('links in the documents', () => {
  it.each(DOCUMENTS)('%s: lead somewhere', (document) => {
    const broken = [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
      if (/^https?:/.test(target!)) return [];
      const [path, anchor] = target!.split('#');
      const file = path === '' ? document : normalize(join(dirname(document), path!)).replaceAll('\\', '/');
      if (!existsSync(join(ROOT, file))) return [target!];
      return anchor === undefined || anchorsOf(file).includes(anchor) ? [] : [target!];
    });
    expect(broken).toEqual([]);
  });
});

describe('the two READMEs', () => {
  it('show the same commands, code and output', () => {
    const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((document) =>
      blocksOf(document).map(({ language, directive, text }) => ({ language, directive, text })),
    );
    expect(chinese).toEqual(english);
  });

  it('stay short', () => {
    expect(read('README.md').split('\n').length).toBeLessThan(180);
  });
});
