import type { OpenAIClient } from '@langchain/openai';
import {
  defineRuntime,
  type Executor,
  field,
  type GenerateRequest,
  type Generation,
  type JsonObject,
  type ModelInfo,
  RuntimeError,
} from 'judgekit/runtime';
import { readReply } from './reply.js';
import { type Call, type CallInit, createTransport } from './transport.js';

const OPENAI_URL = 'https://api.openai.com/v1';

interface Options {
  model: string;
  baseUrl?: string;
  apiKeyEnv: string;
  headers: Record<string, string>;
  timeoutMs: number;
  idleTimeoutMs: number;
  extraBody: JsonObject;
  jsonSchema: 'auto' | 'on' | 'off';
}

const DEFAULTS = {
  apiKeyEnv: 'OPENAI_API_KEY',
  headers: {},
  timeoutMs: 120_000,
  idleTimeoutMs: 30_000,
  extraBody: {},
  jsonSchema: 'auto',
} satisfies Partial<Options>;

/** Any server with the OpenAI chat completions API: OpenAI, llama-server, GenieX, MNN, vLLM, Ollama, … */
export default defineRuntime({
  id: 'openai',
  description: 'Any server with the OpenAI API: OpenAI, llama-server, vLLM, Ollama, GenieX, MNN, …',
  capabilities: { jsonSchema: true },
  concurrency: 8,
  options: {
    type: 'object',
    required: ['model'],
    additionalProperties: false,
    properties: {
      model: { type: 'string', minLength: 1, description: "The model's name, as the server knows it." },
      baseUrl: {
        type: 'string',
        pattern: '^https?://.',
        description: `The API's address, up to and with /v1. Default: OPENAI_BASE_URL, else ${OPENAI_URL}.`,
      },
      apiKeyEnv: {
        type: 'string',
        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
        description: 'The environment variable that holds the key. Default: OPENAI_API_KEY.',
      },
      headers: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Further request headers; a value like $NAME is read from the environment.',
      },
      timeoutMs: {
        type: 'integer',
        minimum: 1,
        maximum: 2 ** 31 - 1,
        description: 'Most milliseconds for one call. Default: 120000.',
      },
      idleTimeoutMs: {
        type: 'integer',
        minimum: 1,
        maximum: 2 ** 31 - 1,
        description: 'Most milliseconds to connect, and of silence once an answer has begun. Default: 30000.',
      },
      extraBody: {
        type: 'object',
        properties: { stream: { const: false }, n: { const: 1 } },
        description: "Laid over each request's body; null takes a field out, e.g. temperature for a reasoning model.",
      },
      jsonSchema: {
        enum: ['auto', 'on', 'off'],
        description:
          'Whether to send a JSON schema with requests that have one. auto (the default): until the server refuses it.',
      },
    },
  },
  open: async (options) => openExecutor({ ...DEFAULTS, ...(options as unknown as Options) }),
});

