/**
 * A chat server that misbehaves on order: real HTTP, the OpenAI protocol, no model behind it.
 *
 *   const server = await startChatServer({ reply: (request, n) => plan });
 *   … server.url …            // http://127.0.0.1:PORT/v1
 *   await server.close();     // ends every socket
 *
 * Speaks `POST /v1/chat/completions` and `GET /v1/models`; `GET /stats` gives the counts as JSON, for a server that runs
 * in a process of its own (chat-server-main.mjs).
 *
 * `reply(request, n)` decides how request number `n` (from 1) is answered; `request.attempt` (from 1) counts requests
 * with the same messages, so that a script depends on the content and not on the order of arrival. It returns a plan,
 * or a promise of one. A plan is a text, or an object; every field may be left out:
 *
 *   delayMs         wait this long before the first byte
 *   text            the reply's content (default: `ok`)
 *   finishReason    default `stop`
 *   usage           { promptTokens, completionTokens }, or null to send none; default: 10 and one a character of text
 *   message         fields laid over the reply's message: { content: null, refusal: '…', tool_calls: […] }
 *   extra           fields laid over the whole reply: { timings: {…}, system_fingerprint: '…', choices: [] }
 *   status          with 400 and above: the reply is an OpenAI error with the text `error`
 *   error           the text of such an error, or the whole body's value
 *   headers         response headers, e.g. { 'retry-after': '2' }
 *   body            a string sent as it stands, in place of all above (an HTML page, half a JSON, nothing at all)
 *   fault           one of
 *     'cut'              the connection is reset before any byte of the answer
 *     'cut-body'         the headers and half the body, then the connection is reset
 *     'end-early'        the headers and half the body, then an orderly end, short of the promised length
 *     'endless'          a body that never ends, as fast as it is read
 *     'silent'           the request is read and nothing comes, not even headers
 *     'silent-body'      headers and half the body, then nothing
 *     'drip'             the right reply, one byte each `dripMs` (default 10)
 */
import { createServer } from 'node:http';

/** @param {import('./chat-server.d.mts').ChatServerOptions} options */
export async function startChatServer({ reply = () => 'ok', port = 0, keepLog = true, models = ['test-model'] } = {}) {
  /** @type {import('./chat-server.d.mts').LoggedRequest[]} */
  const log = [];
  const attempts = new Map();
  const stats = { requests: 0, answered: 0, failed: 0, aborted: 0, concurrency: 0, peak: 0, tokens: 0 };
  const timers = new Set();

  const after = (ms, work) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };

  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/v1/models') {
      sendJson(response, 200, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) });
    } else if (request.method === 'GET' && request.url === '/stats') {
      sendJson(response, 200, stats);
    } else if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      request.resume();
      sendJson(response, 404, { error: { message: `no such path: ${request.url}`, type: 'not_found' } });
    } else {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => void answer(request, response, Buffer.concat(chunks).toString()));
    }
  });

  async function answer(request, response, text) {
    const number = ++stats.requests;
    stats.peak = Math.max(stats.peak, ++stats.concurrency);
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      body = {};
    }
    const key = JSON.stringify(body.messages);
    const attempt = keepLog ? (attempts.get(key) ?? 0) + 1 : 1;
    if (keepLog) attempts.set(key, attempt);
    const entry = {
      number,
      attempt,
      body,
      headers: request.headers,
      text: String(body.messages?.at(-1)?.content ?? ''),
      remotePort: request.socket.remotePort,
      receivedAt: performance.now(),
      endedAt: undefined,
      outcome: 'open',
    };
    if (keepLog) log.push(entry);
    response.on('close', () => {
      stats.concurrency--;
      entry.endedAt = performance.now();
      entry.outcome = response.writableFinished ? (response.statusCode < 400 ? 'answered' : 'failed') : 'aborted';
      stats[entry.outcome]++;
    });

    const planned = await reply(entry, number);
    const plan = typeof planned === 'string' ? { text: planned } : planned;
    if (plan.delayMs) after(plan.delayMs, () => carryOut(plan, entry, request, response));
    else carryOut(plan, entry, request, response);
  }

  function carryOut(plan, entry, request, response) {
    if (response.destroyed || plan.fault === 'silent') return;
    if (plan.fault === 'cut') return void request.socket.resetAndDestroy();
    const status = plan.status ?? 200;
    const body = plan.body ?? JSON.stringify(status < 400 ? completion(plan, entry, stats) : failure(plan, status));
    const bytes = Buffer.from(body);
    const head = { 'content-type': 'application/json', 'content-length': bytes.length, ...plan.headers };
    if (plan.fault === 'endless') delete head['content-length'];
    response.writeHead(status, head);
    const half = bytes.subarray(0, bytes.length >> 1);
    switch (plan.fault) {
      case 'cut-body':
        return void response.write(half, () => after(5, () => request.socket.resetAndDestroy()));
      case 'end-early':
        return void response.write(half, () => request.socket.end());
      case 'silent-body':
        return void response.write(half);
      case 'endless':
        return pour(response);
      case 'drip':
        return drip(response, bytes, plan.dripMs ?? 10);
      default:
        response.end(bytes);
    }
  }

  function drip(response, bytes, everyMs, at = 0) {
    if (response.destroyed) return;
    if (at === bytes.length) return void response.end();
    response.write(bytes.subarray(at, at + 1));
    after(everyMs, () => drip(response, bytes, everyMs, at + 1));
  }

  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  server.keepAliveTimeout = 65_000;
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());

  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    port: address.port,
    log,
    stats,
    /** Ends every socket, finished or not. */
    async close() {
      for (const timer of timers) clearTimeout(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function completion(plan, entry, stats) {
  const text = plan.text ?? 'ok';
  const usage = plan.usage === undefined ? { promptTokens: 10, completionTokens: text.length } : plan.usage;
  stats.tokens += usage?.completionTokens ?? 0;
  return {
    id: `chatcmpl-${entry.number}`,
    object: 'chat.completion',
    created: 1_700_000_000,
    model: entry.body.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, ...plan.message },
        finish_reason: plan.finishReason ?? 'stop',
      },
    ],
    ...(usage && {
      usage: {
        prompt_tokens: usage.promptTokens,
        completion_tokens: usage.completionTokens,
        total_tokens: usage.promptTokens + usage.completionTokens,
      },
    }),
    ...plan.extra,
  };
}

function failure(plan, status) {
  if (plan.error !== undefined && typeof plan.error !== 'string') return plan.error;
  return { error: { message: plan.error ?? `failed with ${status} on order`, type: 'test_error', code: null } };
}

function sendJson(response, status, value) {
  const bytes = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

/** Opens a JSON string and never closes it. */
function pour(response) {
  const block = Buffer.alloc(64 * 1024, 'a');
  const more = () => {
    while (!response.destroyed && response.write(block));
    if (!response.destroyed) response.once('drain', more);
  };
  response.write('{"choices":[{"message":{"content":"');
  more();
}
