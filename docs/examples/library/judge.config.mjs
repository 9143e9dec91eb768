import { defineScorer } from 'judgekit';

const oneLine = defineScorer({
  id: 'one-line',
  description: 'Whether the answer is one line: 1 or 0',
  range: [0, 1],
  score: ({ output }) => ({ value: output.trim().includes('\n') ? 0 : 1 }),
});

export default {
  limit: 5,
  define: { scorers: [oneLine] },
};
