import { spawn } from 'node:child_process';
import { defineRuntime, RuntimeError } from 'judgekit/runtime';

/** Runs a program for each prompt: the prompt goes to its standard input, what it prints is the answer. */
export const program = defineRuntime({
  id: 'program',
  description: 'A program: the prompt on its standard input, the answer on its standard output',
  capabilities: {},
  concurrency: 1,
  options: {
    type: 'object',
    required: ['model'],
    additionalProperties: false,
    properties: {
      model: { type: 'string', minLength: 1, description: 'The program.' },
      args: { type: 'array', items: { type: 'string' }, description: 'Its arguments.' },
      quantization: { type: 'string', description: 'For the manifest, e.g. Q4_0.' },
      device: { type: 'string', description: 'For the manifest, e.g. Snapdragon 8 Elite.' },
    },
  },
  async open({ model, args = [], quantization, device }) {
    return {
      describe: () => ({ model, engine: 'program', quantization, device }),
      async generate(request, signal) {
        const started = performance.now();
        const prompt = request.messages.map((message) => message.content).join('\n\n');
        const text = await run(model, args, prompt, signal);
        return { text: text.trim(), finishReason: 'stop', timings: { totalMs: performance.now() - started } };
      },
      close: async () => {},
    };
  },
});

function run(file, args, input, signal) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { signal, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    child.on('error', (cause) => {
      if (signal.aborted) return reject(signal.reason);
      const hint = 'Check the name and that the program is installed.';
      reject(new RuntimeError(`${file} cannot be run: ${cause.message}`, { kind: 'setup', hint, cause }));
    });
    child.on('close', (code) => {
      if (signal.aborted) return reject(signal.reason);
      if (code === 0) return resolve(output);
      const said = errors.trim().slice(-300);
      reject(new RuntimeError(`${file} ended with ${code}: ${said}`, { kind: 'server', retryable: true }));
    });
    // A program that ends without reading its input says why with its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
