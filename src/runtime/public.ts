/** What a runtime plugin may import: `judgekit/runtime`. */

export { RuntimeError, type RuntimeErrorInit, type RuntimeErrorKind } from '../errors.js';
export type { Json, JsonObject, JsonSchema } from '../json.js';
export { defineRuntime } from './define.js';
export type {
  ChatMessage,
  Executor,
  GenerateRequest,
  Generation,
  ModelInfo,
  Runtime,
  RuntimeCapabilities,
  Timings,
} from './types.js';
