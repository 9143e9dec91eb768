import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { perturbed, random, referenceLength, text } from './texts.mjs';

/** Writes a project with one task of `count` samples and its recorded outputs into `folder`. */
export async function writeProject(folder, count, { scorers, rubric, inputLength = 200 }) {
  const task = join(folder, 'plugins', 'bench');
  mkdirSync(task, { recursive: true });
  writeFileSync(
    join(task, 'task.yaml'),
    `${JSON.stringify({
      id: 'bench',
      language: 'zh',
      dataset: 'samples.jsonl',
      recorded: 'outputs.jsonl',
      prompt: '请总结：{{{text}}}',
      scorers,
      ...(rubric ? { rubric } : {}),
    })}\n`,
  );
  const next = random(7);
  const samples = createWriteStream(join(task, 'samples.jsonl'));
  const outputs = createWriteStream(join(task, 'outputs.jsonl'));
  for (let index = 0; index < count; index++) {
    const id = `sample-${index}`;
    const target = text(referenceLength(next), next);
    const row = { id, variables: { text: text(inputLength, next) }, target };
    const written = samples.write(`${JSON.stringify(row)}\n`);
    if (!outputs.write(`${JSON.stringify({ id, output: perturbed(target, next) })}\n`) || !written) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await Promise.all([samples, outputs].map((stream) => once(stream.end(), 'finish')));
}
