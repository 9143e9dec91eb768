import { afterEach } from 'vitest';
import type { JsonObject } from '../../src/json.js';
import { openRuntime } from '../../src/runtime/spec.js';
import type { Executor, GenerateRequest, Runtime } from '../../src/runtime/types.js';
import { type ChatServer, type ChatServerOptions, startChatServer } from '../support/chat-server.mjs';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A chat server that closes when the test ends. */
export async function serve(reply?: ChatServerOptions['reply']): Promise<ChatServer> {
  const server = await startChatServer({ reply });
  closing.push(() => server.close());
  return server;
}

/** An executor that closes when the test ends. */
export async function open(runtime: Runtime, options: JsonObject): Promise<Executor> {
  const executor = await openRuntime(runtime, options, new AbortController().signal);
  closing.push(() => executor.close());
  return executor;
}

export function ask(text = 'hello', more: Partial<GenerateRequest> = {}): GenerateRequest {
  return { messages: [{ role: 'user', content: text }], sample: { task: 'task', id: text, epoch: 1 }, ...more };
}

export const forever = new AbortController().signal;

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not reject');
}
