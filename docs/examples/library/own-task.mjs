import { defineRubric, defineScorer, defineTask, evaluate } from 'judgekit';

const politeness = defineRubric({
  id: 'politeness',
  title: { en: 'Politeness', zh: '礼貌' },
  scale: { min: 0, max: 1, step: 0.5, multiply: 10, anchors: { 0: 'Rude.', 0.5: 'Neutral.', 1: 'Polite.' } },
  dimensions: [],
  overall: 'judge',
});

const oneLine = defineScorer({
  id: 'one-line',
  description: 'Whether the answer is one line: 1 or 0',
  range: [0, 1],
  score: ({ output }) => ({ value: output.trim().includes('\n') ? 0 : 1 }),
});

const reply = defineTask({
  id: 'reply',
  language: 'en',
  dataset: [
    { id: 'late', variables: { message: 'Sorry, I am ten minutes late.' }, target: 'No problem, see you soon.' },
    { id: 'thanks', variables: { message: 'Thank you for the flowers!' }, target: 'You are very welcome.' },
  ],
  prompt: 'Write a short reply to this message: {{message}}',
  rubric: politeness,
  scorers: ['llm-judge', oneLine, { rouge: { types: ['rouge1'] } }],
  generation: { maxTokens: 64 },
});

const { summary } = await evaluate({ tasks: [reply], outputs: 'outputs.jsonl' });
for (const [metric, { mean, n }] of Object.entries(summary.tasks[0].metrics)) console.log(metric, mean, n);
