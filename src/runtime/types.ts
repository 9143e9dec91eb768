import type { JsonObject, JsonSchema } from '../json.js';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** One request to a model. */
export interface GenerateRequest {
  messages: ChatMessage[];
  /** Most tokens to generate. */
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  seed?: number;
  stop?: string[];
  /** Ask for JSON of this schema; only sent to runtimes whose capabilities say `jsonSchema`. */
  jsonSchema?: { name: string; schema: JsonSchema };
  /** Which sample this is for; what `replay` looks up, and what emulators and logs may show. */
  sample: { task: string; id: string; epoch: number };
}

export interface Generation {
  text: string;
  finishReason: 'stop' | 'length' | 'refusal';
  /** Absent where the runtime does not count. */
  usage?: { promptTokens: number; completionTokens: number };
  timings: Timings;
}

/** Durations in milliseconds, rates in tokens per second. Absent means not measured; never 0 for unknown. */
export interface Timings {
  totalMs?: number;
  firstTokenMs?: number;
  prefillTokensPerSecond?: number;
  decodeTokensPerSecond?: number;
}

/** What is known about the model behind an executor; goes into the manifest. */
export interface ModelInfo {
  model: string;
  quantization?: string;
  engine?: string;
  engineVersion?: string;
  device?: string;
  endpoint?: string;
  /** Anything else worth keeping, e.g. where recorded outputs come from. */
  [key: string]: string | undefined;
}

/** One loaded model on one device, or one API client. */
export interface Executor {
  describe(): ModelInfo;
  /** Throws RuntimeError. Must stop promptly when `signal` aborts. Never retries by itself. */
  generate(request: GenerateRequest, signal: AbortSignal): Promise<Generation>;
  close(): Promise<void>;
}

export interface RuntimeCapabilities {
  /** Output can be bound to a JSON Schema. */
  jsonSchema?: boolean;
  /** Answers come from a record or cost nothing: never cached, never rate-limited. */
  free?: boolean;
}

/** A runtime plugin: `defineRuntime({...})`. */
export interface Runtime {
  id: string;
  /** One line for `judge list`. */
  description?: string;
  /** JSON Schema of the options; `model` is what stands behind the colon in `--runtime id:model`. */
  options: JsonSchema;
  capabilities: RuntimeCapabilities;
  /** Default number of calls in flight. */
  concurrency?: number;
  /** Opens one executor. Throws RuntimeError of kind `setup`. */
  open(options: JsonObject, signal: AbortSignal): Promise<Executor>;
}

/** A runtime with its options, as flag, config and manifest name it. */
export interface RuntimeSpec {
  runtime: string;
  options: JsonObject;
}
