import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { evaluate } from 'judgekit';

const LEAST = Number(process.argv[2] ?? 5);

const { summary, results } = await evaluate({ tasks: ['document-summary'] });

// Everything that was asked for and cannot be shown has failed: no score, samples missing, samples unscored.
const failures = summary.tasks.flatMap(({ task, primary, metrics, missing, unscored }) => {
  const { mean, ci95 } = metrics[primary];
  if (mean === null || missing > 0 || unscored > 0) return [`${task}: ${missing} missing, ${unscored} unscored`];
  return mean < LEAST ? [`${task}: ${mean.toFixed(2)} is under ${LEAST}, 95% interval ${ci95 ?? 'unknown'}`] : [];
});

async function* lines() {
  for await (const { id, generation, scores } of results()) {
    yield `${JSON.stringify({ id, output: generation.ok ? generation.text : null, scores })}\n`;
  }
}
await pipeline(Readable.from(lines()), createWriteStream('results.jsonl'));
await writeFile('summary.json', JSON.stringify(summary, null, 2));

for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 100;
