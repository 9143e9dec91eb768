import { evaluate, InterruptedError } from 'judgekit';

const [a, b] = process.argv.slice(2);
const controller = new AbortController();
process.once('SIGINT', () => controller.abort());

let done = 0;
const onEvent = (event) => {
  if (event.type === 'sample') done += 1;
  if (event.type === 'retry') console.error(`${event.id}: attempt ${event.attempt} failed (${event.reason})`);
};

const common = { tasks: ['document-summary'], limit: 6, signal: controller.signal, graceMs: 10_000, onEvent };
try {
  const evaluations = await Promise.all([evaluate({ ...common, outputs: a }), evaluate({ ...common, outputs: b })]);
  for (const { summary } of evaluations) {
    const [task] = summary.tasks;
    console.log(summary.run, task.metrics[task.primary].mean);
  }
  console.log(`${done} samples in ${evaluations.length} runs`);
} catch (error) {
  if (!(error instanceof InterruptedError)) throw error;
  console.error(`stopped; go on with: judge --resume ${error.run}`);
  process.exitCode = 130;
}
