/**
 * The chat server in a process of its own: for benchmarks, and for tests that kill the client.
 *
 *   node chat-server-main.mjs [--port N] [--delay MS] [--text TEXT] [--reply FILE.mjs] [--log]
 *
 * `--reply` names a module whose default export is the `reply` function of chat-server.mjs. Without `--log` it keeps no
 * log of requests (and then `request.attempt` is always 1), so that it can serve without end. Prints one line of JSON,
 * `{"port":…,"url":"…"}`, when it listens. SIGTERM ends it.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startChatServer } from './chat-server.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    delay: { type: 'string', default: '0' },
    text: { type: 'string', default: 'ok' },
    reply: { type: 'string' },
    log: { type: 'boolean', default: false },
  },
});
const plan = { text: values.text, delayMs: Number(values.delay) };
const reply = values.reply ? (await import(pathToFileURL(resolve(values.reply)).href)).default : () => plan;
const server = await startChatServer({ reply, port: Number(values.port), keepLog: values.log });
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ port: server.port, url: server.url })}\n`);