async function openExecutor(options: Options): Promise<Executor> {
  const { model, apiKeyEnv, extraBody } = options;
  const baseUrl = (options.baseUrl ?? (process.env.OPENAI_BASE_URL || OPENAI_URL)).replace(
    /\/+(chat\/completions\/*)?$/,
    '',
  );
  const isOpenAI = baseUrl === OPENAI_URL;
  const endpoint = withoutCredentials(baseUrl);
  const apiKey = process.env[apiKeyEnv];
  if (!apiKey && isOpenAI) {
    throw new RuntimeError(`no API key: the environment variable ${apiKeyEnv} is not set`, {
      kind: 'setup',
      hint: `Type: export ${apiKeyEnv}=YOUR_KEY (in PowerShell: $env:${apiKeyEnv}="YOUR_KEY"); or name another server with baseUrl.`,
    });
  }
  const headers = resolveHeaders(options.headers);
  const transport = createTransport({
    endpoint,
    timeoutMs: options.timeoutMs,
    idleTimeoutMs: options.idleTimeoutMs,
    secrets: [apiKey ?? '', ...headers.secrets],
    hints: {
      301: 'Give this address as baseUrl.',
      308: 'Give this address as baseUrl.',
      401: `Set ${apiKeyEnv} to a key that this server accepts.`,
      404: `Check the model's name (${model}) and the address, which usually ends in /v1.`,
    },
  });

  // 0.3 s: only when a model is really opened.
  const { ChatOpenAICompletions } = await import('@langchain/openai');
  const langchain = new ChatOpenAICompletions({
    model,
    apiKey: apiKey || 'none',
    maxRetries: 0,
    // Ours ends a call first; the client's own would say less.
    timeout: 2 ** 31 - 1,
    configuration: { baseURL: baseUrl, defaultHeaders: headers.values, fetch: transport.fetch, logLevel: 'off' },
  });
  // Its client, below invoke(): that takes three times the processor time a call, and with a JSON schema it throws away
  // an answer that is cut short or not JSON.
  langchain._getClientOptions(undefined);
  const { completions } = langchain.client.chat;

  let sendSchema = options.jsonSchema !== 'off';
  let schemaRefused = false;
  const seen: { serverModel?: string; systemFingerprint?: string } = {};

  function bodyOf(request: GenerateRequest, withSchema: boolean): JsonObject {
    const { messages, maxTokens, temperature, topP, seed, stop, jsonSchema } = request;
    const body = {
      model,
      messages,
      // OpenAI's newer models refuse the older name; other servers know only that.
      [isOpenAI ? 'max_completion_tokens' : 'max_tokens']: maxTokens,
      temperature,
      top_p: topP,
      seed,
      stop,
      response_format: withSchema && jsonSchema ? responseFormat(jsonSchema) : undefined,
      ...extraBody,
    };
    return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) as JsonObject;
  }

  async function complete(body: JsonObject, call: Call): Promise<unknown> {
    try {
      const fetchOptions: Pick<CallInit, 'call' | 'redirect'> = { call };
      return await completions.create(body as unknown as OpenAIClient.ChatCompletionCreateParamsNonStreaming, {
        fetchOptions,
      });
    } catch (error) {
      throw call.failure ? call.failure.error : error;
    }
  }

  async function completeWithSchema(request: GenerateRequest, signal: AbortSignal): Promise<unknown> {
    const call: Call = { signal };
    try {
      return await complete(bodyOf(request, true), call);
    } catch (error) {
      if (options.jsonSchema !== 'auto' || !refusesSchema(error, call.failure?.body ?? '')) throw error;
      sendSchema = false;
      schemaRefused = true;
      return await complete(bodyOf(request, false), { signal });
    }
  }

  return {
    describe(): ModelInfo {
      return {
        model,
        endpoint,
        ...seen,
        ...(schemaRefused ? { jsonSchema: 'refused by the server' } : {}),
      };
    },
    async generate(request: GenerateRequest, signal: AbortSignal): Promise<Generation> {
      signal.throwIfAborted();
      const started = performance.now();
      const reply =
        request.jsonSchema && sendSchema
          ? await completeWithSchema(request, signal)
          : await complete(bodyOf(request, false), { signal });
      const generation = readReply(reply, performance.now() - started, endpoint);
      seen.serverModel = fileName(text(field(reply, 'model'))) ?? seen.serverModel;
      seen.systemFingerprint = text(field(reply, 'system_fingerprint')) ?? seen.systemFingerprint;
      return generation;
    },
    async close() {
      transport.close();
    },
  };
}

function withoutCredentials(address: string): string {
  try {
    const url = new URL(address);
    return url.origin + url.pathname;
  } catch (cause) {
    throw new RuntimeError(`the address is not one: ${address}`, { kind: 'setup', hint: 'Correct baseUrl.', cause });
  }
}

/** Header values, `$NAME` read from the environment, and those of them that are secrets. */
function resolveHeaders(headers: Record<string, string>): { values: Record<string, string>; secrets: string[] } {
  const secrets: string[] = [];
  const values = Object.entries(headers).map(([name, value]) => {
    const variable = /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(value)?.[1];
    if (variable === undefined) return [name, value];
    const found = process.env[variable];
    if (!found) {
      throw new RuntimeError(`header ${name}: the environment variable ${variable} is not set`, { kind: 'setup' });
    }
    secrets.push(found);
    return [name, found];
  });
  return { values: Object.fromEntries(values), secrets };
}

/** The API takes 1 to 64 letters, digits, `_` and `-` as a schema's name. */
function responseFormat({ name, schema }: NonNullable<GenerateRequest['jsonSchema']>): JsonObject {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'answer';
  return { type: 'json_schema', json_schema: { name: plain, strict: true, schema: schema as JsonObject } };
}

const REFUSALS = new Set([400, 404, 422, 501]);

function refusesSchema(error: unknown, body: string): boolean {
  if (!(error instanceof RuntimeError) || !REFUSALS.has(error.status ?? 0)) return false;
  return /response_format|schema|grammar|unsupported|not supported|not implemented/i.test(body);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** llama.cpp's server gives the model's path; other names may hold a slash and stay whole. */
function fileName(name: string | undefined): string | undefined {
  return name !== undefined && /^(\/|[A-Za-z]:[\\/])/.test(name) ? name.split(/[\\/]/).at(-1) : name;
}
