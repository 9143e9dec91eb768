import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startChatServer } from '../support/chat-server.mjs';
import { temporaryFolder } from '../support/folder.js';
import { judge, startJudge } from '../support/judge.js';
import { numberedSamples, writeTask } from '../support/project.js';

async function started(delayMs: number, samples = 40) {
  const project = temporaryFolder();
  const server = await startChatServer({ reply: () => ({ text: '好的', delayMs }) });
  writeTask(project, { samples: numberedSamples(samples) });
  const args = [
    '--task',
    'demo',
    '--no-cache',
    '--no-progress',
    '-j',
    '4',
    '--runtime',
    'openai:m',
    '--base-url',
    server.url,
  ];
  const running = startJudge(project, args);
  while (server.stats.requests < 4 && running.child.exitCode === null) await wait(5);
  return { project, server, ...running };
}

describe.runIf(process.platform !== 'win32')('Ctrl-C', () => {
  it('lets calls under way finish, exits 130, and the run goes on from there', async () => {
    const { project, server, child, finished } = await started(100);
    child.kill('SIGINT');
    const end = await finished;
    expect(end.code).toBe(130);
    expect(end.stderr).toMatch(/interrupted after \d+ of 40 samples[\s\S]*judge --resume/);
    expect(server.stats.aborted).toBe(0);
    const callsBefore = server.stats.requests;
    const again = await judge(project, ['--resume', '--json']);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout).tasks[0]).toMatchObject({ n: 40, unscored: 0, failed: 0 });
    expect(server.stats.requests).toBe(40);
    expect(callsBefore).toBeLessThan(40);
    await server.close();
  });

  it('stops at once the second time', async () => {
    const { project, server, child, finished } = await started(30_000, 10);
    child.kill('SIGINT');
    await wait(300);
    const at = performance.now();
    child.kill('SIGINT');
    const end = await finished;
    expect(end.code).toBe(130);
    expect(performance.now() - at).toBeLessThan(2000);
    await server.close();
    expect((await judge(project, ['list'])).code).toBe(0);
  });
});

describe('two processes on one run', () => {
  it('are refused: the second says who has it, and the first is not disturbed', async () => {
    const { project, server, finished } = await started(150);
    const second = await judge(project, ['--resume']);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('another process works on this run');
    expect((await finished).code).toBe(0);
    await server.close();
  });
});
