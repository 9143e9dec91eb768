/**
 * Recorded outputs, exact match and ROUGE-1/2/L, written to disk, as a whole process: 20,000 samples for speed; 2,000 and
 * 200,000 for memory. Usage: npm run build && node bench/recorded.mjs [--memory]
 */
import { join } from 'node:path';
import { JUDGE, measure, median, scratchFolder } from './support/measure.mjs';
import { writeProject } from './support/project.mjs';

const ARGS = [JUDGE, '--task', 'bench', '--no-progress', '--json'];
const folder = scratchFolder();

async function project(count, tokenizer) {
  const cwd = join(folder, `${count}-${tokenizer}`);
  await writeProject(cwd, count, {
    scorers: ['exact-match', { rouge: { types: ['rouge1', 'rouge2', 'rougeL'], tokenizer } }],
  });
  return cwd;
}

for (const tokenizer of ['jieba', 'char']) {
  const cwd = await project(20_000, tokenizer);
  const runs = [];
  for (let round = 0; round < 5; round++) runs.push(await measure(ARGS, { cwd }));
  const seconds = median(runs.map((run) => run.seconds)).toFixed(2);
  const peak = median(runs.map((run) => run.peakMB)).toFixed(0);
  console.log(`20,000 samples, ${tokenizer}: ${seconds} s, ${peak} MB (bar: 3 s, 250 MB)`);
}

if (process.argv.includes('--memory')) {
  for (const tokenizer of ['jieba', 'char']) {
    const small = await measure(ARGS, { cwd: await project(2_000, tokenizer) });
    const large = await measure(ARGS, { cwd: await project(200_000, tokenizer) });
    const ratio = (large.peakMB / small.peakMB).toFixed(2);
    const [least, most] = [small, large].map(({ peakMB }) => `${peakMB.toFixed(0)} MB`);
    const seconds = large.seconds.toFixed(1);
    console.log(
      `memory, ${tokenizer}: ${least} at 2,000, ${most} at 200,000 (${seconds} s), ratio ${ratio} (bar: 1.2)`,
    );
  }
}
