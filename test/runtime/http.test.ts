import { describe, expect, it } from 'vitest';
import {
  conceal,
  finishReasonOf,
  httpError,
  networkError,
  parseRetryAfter,
  serverMessage,
  shorten,
} from '../../src/runtime/http.js';

describe('parseRetryAfter', () => {
  const now = Date.UTC(2025, 0, 1);
  it.each([
    ['0', 0],
    ['3', 3000],
    [' 1.5 ', 1500],
    ['Wed, 01 Jan 2025 00:00:10 GMT', 10_000],
    ['Tue, 31 Dec 2024 23:00:00 GMT', 0],
    ['-1', undefined],
    ['2025', 2_025_000],
    ['', undefined],
    ['tomorrow', undefined],
    ['1e3', undefined],
  ])('reads "%s"', (text, expected) => {
    expect(parseRetryAfter({ 'retry-after': text }, now)).toBe(expected);
    expect(parseRetryAfter(new Headers({ 'Retry-After': text }), now)).toBe(expected);
  });

  it('prefers milliseconds, and falls back when they cannot be read', () => {
    expect(parseRetryAfter({ 'retry-after-ms': '20', 'retry-after': '9' })).toBe(20);
    expect(parseRetryAfter({ 'retry-after-ms': 'x', 'retry-after': '9' })).toBe(9000);
    expect(parseRetryAfter({})).toBeUndefined();
    expect(parseRetryAfter({ 'retry-after': ['1', '2'] })).toBeUndefined();
  });
});

describe('serverMessage', () => {
  it.each([
    ['{"error":{"message":"OpenAI","type":"x"}}', 'OpenAI'],
    ['{"error":"Ollama"}', 'Ollama'],
    ['{"message":"vLLM","object":"error"}', 'vLLM'],
    ['{"detail":"FastAPI"}', 'FastAPI'],
    ['{"detail":[{"loc":["body"],"msg":"field required"},{"msg":"too long"}]}', 'field required; too long'],
    ['[{"error":{"code":400,"message":"Google"}}]', 'Google'],
    ['"text"', 'text'],
    ['plain text', 'plain text'],
    ['{"code":7}', '{"code":7}'],
    ['{"error":null,"message":"后端错误"}', '后端错误'],
  ])('finds the text in %s', (body, expected) => {
    expect(serverMessage(body)).toBe(expected);
  });

  it('takes the markup out of a page', () => {
    const page = '<html><head><style>a{}</style></head><body><h1>502 Bad Gateway</h1>\n<p>nginx</p></body></html>';
    expect(shorten(serverMessage(page))).toBe('502 Bad Gateway nginx');
  });

  it('is quick on a page made to be slow', () => {
    const started = performance.now();
    serverMessage('<script'.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('shorten', () => {
  it('makes one line of at most 300 characters, and cuts none in half', () => {
    expect(shorten('  a\n\t b  ')).toBe('a b');
    expect(shorten('字'.repeat(300))).toBe('字'.repeat(300));
    expect(shorten('🌏'.repeat(301))).toBe(`${'🌏'.repeat(300)}…`);
  });
});

it('conceals every secret, wherever it stands', () => {
  expect(conceal('a key-1 b key-2 key-1', ['key-1', 'key-2', ''])).toBe('a [secret] b [secret] [secret]');
  const body = `${'x'.repeat(295)}key-123456`;
  const error = httpError({ status: 401, headers: {}, endpoint: 'http://host/v1', body, secrets: ['key-123456'] });
  expect(error.message).not.toContain('key-1');
});

it('says no more than the status where the server says nothing', () => {
  const error = httpError({ status: 502, headers: {}, endpoint: 'http://host/v1', body: '' });
  expect(error.message).toBe('http://host/v1 answered 502');
});

it('does not try again what a certificate forbids', () => {
  expect(networkError('https://host', 'DEPTH_ZERO_SELF_SIGNED_CERT', undefined).retryable).toBe(false);
  expect(networkError('https://host', 'CERT_HAS_EXPIRED', undefined).retryable).toBe(false);
  expect(networkError('https://host', 'ECONNRESET', undefined).retryable).toBe(true);
  expect(networkError('https://host', undefined, undefined)).toMatchObject({ kind: 'network', retryable: true });
});

describe('finishReasonOf', () => {
  it.each([
    ['stop', 'stop'],
    ['end_turn', 'stop'],
    ['STOP', 'stop'],
    ['stop_sequence', 'stop'],
    ['tool_calls', 'stop'],
    ['COMPLETE', 'stop'],
    [null, 'stop'],
    [undefined, 'stop'],
    ['length', 'length'],
    ['max_tokens', 'length'],
    ['MAX_TOKENS', 'length'],
    ['model_length', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['content_filter', 'refusal'],
    ['content_filtered', 'refusal'],
    ['refusal', 'refusal'],
    ['SAFETY', 'refusal'],
    ['RECITATION', 'refusal'],
    ['PROHIBITED_CONTENT', 'refusal'],
    ['BLOCKLIST', 'refusal'],
    ['guardrail_intervened', 'refusal'],
    ['ERROR_TOXIC', 'refusal'],
  ] as const)('reads %s as %s', (reason, expected) => {
    expect(finishReasonOf(reason)).toBe(expected);
  });
});
