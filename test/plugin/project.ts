import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { JudgeError } from '../../src/errors.js';
import type { Builtins } from '../../src/plugin/registry.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Writes a small project and returns its folder. */
export function project(files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(tmpdir(), 'judgekit-project-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** What a user reads of an error, with the project's folder left out. */
export async function said(step: Promise<unknown> | (() => unknown), folder = '\u0000'): Promise<string> {
  const error = await Promise.resolve(typeof step === 'function' ? Promise.resolve().then(step) : step).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(JudgeError);
  return (error as JudgeError).describe().replaceAll(`${folder}/`, '').replaceAll(folder, '.');
}

export const RUBRIC = `id: kindness
scale: { min: 1, max: 5 }
dimensions:
  - { id: warmth, description: Is it friendly? }
overall: judge
`;

export const TASK = `id: greet
dataset: dataset.jsonl
prompt: prompt.hbs
rubric: kindness
scorers:
  - llm-judge
  - words: { at: 3 }
`;

/** A project with a rubric and a task, all of it right; `files` change or add some of it. */
export function greetings(files: Record<string, string | Buffer> = {}): string {
  return project({
    'rubrics/kindness.yaml': RUBRIC,
    'plugins/greet/task.yaml': TASK,
    'plugins/greet/prompt.hbs': 'Greet {{name}}.\n',
    'plugins/greet/dataset.jsonl': '{"id":"1","variables":{"name":"小明"},"target":"你好，小明"}\n',
    ...files,
  });
}

/** Built-in plugins for a registry under test: a scorer and a runtime that do something and load when asked. */
export function builtins(loaded: string[] = []): Builtins {
  return {
    scorers: {
      words: async () => {
        loaded.push('words');
        return {
          id: 'words',
          description: 'Counts words.',
          options: {
            type: 'object',
            additionalProperties: false,
            properties: { at: { type: 'integer', minimum: 1 }, language: { enum: ['en', 'zh'] } },
          },
          score: ({ output }) => ({ value: output.split(/\s+/).length }),
        };
      },
      plain: async () => ({ id: 'plain', score: () => ({ value: 1 }) }),
    },
    runtimes: {
      echo: async () => {
        loaded.push('echo');
        return {
          id: 'echo',
          options: { type: 'object' },
          capabilities: {},
          open: async () => {
            throw new Error('not opened in these tests');
          },
        };
      },
    },
  };
}
