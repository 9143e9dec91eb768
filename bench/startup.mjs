/** Start-up: `judge --version` beside bare `node -e 0`, in turn. Usage: npm run build && node bench/startup.mjs */
import { JUDGE, measure, median } from './support/measure.mjs';

const rounds = Number(process.argv[2] ?? 15);
const ratios = [];
const version = [];
const bare = [];
for (let round = -1; round < rounds; round++) {
  const a = await measure([JUDGE, '--version'], { memory: false });
  const b = await measure(['-e', '0'], { memory: false });
  if (round < 0) continue;
  version.push(a.seconds);
  bare.push(b.seconds);
  ratios.push(a.seconds / b.seconds);
}
const ms = (values) => `${(1000 * median(values)).toFixed(0)} ms`;
console.log(`judge --version ${ms(version)}, node -e 0 ${ms(bare)}, ratio ${median(ratios).toFixed(2)} (bar: 1.5)`);
