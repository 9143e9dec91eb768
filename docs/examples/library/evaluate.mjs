import { evaluate } from 'judgekit';

const { summary } = await evaluate({ rubric: 'summarization', limit: 3 });
for (const { task, primary, metrics, unscored } of summary.tasks) {
  const { mean, ci95, n } = metrics[primary];
  const interval = ci95 === null ? 'no interval' : `95% ${ci95[0].toFixed(2)} to ${ci95[1].toFixed(2)}`;
  console.log(`${task}: ${mean === null ? 'no score' : mean.toFixed(2)} (${interval}), n ${n}, unscored ${unscored}`);
}
