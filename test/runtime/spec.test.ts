import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { defineRuntime } from '../../src/runtime/define.js';
import { openRuntime, parseRuntimeSpec } from '../../src/runtime/spec.js';

describe('parseRuntimeSpec', () => {
  it.each([
    ['openai:qwen2.5-3b', { runtime: 'openai', options: { model: 'qwen2.5-3b' } }],
    ['openai', { runtime: 'openai', options: {} }],
    [
      'langchain:anthropic:claude-sonnet-4-5',
      { runtime: 'langchain', options: { model: 'anthropic:claude-sonnet-4-5' } },
    ],
    ['replay:outputs/模型.jsonl', { runtime: 'replay', options: { outputs: 'outputs/模型.jsonl' } }],
    ['replay:C:\\data\\out.jsonl', { runtime: 'replay', options: { outputs: 'C:\\data\\out.jsonl' } }],
  ])('reads %s', (text, expected) => {
    expect(parseRuntimeSpec(text)).toEqual(expected);
    expect(parseRuntimeSpec({ use: text })).toEqual(expected);
  });

  it('lets named options go over the short form, and extra ones over those', () => {
    const input = { use: 'openai:a', baseUrl: 'http://x/v1', model: 'b' };
    expect(parseRuntimeSpec(input, { model: 'c', baseUrl: undefined })).toEqual({
      runtime: 'openai',
      options: { model: 'c', baseUrl: 'http://x/v1' },
    });
    expect(input.model).toBe('b');
  });

  it.each(['', ':model', 'openai:'])('refuses "%s"', (text) => {
    expect(() => parseRuntimeSpec(text)).toThrow(UsageError);
  });

  it('refuses an object without `use`', () => {
    expect(() => parseRuntimeSpec({ runtime: 'openai' } as never)).toThrow(/`use`/);
  });
});

describe('openRuntime', () => {
  const { signal } = new AbortController();
  const opened: unknown[] = [];
  const runtime = defineRuntime({
    id: 'sample',
    options: {
      type: 'object',
      required: ['model'],
      additionalProperties: false,
      properties: {
        model: { type: 'string' },
        baseUrl: { type: 'string' },
        mode: { enum: ['a', 'b'] },
        retries: { type: 'integer', minimum: 0 },
        nested: { type: 'object', additionalProperties: false, properties: { deep: { const: 1 } } },
      },
    },
    capabilities: {},
    open: async (options) => {
      opened.push(options);
      throw new Error('opened');
    },
  });
  const problem = async (options: object): Promise<UsageError> => {
    try {
      await openRuntime(runtime, options as never, signal);
    } catch (error) {
      return error as UsageError;
    }
    throw new Error('it was accepted');
  };

  it('opens with options that fit, without the undefined ones', async () => {
    expect((await problem({ model: 'm', baseUrl: undefined })).message).toBe('opened');
    expect(opened).toEqual([{ model: 'm' }]);
  });

  it.each([
    [{}, 'option model is missing (name it as sample:MODEL)'],
    [{ model: 'm', baseURL: 'x' }, 'unknown option baseURL (did you mean baseUrl?)'],
    [{ model: 'm', zzz: 1 }, 'unknown option zzz'],
    [{ model: 'm', mode: 'c' }, 'option mode must be one of a, b'],
    [{ model: 7 }, 'option model must be string'],
    [{ model: 'm', retries: -1 }, 'option retries must be >= 0'],
    [{ model: 'm', nested: { deep: 2 } }, 'option nested.deep must be 1'],
    [{ model: 'm', nested: { deeper: 1 } }, 'unknown option nested.deeper'],
    [{ mode: 'c', retries: 'x' }, 'option model is missing'],
  ])('refuses %j', async (options, expected) => {
    const error = await problem(options);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(`runtime sample: `);
    expect(error.message).toContain(expected);
    expect(error.hint).toContain('model, baseUrl, mode');
  });

  it('names every wrong option at once', async () => {
    const { message } = await problem({ mode: 'c', retries: 'x' });
    expect(message).toContain('mode');
    expect(message).toContain('retries');
  });

  it("blames a runtime's own schema when that is broken", async () => {
    const broken = defineRuntime({ ...runtime, id: 'broken', options: { type: 'nonsense' } });
    await expect(openRuntime(broken, {}, signal)).rejects.toMatchObject({
      kind: 'setup',
      hint: expect.stringContaining('defineRuntime'),
    });
  });

  it('opens nothing once the signal has aborted', async () => {
    await expect(openRuntime(runtime, { model: 'm' }, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
  });
});
