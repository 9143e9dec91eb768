import { RuntimeError } from '../errors.js';
import type { Generation } from './types.js';

/** What runtimes that speak to a server over HTTP share: one reading of statuses, headers and texts. */

/** A server's answer that is not a success. */
export interface HttpFailure {
  status: number;
  /** The body, as far as it was read. */
  body: string;
  headers: HeaderSource;
  /** What was asked, for the message: an address without credentials. */
  endpoint: string;
  /** Texts that no message may show: keys and tokens. */
  secrets?: readonly string[];
  /** What to do about it, by status. */
  hints?: Record<number, string>;
}

/** Response headers: a `Headers`, or node's plain object with lower-case names. */
export type HeaderSource = { get(name: string): string | null } | Record<string, string | string[] | undefined>;

const RETRYABLE = new Set([408, 409, 425, 429]);
/** Not implemented, and an HTTP version that is not spoken: the same tomorrow. */
const PERMANENT = new Set([501, 505]);
const MESSAGE_LENGTH = 300;
/** How much of a page is searched for its text. */
const MARKUP_LENGTH = 20_000;

/** The error of an answer with a status of 300 or above. */
export function httpError(failure: HttpFailure): RuntimeError {
  const { status, body, headers, endpoint, secrets = [], hints = {} } = failure;
  const text = shorten(conceal(serverMessage(body), secrets));
  const location = status < 400 ? readHeader(headers, 'location') : undefined;
  const said = location ? ` and points to ${conceal(location, secrets)}` : text && `: ${text}`;
  // A quota that is used up is reported as a rate limit, but waiting does not fill it.
  const spent = status === 429 && /insufficient_quota/.test(body);
  return new RuntimeError(`${endpoint} answered ${status}${said}`, {
    status,
    kind: spent ? 'request' : kindOf(status),
    retryable: !spent && (RETRYABLE.has(status) || (status >= 500 && !PERMANENT.has(status))),
    retryAfterMs: parseRetryAfter(headers),
    hint: hints[status],
  });
}

function kindOf(status: number): RuntimeError['kind'] {
  if (status === 429) return 'rate-limit';
  if (status === 408) return 'timeout';
  return status >= 500 || RETRYABLE.has(status) ? 'server' : 'request';
}

/**
 * Milliseconds that the server asks to wait, from `retry-after-ms` or `Retry-After` (seconds or an HTTP date, RFC 9110
 * section 10.2.3). Undefined when it says nothing that can be read; never negative.
 */
export function parseRetryAfter(headers: HeaderSource, now: number = Date.now()): number | undefined {
  const milliseconds = toNumber(readHeader(headers, 'retry-after-ms'));
  if (milliseconds !== undefined) return milliseconds;
  const text = readHeader(headers, 'retry-after');
  const seconds = toNumber(text);
  if (seconds !== undefined) return seconds * 1000;
  // Only what looks like a date: Date.parse takes `-1` for a year.
  const date = text && /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function readHeader(headers: HeaderSource, name: string): string | undefined {
  const value = 'get' in headers && typeof headers.get === 'function' ? headers.get(name) : Reflect.get(headers, name);
  return typeof value === 'string' ? value : undefined;
}

function toNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

/** The text that a server gives as its reason: of the known JSON shapes, else the body without its markup. */
export function serverMessage(body: string): string {
  try {
    const message = messageIn(JSON.parse(body));
    if (message !== undefined) return message;
  } catch {
    // Not JSON: a proxy's page, or plain text.
  }
  const start = body.slice(0, MARKUP_LENGTH);
  return start.replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
}

/** `{error: {message}}` (OpenAI), `{error: "…"}`, `{message}`, `{detail: "…" | [{msg}]}` (FastAPI), and lists of these. */
function messageIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const parts = value.map(messageIn).filter((part) => part !== undefined);
    return parts.length > 0 ? parts.join('; ') : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const name of ['error', 'errors', 'message', 'detail', 'msg']) {
    const message = messageIn(Reflect.get(value, name));
    if (message !== undefined) return message;
  }
  return undefined;
}

/** One line of at most 300 characters. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = Array.from(line.slice(0, 2 * MESSAGE_LENGTH + 2));
  return characters.length > MESSAGE_LENGTH ? `${characters.slice(0, MESSAGE_LENGTH).join('')}…` : line;
}

/** The text without any of these. */
export function conceal(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => (secret === '' ? shown : shown.replaceAll(secret, '[secret]')), text);
}

const NETWORK_HINTS: Record<string, string> = {
  ECONNREFUSED: 'Check that the server is running and listens on this address.',
  ENOTFOUND: "Check the host's name in the address.",
  EAI_AGAIN: 'Check the network: the name of the host could not be looked up.',
};

/** The error of a connection that could not be made or did not last. `code` is the system's, e.g. `ECONNRESET`. */
export function networkError(endpoint: string, code: string | undefined, cause: unknown): RuntimeError {
  const untrusted = code !== undefined && /CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO_VERIFY/.test(code);
  const what = untrusted
    ? 'has a certificate that is not trusted'
    : code === 'ECONNREFUSED'
      ? 'refused the connection'
      : 'cut the connection or cannot be reached';
  return new RuntimeError(`${endpoint} ${what}${code ? ` (${code})` : ''}`, {
    kind: 'network',
    // A certificate that is not trusted now will not be in a minute.
    retryable: !untrusted,
    hint: untrusted
      ? 'Set NODE_EXTRA_CA_CERTS to the file of the authority that signed it.'
      : code
        ? NETWORK_HINTS[code]
        : undefined,
    cause,
  });
}

/** Why a model stopped, from any provider's word for it. */
export function finishReasonOf(reason: unknown): Generation['finishReason'] {
  if (typeof reason !== 'string') return 'stop';
  if (/length|max_?tokens|max_?output|token_?limit|context_window/i.test(reason)) return 'length';
  return /content_?filter|safety|refus|block|prohibited|recitation|spii|guardrail|error_toxic/i.test(reason)
    ? 'refusal'
    : 'stop';
}
