import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatServer, startChatServer } from '../support/chat-server.mjs';
import { judge } from '../support/judge.js';
import { copyOfExample } from './copies.js';
import { BLOCKS, type Block, commandsIn } from './documents.js';

const VERDICT = JSON.stringify({
  reason: '与原文一致，但漏掉了一处时间。',
  scores: { faithfulness: 8, completeness: 6, conciseness: 8, fluency: 8, 'instruction-following': 7 },
  overall: 7,
});

let server: ChatServer;
beforeAll(async () => {
  server = await startChatServer({
    reply: ({ body }) => (body.model === 'judge-model' ? VERDICT : '概要：会议讨论了进度。'),
  });
});
afterAll(() => server.close());

function folderFor(directive: string): string | undefined {
  if (directive === 'run in an empty folder' || directive === 'run with a server') return copyOfExample();
  const example = /^run in (\w+)$/.exec(directive)?.[1];
  return example === undefined ? undefined : copyOfExample(example);
}

function newestRun(folder: string): string {
  return readdirSync(join(folder, '.judge', 'runs'))
    .sort()
    .at(-1)!;
}

async function runBlock({ text }: Block, folder: string): Promise<number> {
  let count = 0;
  for (const { env, args } of text.split('\n').flatMap(commandsIn)) {
    const real = args.map((word) =>
      word === 'RUN' ? newestRun(folder) : word.replace('http://127.0.0.1:8080/v1', server.url),
    );
    const { code, stdout, stderr } = await judge(folder, real, env);
    expect(code, `judge ${real.join(' ')}\n${stdout}${stderr}`).toBe(0);
    count++;
  }
  return count;
}

describe('shell blocks', () => {
  const blocks = BLOCKS.filter(
    ({ document, directive }) => directive.startsWith('run ') && document !== 'README.zh-CN.md',
  );

  it.each(blocks.map((block) => [`${block.document}:${block.line}`, block.directive, block] as const))(
    '%s works (%s)',
    { timeout: 120_000 },
    async (_place, directive, block) => {
      const folder = folderFor(directive);
      expect(folder, `unknown directive: ${directive}`).toBeDefined();
      expect(await runBlock(block, folder!)).toBeGreaterThan(0);
    },
  );
});

/** Output without what differs from run to run and from machine to machine: ids, paths, times. */
function stable(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => !/^run\s/.test(line))
    .map((line) => line.replace(/\d+(\.\d+)? (ms|s|min)\b/g, 'T').trimEnd())
    .filter((line) => line !== '');
}

describe('output blocks', () => {
  const blocks = BLOCKS.flatMap((block) => {
    const command = /^output of: (.+)$/.exec(block.directive)?.[1];
    return command === undefined || block.document === 'README.zh-CN.md'
      ? []
      : [[`${block.document}:${block.line}`, command, block] as const];
  });

  it.each(blocks)('%s shows what %s prints', { timeout: 60_000 }, async (_place, command, block) => {
    const [{ args, env }] = commandsIn(command) as [ReturnType<typeof commandsIn>[number]];
    const { code, stdout, stderr } = await judge(copyOfExample(), args, env);
    expect(code, stderr).toBe(0);
    expect(stable(block.text)).toEqual(stable(stdout));
  });
});
