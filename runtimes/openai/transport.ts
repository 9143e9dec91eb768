import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { httpError, networkError, onAbort, RuntimeError, shorten } from 'judgekit/runtime';

/** One request under way. Travels to the transport in `fetchOptions`, which the client passes on untouched. */
export interface Call {
  signal: AbortSignal;
  /** Why it failed: the client would wrap this and lose what it does not know. */
  failure?: { error: unknown; body?: string };
}

/** What the client hands to `fetch`. */
export interface CallInit extends RequestInit {
  call: Call;
}

export interface TransportOptions {
  /** The address for messages, without credentials. */
  endpoint: string;
  /** Most milliseconds for a whole call. */
  timeoutMs: number;
  /** Most milliseconds to connect, and between two pieces of an answer that has begun. */
  idleTimeoutMs: number;
  /** Texts that no message may show. */
  secrets: readonly string[];
  /** What to do about it, by status. */
  hints: Record<number, string>;
}

export interface Transport {
  fetch: typeof fetch;
  /** Ends every connection. */
  close(): void;
}

/** Far more than any chat completion; an answer beyond it does not end. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/**
 * A `fetch` for the client, on node:http with connections kept alive. It costs a third of the built-in `fetch` and has the
 * limits that that lacks: time, silence and size. It gives back successes only; every failure is left in `call.failure`.
 */
export function createTransport(options: TransportOptions): Transport {
  const { endpoint, secrets, hints } = options;
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };

  async function send(url: string, init: CallInit): Promise<Response> {
    const { call } = init;
    try {
      const answer = await exchange(url, init, agents, options);
      const body = decode(answer.body, endpoint);
      if (answer.status >= 300) {
        call.failure = { error: undefined, body };
        throw httpError({ status: answer.status, headers: answer.headers, body, endpoint, secrets, hints });
      }
      return success(answer, parse(body, endpoint));
    } catch (error) {
      call.failure = { ...call.failure, error };
      throw error;
    }
  }

  return {
    fetch: (input, init) => send(String(input), init as CallInit),
    close() {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

/** Sends the request and reads the answer whole. Rejects with RuntimeError or with the reason of the call's signal. */
function exchange(
  url: string,
  init: CallInit,
  agents: { 'http:': HttpAgent; 'https:': HttpsAgent },
  { endpoint, timeoutMs, idleTimeoutMs }: TransportOptions,
): Promise<Answer> {
  const target = new URL(url);
  const { signal } = init.call;
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    for (const [name, value] of init.headers as Headers) headers[name] = value;
    const settings = { method: 'POST', headers };
    const request =
      target.protocol === 'https:'
        ? requestHttps(target, { ...settings, agent: agents['https:'] })
        : requestHttp(target, { ...settings, agent: agents['http:'] });

    const late = (what: string, ms: number, hint: string) => () =>
      end(new RuntimeError(`${endpoint} ${what} ${ms / 1000} s`, { kind: 'timeout', retryable: true, hint }));
    const total = setTimeout(late('gave no answer within', timeoutMs, 'Raise timeoutMs.'), timeoutMs);
    let idle: NodeJS.Timeout | undefined;
    const stopWatching = onAbort(signal, () => end(signal.reason));

    function settle(): void {
      clearTimeout(total);
      clearTimeout(idle);
      stopWatching();
    }
    function end(error: unknown): void {
      settle();
      reject(error);
      request.destroy();
    }
    const cut = (error: NodeJS.ErrnoException | undefined) => end(networkError(endpoint, error?.code, error));

    request.on('error', cut);
    request.on('socket', (socket) => {
      if (!socket.connecting) return;
      idle = setTimeout(late('did not let us connect within', idleTimeoutMs, 'Raise idleTimeoutMs.'), idleTimeoutMs);
      socket.once('connect', () => clearTimeout(idle));
    });
    request.on('response', (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let size = 0;
      idle = setTimeout(
        late('began to answer and was silent for', idleTimeoutMs, 'Raise idleTimeoutMs.'),
        idleTimeoutMs,
      );
      response.on('data', (chunk: Buffer) => {
        idle?.refresh();
        chunks.push(chunk);
        size += chunk.length;
        if (size > MAX_BODY_BYTES) {
          end(
            new RuntimeError(`${endpoint} sent more than ${MAX_BODY_BYTES >> 20} MB and no end`, { kind: 'response' }),
          );
        }
      });
      response.on('error', cut);
      response.on('end', () => {
        settle();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks, size) });
      });
    });
    request.end(init.body);
  });
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function decode(body: Buffer, endpoint: string): string {
  try {
    return UTF8.decode(body);
  } catch (cause) {
    throw new RuntimeError(`${endpoint} sent text that is not UTF-8`, { kind: 'response', retryable: true, cause });
  }
}

function parse(body: string, endpoint: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    const sent = body.trim() === '' ? 'an empty answer' : `an answer that is not JSON: ${shorten(body)}`;
    throw new RuntimeError(`${endpoint} sent ${sent}`, { kind: 'response', retryable: true, cause });
  }
}

/** As much of a Response as the client reads; a real one would cost as much as the whole request. */
function success({ status, headers }: Answer, value: unknown): Response {
  const known = new Map([['content-type', 'application/json']]);
  const id = headers['x-request-id'];
  if (typeof id === 'string') known.set('x-request-id', id);
  const response = { ok: true, status, headers: known, json: async () => value };
  return response as unknown as Response;
}
