import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheKey, openCache } from '../../src/run/cache.js';
import type { GenerateRequest, Generation } from '../../src/runtime/types.js';
import { temporaryFolder } from '../support/folder.js';

const generation: Generation = { text: '好的😀', finishReason: 'stop', timings: { totalMs: 5 } };
const request: GenerateRequest = {
  messages: [{ role: 'user', content: '你好' }],
  temperature: 0,
  sample: { task: 't', id: 'a', epoch: 1 },
};
const spec = { runtime: 'openai', options: { model: 'm' } };

describe('cache', () => {
  it('gives back what was put, and nothing for another key', async () => {
    const cache = openCache(temporaryFolder());
    await cache.put('abcd', generation);
    expect(await cache.get('abcd')).toEqual(generation);
    expect(await cache.get('abce')).toBeUndefined();
  });

  it('treats a damaged entry as absent', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'ab'));
    for (const text of ['', '{"text":', '[]', 'null', '{"text":1}']) {
      writeFileSync(join(folder, 'ab', 'cd.json'), text);
      expect(await openCache(folder).get('abcd')).toBeUndefined();
    }
  });

  it('does not fail where it cannot write, and leaves nothing half written', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ab'), 'a file where a folder should be');
    await expect(openCache(folder).put('abcd', generation)).resolves.toBeUndefined();
    expect(readdirSync(folder)).toEqual(['ab']);
  });

  it('survives many writers of one key', async () => {
    const folder = temporaryFolder();
    await Promise.all(Array.from({ length: 50 }, () => openCache(folder).put('abcd', generation)));
    expect(await openCache(folder).get('abcd')).toEqual(generation);
    expect(readdirSync(join(folder, 'ab'))).toEqual(['cd.json']);
  });
});

describe('cache key', () => {
  const key = cacheKey(spec, 'http://a/v1', request);

  it('is the same for the same content, whatever the order of fields and the sample’s name', () => {
    const reordered = { sample: { id: 'b', task: 'u', epoch: 1 }, temperature: 0, messages: request.messages };
    expect(cacheKey(spec, 'http://a/v1', reordered)).toBe(key);
    expect(cacheKey({ ...spec, options: { model: 'm', timeoutMs: 9 } }, 'http://a/v1', request)).toBe(key);
  });

  it.each([
    ['model', cacheKey({ ...spec, options: { model: 'n' } }, 'http://a/v1', request)],
    ['runtime', cacheKey({ ...spec, runtime: 'langchain' }, 'http://a/v1', request)],
    ['endpoint', cacheKey(spec, 'http://b/v1', request)],
    ['message', cacheKey(spec, 'http://a/v1', { ...request, messages: [{ role: 'user', content: '再见' }] })],
    ['role', cacheKey(spec, 'http://a/v1', { ...request, messages: [{ role: 'system', content: '你好' }] })],
    ['parameter', cacheKey(spec, 'http://a/v1', { ...request, temperature: 0.1 })],
    ['epoch', cacheKey(spec, 'http://a/v1', { ...request, sample: { task: 't', id: 'a', epoch: 2 } })],
  ])('changes with the %s', (_what, other) => {
    expect(other).not.toBe(key);
    expect(other).toMatch(/^[0-9a-f]{64}$/);
  });
});
