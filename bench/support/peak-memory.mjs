/** Loaded before the measured program: writes the process's peak resident memory (KB) when it ends. */
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => writeFileSync(process.env.JUDGEKIT_BENCH_PEAK, String(process.resourceUsage().maxRSS)));
}
