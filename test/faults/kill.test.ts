import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/index.js';
import { type LoggedRequest, startChatServer } from '../support/chat-server.mjs';
import { temporaryFolder } from '../support/folder.js';
import { startJudge } from '../support/judge.js';
import { numberedSamples, writeTask } from '../support/project.js';

const SAMPLES = 2000;
const KILLS = 20;
const CONCURRENCY = 16;

const VERDICT = JSON.stringify({
  reason: '与参考一致',
  scores: { faithfulness: 8, completeness: 8, conciseness: 8, fluency: 8, 'instruction-following': 8 },
  overall: 8,
});

/** `candidate s-17` or `grader s-17`. */
function callOf({ body, text }: LoggedRequest): string {
  return `${body.model} ${/【(s-\d+)】/.exec(text)?.[1]}`;
}

function runDirectory(project: string): string {
  const runs = join(project, '.judge', 'runs');
  return join(runs, readdirSync(runs)[0]!);
}

/** The whole lines of the log; a torn last one is left out. */
function records(project: string): RunRecord[] {
  const text = readFileSync(join(runDirectory(project), 'records.jsonl'), 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RunRecord);
}

function finishedCalls(project: string): Set<string> {
  const calls = records(project).flatMap((record) => {
    if (record.stage === 'generation') return [`candidate ${record.id}`];
    return record.stage === 'scores' && 'llm-judge' in record.scores ? [`grader ${record.id}`] : [];
  });
  return new Set(calls);
}

describe('a run that is killed', () => {
  it(`survives ${KILLS} SIGKILLs: each sample recorded once, no recorded call made again`, {
    timeout: 240_000,
  }, async () => {
    const project = temporaryFolder();
    const server = await startChatServer({
      reply: ({ body }) => ({ text: body.model === 'grader' ? VERDICT : '好的', delayMs: 20 + Math.random() * 20 }),
    });
    writeTask(project, {
      samples: numberedSamples(SAMPLES),
      scorers: ['exact-match', 'llm-judge'],
      rubric: 'summarization',
    });
    const start = [
      ...['--task', 'demo', '--no-cache', '--no-progress', '-j', String(CONCURRENCY)],
      ...['--judge-concurrency', String(CONCURRENCY), '--runtime', 'openai:candidate', '--base-url', server.url],
      ...['--judge', 'openai:grader', '--judge-base-url', server.url],
    ];
    let kills = 0;
    const checks: (() => string[])[] = [];
    let args: string[] = start;
    for (;;) {
      const { child, finished } = startJudge(project, args);
      if (kills < KILLS) {
        const before = server.stats.requests;
        while (server.stats.requests === before && child.exitCode === null) await wait(5);
        await wait(Math.random() * 220);
        child.kill('SIGKILL');
      }
      const end = await finished;
      if (end.signal !== 'SIGKILL') {
        expect(end, end.stderr).toMatchObject({ code: 0 });
        break;
      }
      kills++;
      // Whatever is asked from now on is checked against what was on disk when this session died.
      const done = finishedCalls(project);
      const from = server.log.length;
      checks.push(() =>
        server.log
          .slice(from)
          .map(callOf)
          .filter((call) => done.has(call)),
      );
      args = ['--resume', '--no-cache', '--no-progress'];
    }
    const repeated = checks.flatMap((check) => check());
    await server.close();

    expect(kills).toBe(KILLS);
    expect(repeated).toEqual([]);
    const all = records(project);
    const generated = all.filter((record) => record.stage === 'generation').map((record) => record.id);
    expect(new Set(generated).size).toBe(SAMPLES);
    expect(generated).toHaveLength(SAMPLES);
    const scored = all.flatMap((record) =>
      record.stage === 'scores' ? Object.keys(record.scores).map((name) => `${name} ${record.id}`) : [],
    );
    expect(new Set(scored).size).toBe(2 * SAMPLES);
    expect(scored).toHaveLength(2 * SAMPLES);
    // Only calls that were in flight at a kill may have been made twice.
    expect(server.stats.requests).toBeLessThanOrEqual(2 * SAMPLES + KILLS * 2 * CONCURRENCY);
  });
});
