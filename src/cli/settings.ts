import { resolve } from 'node:path';
import type { EvaluateOptions, RuntimeInput } from '../api/options.js';
import { UsageError } from '../errors.js';
import type { Json, JsonObject } from '../json.js';
import { type JudgeConfig, loadConfig } from '../plugin/config.js';
import { parseRuntimeSpec } from '../runtime/spec.js';
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
  // What a run that goes on is made of is in its manifest; today's configuration and environment do not change it.
  const resuming = flags.resume !== undefined;
  const settings: JudgeConfig = resuming ? {} : config;
  const env = resuming ? {} : io.env;
  const plugins = [...(settings.plugins ?? []), ...(flags.plugin ?? [])];
  const selecting = flags.task !== undefined || flags.rubric !== undefined || flags.category !== undefined;
  const { task: tasks, rubric, category } = selecting ? flags : { ...settings, task: settings.tasks };
  return {
    evaluate: {
      cwd: io.cwd,
      tasks,
      rubric,
      category,
      plugins: resuming && plugins.length === 0 ? undefined : plugins,
      define: config.define,
      runtime: runtimeInput(flags, settings, env),
      judge: judgeInput(flags, settings, env, resuming),
      outputs: flags.outputs,
      limit: flags.limit ?? settings.limit,
      repeat: flags.repeat ?? settings.repeat,
      seed: flags.seed ?? settings.seed,
      temperature: flags.temperature ?? settings.temperature,
      maxTokens: flags.maxTokens ?? settings.maxTokens,
      maxConcurrency: flags.maxConcurrency ?? settings.maxConcurrency,
      judgeConcurrency: flags.judgeConcurrency ?? settings.judgeConcurrency,
      retries: flags.retries ?? settings.retries,
      timeoutMs: flags.timeout === undefined ? settings.timeoutMs : flags.timeout * 1000,
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
  if (input === undefined) {
    if (flags.baseUrl === undefined) return undefined;
    throw new UsageError('--base-url needs a model', { hint: 'Add --runtime openai:MODEL.' });
  }
  const defaults = openAiDefaults(input, {
    baseUrl: (flags.runtime === undefined ? config.baseUrl : undefined) ?? env['JUDGE_RUNTIME_BASE_URL'],
  });
  const given = { ...address(flags.baseUrl), ...pairs(flags.runtimeOption, '--runtime-option') };
  return withOptions(input, defaults, given);
}

function judgeInput(
  flags: RunFlags,
  config: JudgeConfig,
  env: Io['env'],
  resuming: boolean,
): 'baseline' | RuntimeInput | undefined {
  const input = flags.judge ?? config.judge ?? env['JUDGE_MODEL'] ?? (resuming ? undefined : 'baseline');
  if (input === undefined || input === 'baseline') {
    if (flags.judgeBaseUrl === undefined) return input;
    throw new UsageError('--judge-base-url needs a model', { hint: 'Add --judge openai:MODEL.' });
  }
  const defaults = openAiDefaults(input, {
    baseUrl: (flags.judge === undefined ? config.judgeBaseUrl : undefined) ?? env['JUDGE_BASE_URL'],
    // A judge on another server may have a key of its own.
    apiKeyEnv: env['JUDGE_API_KEY'] ? 'JUDGE_API_KEY' : undefined,
  });
  return withOptions(input, defaults, {
    ...address(flags.judgeBaseUrl),
    ...pairs(flags.judgeOption, '--judge-option'),
  });
}

/** What the surroundings say about OpenAI-compatible servers; other runtimes do not know these options. */
function openAiDefaults(input: RuntimeInput, options: JsonObject): JsonObject {
  const { runtime } = parseRuntimeSpec(input);
  return runtime === 'openai' ? options : {};
}

function address(baseUrl: string | undefined): JsonObject {
  return baseUrl === undefined ? {} : { baseUrl };
}

/** `defaults` under what the input itself says, `given` over it. */
function withOptions(input: RuntimeInput, defaults: JsonObject, given: JsonObject): RuntimeInput {
  const own: { use: string } & JsonObject = typeof input === 'string' ? { use: input } : input;
  const options = Object.entries({ ...defaults, ...own, ...given }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(options), use: own.use };
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
