import { defineRuntime, httpError, networkError, RuntimeError } from 'judgekit/runtime';

/** A server of one's own: POST {prompt, max_tokens, temperature, seed} to /generate, answered with {text, tokens}. */
export const plainHttp = defineRuntime({
  id: 'plain-http',
  description: 'A server that answers POST /generate with {"text": …}',
  capabilities: {},
  concurrency: 4,
  options: {
    type: 'object',
    required: ['model', 'baseUrl'],
    additionalProperties: false,
    properties: {
      model: { type: 'string', minLength: 1, description: 'For the manifest.' },
      baseUrl: { type: 'string', pattern: '^https?://.', description: "The server's address." },
    },
  },
  async open({ model, baseUrl }, signal) {
    const endpoint = `${baseUrl}/generate`;
    const health = await call(`${baseUrl}/health`, { signal });
    const about = await health.json();
    return {
      describe: () => ({ model, endpoint: baseUrl, engine: about.engine }),
      async generate({ messages, maxTokens, temperature, seed }, signal) {
        const started = performance.now();
        const prompt = messages.map((message) => message.content).join('\n\n');
        const body = JSON.stringify({ prompt, max_tokens: maxTokens, temperature, seed });
        const response = await call(endpoint, { method: 'POST', body, signal });
        const reply = await response.json().catch((cause) => {
          throw new RuntimeError(`${endpoint} sent no JSON`, { kind: 'response', retryable: true, cause });
        });
        if (typeof reply.text !== 'string') {
          throw new RuntimeError(`${endpoint} sent an answer without text`, { kind: 'response', retryable: true });
        }
        return {
          text: reply.text,
          finishReason: reply.cut ? 'length' : 'stop',
          usage: reply.tokens && { promptTokens: reply.tokens.prompt, completionTokens: reply.tokens.completion },
          timings: { totalMs: performance.now() - started },
        };
      },
      close: async () => {},
    };
  },
});

async function call(url, init) {
  let response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init.signal.aborted) throw init.signal.reason;
    throw networkError(url, error.cause?.code, error);
  }
  if (response.ok) return response;
  throw httpError({ status: response.status, headers: response.headers, body: await response.text(), endpoint: url });
}
