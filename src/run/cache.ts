import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GenerateRequest, Generation, RuntimeSpec } from '../runtime/types.js';

/** Generations by the content of what was asked. Shared by all runs of a project; safe for several processes. */
export interface GenerationCache {
  get(key: string): Promise<Generation | undefined>;
  /** Never throws: a cache that cannot be written costs a call later, not the run. */
  put(key: string, generation: Generation): Promise<void>;
}

/** One small file an entry, named by its key; written aside and renamed, so that an entry is whole or absent. */
export function openCache(directory: string): GenerationCache {
  const fileOf = (key: string) => join(directory, key.slice(0, 2), `${key.slice(2)}.json`);
  return {
    async get(key) {
      let text: string;
      try {
        text = await readFile(fileOf(key), 'utf8');
      } catch {
        return undefined;
      }
      try {
        const value: unknown = JSON.parse(text);
        return isGeneration(value) ? value : undefined;
      } catch {
        return undefined;
      }
    },
    async put(key, generation) {
      const file = fileOf(key);
      const aside = `${file}.${randomUUID()}`;
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(aside, JSON.stringify(generation));
        await rename(aside, file);
      } catch {
        await rm(aside, { force: true }).catch(() => undefined);
      }
    },
  };
}

function isGeneration(value: unknown): value is Generation {
  return typeof value === 'object' && value !== null && typeof (value as Generation).text === 'string';
}

/**
 * Key of a request: SHA-256, hex, over model, endpoint, messages, parameters and epoch. Limits on time do not change an
 * answer and are left out; the epoch keeps repeats of one sample apart.
 */
export function cacheKey(spec: RuntimeSpec, endpoint: string | undefined, request: GenerateRequest): string {
  const options = Object.entries(spec.options)
    .filter(([name, value]) => value !== undefined && !/timeoutms$/i.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { sample, ...asked } = request;
  const parameters = Object.entries(asked)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([1, spec.runtime, endpoint ?? null, options, parameters, sample.epoch]))
    .digest('hex');
}
