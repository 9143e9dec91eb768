import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate, InterruptedError, type ProgressEvent, RunError, type RunRecord, UsageError } from 'judgekit';
import { describe, expect, it, vi } from 'vitest';
import { type ChatServer, type ChatServerOptions, startChatServer } from '../support/chat-server.mjs';
import { temporaryFolder } from '../support/folder.js';
import { jsonLines, numberedSamples } from '../support/project.js';

const task = (count: number, more: object = {}) => ({
  id: 'demo',
  language: 'zh',
  dataset: numberedSamples(count),
  prompt: '{{{text}}}',
  scorers: ['exact-match'],
  ...more,
});

async function withServer<T>(reply: ChatServerOptions['reply'], use: (server: ChatServer) => Promise<T>): Promise<T> {
  const server = await startChatServer({ reply });
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}

const onServer = (server: ChatServer, model = 'm') => ({ use: 'openai', model, baseUrl: server.url });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('evaluate', () => {
  it('writes nothing to the console and installs no signal handler', async () => {
    const outputs = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write'), vi.spyOn(console, 'log')];
    const handlers = process.listenerCount('SIGINT');
    await withServer(
      () => '好的',
      (server) => evaluate({ cwd: temporaryFolder(), tasks: [task(20)], runtime: onServer(server) }),
    );
    for (const output of outputs) {
      expect(output).not.toHaveBeenCalled();
      output.mockRestore();
    }
    expect(process.listenerCount('SIGINT')).toBe(handlers);
  });

  it('tells of every sample once, and of its start and end', async () => {
    const events: ProgressEvent[] = [];
    await withServer(
      () => '好的',
      (server) =>
        evaluate({
          cwd: temporaryFolder(),
          tasks: [task(15)],
          repeat: 2,
          runtime: onServer(server),
          onEvent: (event) => events.push(event),
        }),
    );
    expect(events[0]).toMatchObject({ type: 'start', planned: 30, resumed: 0 });
    expect(events.at(-1)).toEqual({ type: 'end', complete: true });
    const samples = events.filter((event) => event.type === 'sample').map(({ id, epoch }) => `${id}/${epoch}`);
    expect(new Set(samples).size).toBe(30);
    expect(samples).toHaveLength(30);
  });

  it('runs several side by side without mixing them', async () => {
    const one = async (answer: string) =>
      withServer(
        () => ({ text: answer, delayMs: 2 }),
        async (server) => {
          const { summary } = await evaluate({ cwd: temporaryFolder(), tasks: [task(40)], runtime: onServer(server) });
          return [summary.tasks[0]!.metrics['exact-match']!.mean, server.stats.requests];
        },
      );
    expect(await Promise.all([one('好的'), one('坏的'), one('好的')])).toEqual([
      [1, 40],
      [0, 40],
      [1, 40],
    ]);
  });

  it('survives a server that fails each sample once in every known way', async () => {
    const faults = [
      { status: 429, error: 'slow down' },
      { status: 429, error: 'slow down', headers: { 'retry-after': '1' } },
      { status: 500, error: 'oops' },
      { status: 503, body: '<html>busy</html>' },
      { fault: 'cut' },
      { fault: 'cut-body' },
      { fault: 'end-early' },
      { body: '{"choices": [' },
      { extra: { choices: [] } },
    ] as const;
    await withServer(
      ({ attempt }, number) => (attempt === 1 ? { ...faults[number % faults.length]! } : '好的'),
      async (server) => {
        const { summary, results } = await evaluate({
          cwd: temporaryFolder(),
          tasks: [task(45)],
          runtime: onServer(server),
          maxConcurrency: 8,
        });
        expect(summary.tasks[0]).toMatchObject({ n: 45, failed: 0, unscored: 0 });
        expect(summary.tasks[0]!.metrics['exact-match']).toMatchObject({ mean: 1, n: 45 });
        const attempts = (await all(results())).map(({ generation }) => generation.attempts);
        expect(Math.min(...attempts)).toBe(2);
        expect(server.stats.requests).toBe(attempts.reduce((sum, count) => sum + count, 0));
      },
    );
  });

  it('records a sample that fails for good with its reason, as unscored, and goes on', async () => {
    await withServer(
      ({ text }) => (text.includes('s-3】') ? { status: 400, error: 'this prompt is not allowed' } : '好的'),
      async (server) => {
        const { summary, results } = await evaluate({
          cwd: temporaryFolder(),
          tasks: [task(10)],
          runtime: onServer(server),
        });
        const [outcome] = summary.tasks;
        expect(outcome).toMatchObject({ n: 10, failed: 1, unscored: 1 });
        expect(outcome!.metrics['exact-match']).toMatchObject({ mean: 1, n: 9 });
        expect(Object.keys(outcome!.unscoredReasons).join()).toContain('this prompt is not allowed');
        const failed = (await all(results())).find(({ id }) => id === 's-3')!;
        expect(failed.generation.ok).toBe(false);
        expect(failed.scores['exact-match']!.value).toBeNull();
      },
    );
  });

  it('does what failed again, and only that, when resumed with retryErrors', async () => {
    const cwd = temporaryFolder();
    let broken = true;
    await withServer(
      ({ text }) => (broken && /s-[1-4]】/.test(text) ? { status: 422, error: 'no' } : '好的'),
      async (server) => {
        const first = await evaluate({ cwd, tasks: [task(10)], runtime: onServer(server) });
        expect(first.summary.tasks[0]!.failed).toBe(4);
        broken = false;
        const { summary } = await evaluate({ cwd, tasks: [task(10)], resume: first.summary.run, retryErrors: true });
        expect(summary.tasks[0]).toMatchObject({ n: 10, failed: 0, unscored: 0, missing: 0 });
        expect(server.stats.requests).toBe(14);
        const log = readFileSync(join(summary.directory!, 'records.jsonl'), 'utf8').trim().split('\n');
        const generations = log
          .map((line) => JSON.parse(line) as RunRecord)
          .filter(({ stage }) => stage === 'generation');
        expect(generations).toHaveLength(10);
      },
    );
  });

  it('rejects with InterruptedError when its signal aborts, and can be resumed', async () => {
    const cwd = temporaryFolder();
    await withServer(
      () => ({ text: '好的', delayMs: 20 }),
      async (server) => {
        const controller = new AbortController();
        let seen = 0;
        const error = await evaluate({
          cwd,
          tasks: [task(60)],
          runtime: onServer(server),
          maxConcurrency: 4,
          signal: controller.signal,
          onEvent: ({ type }) => {
            if (type === 'sample' && ++seen === 10) controller.abort();
          },
        }).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(InterruptedError);
        const { run } = error as InterruptedError;
        const { summary } = await evaluate({ cwd, tasks: [task(60)], resume: run! });
        expect(summary).toMatchObject({ complete: true });
        expect(summary.tasks[0]).toMatchObject({ n: 60, missing: 0 });
        expect(server.stats.requests).toBeLessThanOrEqual(60 + 4);
      },
    );
  });

  it('refuses to go on with a run when what it began with has changed', async () => {
    const cwd = temporaryFolder();
    await withServer(
      () => '好的',
      async (server) => {
        const { summary } = await evaluate({ cwd, tasks: [task(5)], runtime: onServer(server) });
        const changed = [
          { tasks: [task(6)] },
          { tasks: [task(5, { prompt: '请：{{{text}}}' })] },
          { tasks: [task(5)], runtime: onServer(server, 'other') },
        ];
        for (const change of changed) {
          await expect(evaluate({ cwd, ...change, resume: summary.run })).rejects.toThrow(RunError);
        }
      },
    );
  });

  it('says so when a dataset loses samples while it is read', async () => {
    const cwd = temporaryFolder();
    const file = join(cwd, 'samples.jsonl');
    writeFileSync(file, jsonLines(numberedSamples(40)));
    await withServer(
      () => '好的',
      async (server) => {
        const running = evaluate({
          cwd,
          tasks: [task(0, { dataset: file })],
          runtime: onServer(server),
          onEvent: ({ type }) => {
            if (type === 'start') writeFileSync(file, jsonLines(numberedSamples(10)));
          },
        });
        await expect(running).rejects.toThrow('only 10 of 40 samples were found');
        await expect(running).rejects.toThrow(RunError);
      },
    );
  });

  it('waits for a slow judge without reading the whole dataset ahead', async () => {
    let read = 0;
    const rows = numberedSamples(3000);
    const dataset = new Proxy(rows, {
      get(target, key, receiver) {
        if (typeof key === 'string' && /^\d+$/.test(key)) read = Math.max(read, Number(key));
        return Reflect.get(target, key, receiver);
      },
    });
    const verdict = JSON.stringify({ reason: '好', scores: { quality: 5 }, overall: 5 });
    await withServer(
      ({ body }) => (body.model === 'judge' ? { text: verdict, delayMs: 100 } : '好的'),
      async (server) => {
        const controller = new AbortController();
        let judged = 0;
        let ahead = 0;
        const running = evaluate({
          cwd: temporaryFolder(),
          tasks: [
            task(0, {
              dataset,
              scorers: ['llm-judge'],
              rubric: {
                id: 'plain',
                scale: { min: 1, max: 10 },
                dimensions: [{ id: 'quality', description: 'How good it is.' }],
                overall: 'judge',
              },
            }),
          ],
          runtime: onServer(server),
          judge: onServer(server, 'judge'),
          judgeConcurrency: 2,
          signal: controller.signal,
          onEvent: ({ type }) => {
            if (type === 'start') read = 0;
            if (type === 'sample' && ++judged === 6) {
              ahead = read;
              controller.abort();
            }
          },
        });
        await expect(running).rejects.toThrow(InterruptedError);
        expect(ahead).toBeGreaterThan(0);
        expect(ahead).toBeLessThan(600);
      },
    );
  });

  it.each([
    [{ limit: 0 }, UsageError],
    [{ repeat: 1.5 }, UsageError],
    [{ outputs: 'x.jsonl', runtime: 'openai:m' }, UsageError],
    [{ tasks: ['no-such-task'] }, UsageError],
    [{ rubric: 'no-such-rubric' }, UsageError],
    [{ category: 'no-such-category' }, UsageError],
    [{ judge: 'no-such-runtime:m' }, UsageError],
  ])('refuses %j before anything runs', async (options, type) => {
    await expect(evaluate({ cwd: temporaryFolder(), ...options })).rejects.toThrow(type);
  });
});
