import { resolve } from 'node:path';
import { defineRuntime, RuntimeError } from 'judgekit/runtime';
import { readProvenance } from './provenance.js';
import { openRecording } from './recording.js';

/** Answers from a file of outputs that a model wrote before. */
export default defineRuntime({
  id: 'replay',
  description: 'Recorded outputs: JSON Lines with id and output, or the records of a run.',
  capabilities: { free: true },
  // Nothing is waited for: enough to keep the scorers busy.
  concurrency: 64,
  options: {
    type: 'object',
    required: ['outputs'],
    additionalProperties: false,
    properties: {
      outputs: {
        type: 'string',
        minLength: 1,
        description:
          'A JSON Lines file: {"id": "…", "output": "…"}; task, epoch, finishReason, usage, timings are optional.',
      },
    },
  },
  async open(options) {
    const file = resolve(String(options.outputs));
    const info = await readProvenance(file);
    const recording = await openRecording(file);
    return {
      describe: () => ({ ...info }),
      async generate({ sample: { task, id, epoch } }, signal) {
        signal.throwIfAborted();
        const outcome = (await recording.find(task, id, epoch))?.outcome;
        if (outcome?.ok) return outcome.generation;
        if (outcome) throw new RuntimeError(`the recorded generation failed: ${outcome.message}`, { kind: 'missing' });
        const repeat = epoch > 1 ? `, repeat ${epoch}` : '';
        throw new RuntimeError(`no output is recorded for this sample (task ${task}, id ${id}${repeat})`, {
          kind: 'missing',
          location: { file },
          hint: `Add a line: ${JSON.stringify({ id, output: '…' })}`,
        });
      },
      close: () => recording.close(),
    };
  },
});
