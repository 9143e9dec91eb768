import { resolve } from 'node:path';
import type { EvaluateOptions, RuntimeInput } from '../api/options.js';
import { UsageError } from '../errors.js';
import type { Json, JsonObject } from '../json.js';
import { type JudgeConfig, loadConfig } from '../plugin/config.js';
import type { Io } from './io.js';

/** The flags of `judge run`, as commander gives them. */
export interface RunFlags {
  rubric?: string;
  task?: string[];
  category?: string;
  plugin?: string[];
  limit?: number;
  repeat?: number;
  runtime?: string;
  baseUrl?: string;
  runtimeOption?: string[];
  outputs?: string;
  temperature?: number;
  maxTokens?: number;
  seed?: number;
  judge?: string;
  judgeBaseUrl?: string;
  judgeOption?: string[];
  maxConcurrency?: number;
  judgeConcurrency?: number;
  retries?: number;
  timeout?: number;
  /** False after `--no-cache`. */
  cache: boolean;
  resume?: string | true;
  retryErrors?: boolean;
  dryRun?: boolean;
  runsDir?: string;
  config?: string;
  output?: string[];
  json?: boolean;
  threshold?: string[];
  failOnUnscored?: boolean;
  /** False after `--no-progress`. */
  progress: boolean;
  debug?: boolean;
}

/** What a command line and a configuration ask of `judge run`. */
export interface RunSettings {
  evaluate: EvaluateOptions;
  output: string[];
  threshold: string[];
  failOnUnscored: boolean;
}

/** Flag over config over environment over default. Throws UsageError, PluginError. */
export async function runSettings(flags: RunFlags, io: Io): Promise<RunSettings> {
  const config = await loadConfig(io.cwd, flags.config);
  const resuming = flags.resume !== undefined;
  const judge = judgeInput(flags, config, io.env);
  return {
    evaluate: {
      cwd: io.cwd,
      tasks: flags.task ?? config.tasks,
      rubric: flags.rubric ?? config.rubric,
      category: flags.category ?? config.category,
      plugins: [...(config.plugins ?? []), ...(flags.plugin ?? [])],
      define: config.define,
      // What a run is made of comes from its manifest when it goes on, not from today's environment.
      ...(resuming && flags.runtime === undefined ? {} : { runtime: runtimeInput(flags, config, io.env) }),
      ...(resuming && flags.judge === undefined ? {} : { judge }),
      outputs: flags.outputs,
      limit: flags.limit ?? config.limit,
      repeat: flags.repeat ?? config.repeat,
      seed: flags.seed ?? config.seed,
      temperature: flags.temperature ?? config.temperature,
      maxTokens: flags.maxTokens ?? config.maxTokens,
      maxConcurrency: flags.maxConcurrency ?? config.maxConcurrency,
      judgeConcurrency: flags.judgeConcurrency ?? config.judgeConcurrency,
      retries: flags.retries ?? config.retries,
      timeoutMs: flags.timeout === undefined ? config.timeoutMs : flags.timeout * 1000,
      cache: flags.cache && config.cache !== false,
      runsDirectory: flags.runsDir,
      resume: flags.resume,
      retryErrors: flags.retryErrors,
      commandLine: ['judge', ...io.argv],
    },
    output: (flags.output ?? config.output ?? []).map((file) => resolve(io.cwd, file)),
    threshold: flags.threshold ?? (config.threshold === undefined ? [] : [config.threshold].flat().map(String)),
    failOnUnscored: flags.failOnUnscored ?? config.failOnUnscored ?? false,
  };
}

function runtimeInput(flags: RunFlags, config: JudgeConfig, env: Io['env']): RuntimeInput | undefined {
  // Recorded outputs on the command line mean that no model is run, whatever the configuration names.
  if (flags.outputs !== undefined && flags.runtime === undefined) return undefined;
  const input = flags.runtime ?? config.runtime ?? env['JUDGE_RUNTIME'];
  const baseUrl =
    flags.baseUrl ?? (flags.runtime === undefined ? config.baseUrl : undefined) ?? env['JUDGE_RUNTIME_BASE_URL'];
  if (input === undefined) {
    if (flags.baseUrl !== undefined)
      throw new UsageError('--base-url needs a model', { hint: 'Add --runtime openai:MODEL.' });
    return undefined;
  }
  return withOptions(input, { ...(baseUrl ? { baseUrl } : {}), ...pairs(flags.runtimeOption, '--runtime-option') });
}

function judgeInput(flags: RunFlags, config: JudgeConfig, env: Io['env']): 'baseline' | RuntimeInput {
  const input = flags.judge ?? config.judge ?? env['JUDGE_MODEL'] ?? 'baseline';
  if (input === 'baseline') {
    if (flags.judgeBaseUrl !== undefined) {
      throw new UsageError('--judge-base-url needs a model', { hint: 'Add --judge openai:MODEL.' });
    }
    return input;
  }
  const baseUrl =
    flags.judgeBaseUrl ?? (flags.judge === undefined ? config.judgeBaseUrl : undefined) ?? env['JUDGE_BASE_URL'];
  return withOptions(input, {
    ...(baseUrl ? { baseUrl } : {}),
    // A judge on another server may have a key of its own.
    ...(env['JUDGE_API_KEY'] && usesOpenAi(input) ? { apiKeyEnv: 'JUDGE_API_KEY' } : {}),
    ...pairs(flags.judgeOption, '--judge-option'),
  });
}

function usesOpenAi(input: RuntimeInput): boolean {
  return typeof input === 'string' ? input.startsWith('openai') : input.use.startsWith('openai');
}

function withOptions(input: RuntimeInput, options: JsonObject): RuntimeInput {
  if (Object.keys(options).length === 0) return input;
  if (typeof input !== 'string') return { ...input, ...options, use: input.use };
  return { use: input, ...options };
}

/** `name=value`; the value is read as JSON where it is JSON, else as text. */
function pairs(texts: readonly string[] = [], flag: string): JsonObject {
  return Object.fromEntries(
    texts.map((text): [string, Json] => {
      const at = text.indexOf('=');
      if (at < 1) throw new UsageError(`${flag} ${text} is not name=value`);
      const value = text.slice(at + 1);
      try {
        return [text.slice(0, at), JSON.parse(value) as Json];
      } catch {
        return [text.slice(0, at), value];
      }
    }),
  );
}
