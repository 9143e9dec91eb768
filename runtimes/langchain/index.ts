import {
  defineRuntime,
  type Executor,
  errorMessage,
  field,
  finishReasonOf,
  type GenerateRequest,
  type Generation,
  type JsonObject,
  type ModelInfo,
  RuntimeError,
  withTimeLimit,
} from 'judgekit/runtime';
import { toRuntimeError } from './errors.js';

/**
 * One retry policy rules, the engine's. The raw response is kept because LangChain's message of an OpenAI refusal is empty;
 * providers that know no such option ignore it.
 */
const FIXED = { maxRetries: 0, __includeRawResponse: true };

interface Options {
  model: string;
  modelOptions?: JsonObject;
  timeoutMs?: number;
}

/** Any chat model that LangChain has a package for: Anthropic, Google, Bedrock, Mistral, Ollama, … */
export default defineRuntime({
  id: 'langchain',
  description: 'Any chat model of LangChain, as PROVIDER:MODEL: anthropic, google-genai, bedrock, ollama, …',
  capabilities: {},
  concurrency: 8,
  options: {
    type: 'object',
    required: ['model'],
    additionalProperties: false,
    properties: {
      model: { type: 'string', minLength: 1, description: 'PROVIDER:MODEL, e.g. anthropic:claude-sonnet-4-5.' },
      modelOptions: {
        type: 'object',
        description: "Passed to the provider's LangChain class as they are; keys come from the environment.",
      },
      timeoutMs: {
        type: 'integer',
        minimum: 1,
        maximum: 2 ** 31 - 1,
        description: 'Most milliseconds for one call. Default: 120000.',
      },
    },
  },
  open: async (options) => openExecutor(options as unknown as Options),
});

async function openExecutor({ model, modelOptions = {}, timeoutMs = 120_000 }: Options): Promise<Executor> {
  refuseKeys(modelOptions);
  const { initChatModel, MODEL_PROVIDER_CONFIG } = await import('langchain/chat_models/universal');
  const prefix = model.slice(0, Math.max(0, model.indexOf(':')));
  const provider = Object.hasOwn(MODEL_PROVIDER_CONFIG, prefix) ? prefix : undefined;
  const providers: Record<string, { package: string }> = MODEL_PROVIDER_CONFIG;

  type Model = Awaited<ReturnType<typeof initChatModel>>;
  const models = new Map<string, Promise<Model>>();

  /** LangChain takes most parameters when a model is made, which is cheap: one for each combination that is asked for. */
  function modelWith(parameters: JsonObject): Promise<Model> {
    const key = JSON.stringify(parameters);
    let made = models.get(key);
    if (made === undefined) {
      made = initChatModel(model, { ...modelOptions, ...parameters, ...FIXED });
      models.set(key, made);
    }
    return made;
  }

  try {
    await modelWith({});
  } catch (cause) {
    throw setupError(cause, model, provider === undefined ? undefined : providers[provider]?.package);
  }

  return {
    describe(): ModelInfo {
      return {
        model: provider === undefined ? model : model.slice(prefix.length + 1),
        engine: 'langchain',
        ...(provider === undefined ? {} : { provider }),
      };
    },
    async generate(request: GenerateRequest, signal: AbortSignal): Promise<Generation> {
      signal.throwIfAborted();
      const started = performance.now();
      const message = await withTimeLimit(
        async (limited) => {
          try {
            const instance = await modelWith(parametersOf(request, provider));
            // `seed` is a call option with some providers, and nothing to the others.
            const { stop, seed } = request;
            const messages = request.messages.map(({ role, content }) => ({ role, content }));
            const options = { signal: limited, ...(stop ? { stop } : {}), ...(seed === undefined ? {} : { seed }) };
            return await instance.invoke(messages, options);
          } catch (error) {
            throw toRuntimeError(error, model);
          }
        },
        timeoutMs,
        signal,
      );
      return readMessage(message, performance.now() - started);
    },
    async close() {
      models.clear();
    },
  };
}

/** A run's manifest keeps the options: a key among them would lie on disk. */
function refuseKeys(options: JsonObject): void {
  for (const [name, value] of Object.entries(options)) {
    if (/api_?key|secret|password|credential|access_?token|authorization/i.test(name)) {
      throw new RuntimeError(`modelOptions.${name} looks like a secret, which is read from the environment only`, {
        kind: 'setup',
        hint: "Set the provider's environment variable instead, e.g. ANTHROPIC_API_KEY.",
      });
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) refuseKeys(value);
  }
}

function setupError(cause: unknown, model: string, packageName: string | undefined): RuntimeError {
  const absent = /npm install (\S+?)`/.exec(errorMessage(cause))?.[1];
  if (absent !== undefined) {
    const name = packageName ?? absent;
    return new RuntimeError(`${model} needs the package ${name}, which is not installed`, {
      kind: 'setup',
      hint: `Type: npm install ${name}`,
      cause,
    });
  }
  return new RuntimeError(`${model} cannot be opened: ${errorMessage(cause)}`, {
    kind: 'setup',
    hint: 'Name it as PROVIDER:MODEL, and set the key that the provider wants in the environment.',
    cause,
  });
}

/** The name of "most tokens to generate" where it is not `maxTokens`. */
const MAX_TOKENS_NAME: Record<string, string> = {
  google: 'maxOutputTokens',
  'google-genai': 'maxOutputTokens',
  'google-vertexai': 'maxOutputTokens',
  'google-vertexai-web': 'maxOutputTokens',
  ollama: 'numPredict',
};

function parametersOf(
  { maxTokens, temperature, topP, seed }: GenerateRequest,
  provider: string | undefined,
): JsonObject {
  const parameters = { [MAX_TOKENS_NAME[provider ?? ''] ?? 'maxTokens']: maxTokens, temperature, topP, seed };
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}

interface Message {
  text: string;
  usage_metadata?: { input_tokens: number; output_tokens: number };
  response_metadata: Record<string, unknown>;
  additional_kwargs: Record<string, unknown>;
  tool_calls?: { args: unknown }[];
}

function readMessage(message: Message, totalMs: number): Generation {
  const { usage_metadata: counted, response_metadata: about } = message;
  const usage =
    typeof counted?.input_tokens === 'number' && typeof counted.output_tokens === 'number'
      ? { promptTokens: counted.input_tokens, completionTokens: counted.output_tokens }
      : undefined;
  const timings = { totalMs };
  const refusal = refusalIn(message.additional_kwargs);
  if (refusal !== undefined) return { text: refusal, finishReason: 'refusal', usage, timings };
  const reason = ['finish_reason', 'finishReason', 'stop_reason', 'stopReason', 'done_reason']
    .map((name) => field(about, name))
    .find((value) => typeof value === 'string');
  // A model may put a JSON answer into a tool call.
  const called = (message.tool_calls ?? []).map((call) => JSON.stringify(call.args)).join('\n');
  return { text: message.text || called, finishReason: finishReasonOf(reason), usage, timings };
}

function refusalIn(additional: Record<string, unknown>): string | undefined {
  const choices = field(field(additional, '__raw_response'), 'choices');
  const message = Array.isArray(choices) ? field(choices[0], 'message') : additional;
  const refusal = field(message, 'refusal');
  return typeof refusal === 'string' && refusal !== '' ? refusal : undefined;
}
