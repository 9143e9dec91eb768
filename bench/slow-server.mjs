/**
 * The engine against a server that answers after a fixed delay, 64 calls in flight: share of the ideal rate, beside a bare
 * fetch loop and LangChain's client alone. Usage: npm run build && node bench/slow-server.mjs
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from './support/measure.mjs';

const CONCURRENCY = 64;
const SERVER = fileURLToPath(new URL('../test/support/chat-server-main.mjs', import.meta.url));
const messages = (index) => [{ role: 'user', content: `请总结第 ${index} 段文字。` }];

async function startServer(delayMs) {
  const child = spawn(process.execPath, [SERVER, '--delay', String(delayMs), '--text', '好的，已经总结。'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { url: JSON.parse(line).url, stop: () => child.kill() };
}

/** Calls per second of `call` with a fixed number of loops. */
async function rate(count, call) {
  let next = 0;
  const loop = async () => {
    while (next < count) await call(next++);
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, loop));
  return count / ((performance.now() - started) / 1000);
}

async function bareFetch(url, count) {
  return rate(count, async (index) => {
    const response = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', messages: messages(index) }),
    });
    await response.json();
  });
}

async function langchain(url, count) {
  const { ChatOpenAI } = await import('@langchain/openai');
  const model = new ChatOpenAI({ model: 'm', apiKey: 'none', maxRetries: 0, configuration: { baseURL: url } });
  return rate(count, (index) => model.invoke([['user', messages(index)[0].content]]));
}

async function engine(url, count) {
  const { evaluate } = await import('../dist/src/index.js');
  let started = 0;
  let ended = 0;
  await evaluate({
    cwd: scratchFolder(),
    tasks: [
      {
        id: 'slow',
        language: 'zh',
        dataset: Array.from({ length: count }, (_, index) => ({
          id: `sample-${index}`,
          variables: { index },
          target: '好的，已经总结。',
        })),
        prompt: '请总结第 {{index}} 段文字。',
        scorers: ['exact-match'],
      },
    ],
    runtime: { use: 'openai', model: 'm', baseUrl: url },
    maxConcurrency: CONCURRENCY,
    onEvent: (event) => {
      if (event.type === 'start') started = performance.now();
      if (event.type === 'end') ended = performance.now();
    },
  });
  return count / ((ended - started) / 1000);
}

for (const [delayMs, count] of [
  [200, 6_400],
  [50, 12_800],
]) {
  const ideal = CONCURRENCY / (delayMs / 1000);
  const server = await startServer(delayMs);
  try {
    const results = [];
    for (const [name, run] of Object.entries({ engine, 'bare fetch': bareFetch, 'LangChain alone': langchain })) {
      results.push(`${name} ${((100 * (await run(server.url, count))) / ideal).toFixed(1)}%`);
    }
    console.log(`${delayMs} ms, ${CONCURRENCY} in flight, ideal ${ideal} calls/s: ${results.join(', ')}`);
  } finally {
    server.stop();
  }
}
