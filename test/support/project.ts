import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SampleRow } from '../../src/index.js';

export interface ProjectTask {
  id?: string;
  samples: readonly SampleRow[] | string;
  prompt?: string;
  scorers?: readonly unknown[];
  rubric?: string;
  /** Recorded outputs by sample id. */
  recorded?: Record<string, string>;
}

/** Writes a task plugin into `<folder>/plugins/<id>`. `samples` as a string is the dataset file, byte for byte. */
export function writeTask(folder: string, task: ProjectTask): void {
  const { id = 'demo', samples, prompt = '{{{text}}}', scorers = ['exact-match'], rubric, recorded } = task;
  const home = join(folder, 'plugins', id);
  mkdirSync(home, { recursive: true });
  const definition = {
    id,
    language: 'zh',
    dataset: 'samples.jsonl',
    prompt,
    scorers,
    ...(rubric ? { rubric } : {}),
    ...(recorded ? { recorded: 'outputs.jsonl' } : {}),
  };
  writeFileSync(join(home, 'task.yaml'), JSON.stringify(definition, null, 2));
  writeFileSync(join(home, 'samples.jsonl'), typeof samples === 'string' ? samples : jsonLines(samples));
  if (recorded) {
    const rows = Object.entries(recorded).map(([sample, output]) => ({ id: sample, output }));
    writeFileSync(join(home, 'outputs.jsonl'), jsonLines(rows));
  }
}

export function jsonLines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** Samples `s-0` … whose prompt names them: `【s-0】`. */
export function numberedSamples(count: number): SampleRow[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `s-${index}`,
    variables: { text: `【s-${index}】请复述。` },
    target: '好的',
  }));
}
