import { checkGates, evaluate, parseThreshold, writeReport } from 'judgekit';

const thresholds = [parseThreshold(process.argv[2] ?? '5')];

const evaluation = await evaluate({ tasks: ['document-summary'] });
const gate = checkGates(evaluation.summary, { thresholds, failOnUnscored: true });

await writeReport('results.jsonl', { ...evaluation, gate, thresholds });
await writeReport('summary.json', { ...evaluation, gate, thresholds });

for (const failure of gate.failures) console.error(failure);
process.exitCode = gate.passed ? 0 : 100;
