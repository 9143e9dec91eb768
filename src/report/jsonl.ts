import type { SampleResult } from '../run/types.js';
import type { ReportFormat } from './types.js';

/** One line of a `.jsonl` report. */
export function sampleLine({ task, id, epoch, generation, scores, group }: SampleResult): string {
  const answer = generation.ok
    ? {
        output: generation.text,
        error: null,
        finishReason: generation.finishReason,
        usage: generation.usage,
        timings: generation.timings,
      }
    : { output: null, error: generation.error };
  const { attempts, cached } = generation;
  return JSON.stringify({ task, id, epoch, group, ...answer, attempts, cached, scores });
}

export const jsonl: ReportFormat = {
  description: 'a line for each sample: output, scores, the verdict in full',
  async *write({ results }) {
    for await (const result of results()) yield `${sampleLine(result)}\n`;
  },
};
