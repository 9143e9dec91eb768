import {
  field,
  finishReasonOf,
  type Generation,
  RuntimeError,
  serverMessage,
  shorten,
  type Timings,
} from 'judgekit/runtime';

/**
 * The generation in a chat completion, however much of it a server left out. Throws RuntimeError of kind `response` when
 * there is none.
 */
export function readReply(reply: unknown, totalMs: number, endpoint: string): Generation {
  const nothing = (what: string) =>
    new RuntimeError(`${endpoint} sent ${what}: ${shorten(JSON.stringify(reply) ?? 'nothing')}`, {
      kind: 'response',
      retryable: true,
    });
  const choices = field(reply, 'choices');
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const message = field(choice, 'message');
  if (typeof message !== 'object' || message === null) {
    const error = field(reply, 'error');
    if (error === undefined || error === null) throw nothing('an answer without a choice');
    throw new RuntimeError(`${endpoint} answered with an error: ${shorten(serverMessage(JSON.stringify(reply)))}`, {
      kind: 'response',
      retryable: true,
    });
  }
  const usage = readUsage(reply);
  const timings = readTimings(reply, totalMs);
  const refusal = textOf(field(message, 'refusal'));
  if (refusal) return { text: refusal, finishReason: 'refusal', usage, timings };

  const finishReason = finishReasonOf(field(choice, 'finish_reason'));
  const text = textOf(field(message, 'content')) ?? calledWith(field(message, 'tool_calls'));
  if (text !== undefined) return { text, finishReason, usage, timings };
  // A model that spends every token on thinking, or is stopped by a filter, has answered: with nothing.
  if (finishReason !== 'stop') return { text: '', finishReason, usage, timings };
  throw nothing('a choice without content');
}

/** A string, or the joined text of content parts. */
function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const parts = content
    .map((part) => (typeof part === 'string' ? part : (field(part, 'text') ?? field(part, 'refusal'))))
    .filter((part) => typeof part === 'string');
  return parts.length > 0 ? parts.join('') : undefined;
}

/** Some servers take a JSON answer for a tool call; its arguments are the answer. */
function calledWith(toolCalls: unknown): string | undefined {
  if (!Array.isArray(toolCalls)) return undefined;
  const inputs = toolCalls
    .map((call) => field(field(call, 'function'), 'arguments'))
    .filter((it) => typeof it === 'string');
  return inputs.length > 0 ? inputs.join('\n') : undefined;
}

function readUsage(reply: unknown): Generation['usage'] {
  const usage = field(reply, 'usage');
  const [promptTokens, completionTokens] = [field(usage, 'prompt_tokens'), field(usage, 'completion_tokens')];
  if (typeof promptTokens !== 'number' || typeof completionTokens !== 'number') return undefined;
  return { promptTokens, completionTokens };
}

/** llama.cpp's server adds `timings`; others measure nothing. */
function readTimings(reply: unknown, totalMs: number): Timings {
  const measured = field(reply, 'timings');
  return {
    totalMs,
    firstTokenMs: positive(field(measured, 'prompt_ms')),
    prefillTokensPerSecond: positive(field(measured, 'prompt_per_second')),
    decodeTokensPerSecond: positive(field(measured, 'predicted_per_second')),
  };
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}
