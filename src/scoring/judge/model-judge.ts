import { errorMessage, RuntimeError } from '../../errors.js';
import type { JsonObject } from '../../json.js';
import { judgeMessages, reaskMessages, replySchema } from '../../rubric/prompt.js';
import type { ParsedVerdict, Rubric } from '../../rubric/types.js';
import { parseVerdict } from '../../rubric/verdict.js';
import type { GenerateRequest, Generation } from '../../runtime/types.js';
import type { Score, ScoringInput } from '../types.js';
import { emptyOutputScore, gradedScore } from './reported.js';

/** What the judge asks of a model; the caller adds which sample it is for. */
export type JudgeRequest = Omit<GenerateRequest, 'sample'>;

/** What a model answered the judge. */
export interface JudgeAnswer {
  generation: Generation;
  cached?: boolean;
  /**
   * Called once, and awaited, when the reply has been read as a verdict: the place to put it into a cache. A reply that
   * cannot be read is never kept, so that the next run asks again.
   */
  keep?(): void | Promise<void>;
}

/** Retries, cache, limits and time-outs are the caller's. Throws RuntimeError. */
export type AskJudge = (request: JudgeRequest, signal: AbortSignal) => Promise<JudgeAnswer>;

export interface ModelJudgeOptions {
  rubric: Rubric;
  ask: AskJudge;
  /** The runtime can be bound to a JSON Schema. */
  jsonSchema: boolean;
  /** Most tokens of a reply. Default 1024. */
  maxTokens?: number;
  /** Default 0. */
  temperature?: number;
  seed?: number;
}

export interface JudgeInput extends ScoringInput {
  /** What the model under test was asked. */
  prompt: string;
  /** A BCP 47 tag; decides the language of the judge prompt. */
  language: string;
}

export interface ModelJudge {
  /**
   * Grades one answer: one call, and one more if the reply cannot be read. What then still cannot be read, a refusal and
   * a failed call are unscored with their reason. Rejects when `signal` aborts, and with errors that are no RuntimeError.
   */
  assess(input: JudgeInput, signal: AbortSignal): Promise<Score>;
}

export function createModelJudge(options: ModelJudgeOptions): ModelJudge {
  const { rubric, ask, maxTokens = 1024, temperature = 0, seed } = options;
  const jsonSchema = options.jsonSchema ? { name: 'verdict', schema: replySchema(rubric) } : undefined;

  return {
    async assess({ prompt, sample, output, language }, signal) {
      const empty = emptyOutputScore(rubric, output, 'model');
      if (empty) return empty;

      const answers: JudgeAnswer[] = [];
      const unscored = (reason: string): Score => ({ value: null, reason, details: callDetails(answers) });
      let messages = judgeMessages(rubric, language, { prompt, references: sample.targets, output });
      for (;;) {
        let answer: JudgeAnswer;
        try {
          answer = await ask({ messages, maxTokens, temperature, seed, jsonSchema }, signal);
        } catch (error) {
          if (signal.aborted || !(error instanceof RuntimeError)) throw error;
          return unscored(`judge failed: ${errorMessage(error)}`);
        }
        answers.push(answer);
        const { text, finishReason } = answer.generation;
        const parsed = parseVerdict(text, rubric, { cut: finishReason === 'length' });
        if (parsed.ok) {
          await answer.keep?.();
          return scored(rubric, parsed, answers);
        }
        // Asked the same again, a model that refuses refuses again.
        if (finishReason === 'refusal') return unscored('judge refused');
        const problem =
          finishReason === 'length' ? `${parsed.reason} (it was cut off at ${maxTokens} tokens)` : parsed.reason;
        if (answers.length === 2) return unscored(`verdict unreadable: ${problem}`);
        messages = reaskMessages(messages, text, problem, language);
      }
    },
  };
}

function scored(rubric: Rubric, parsed: ParsedVerdict & { ok: true }, answers: readonly JudgeAnswer[]): Score {
  const { verdict, path, flags } = parsed;
  const all = answers.length > 1 ? [...flags, 'asked-again'] : flags;
  const details = { reason: verdict.reason, path, flags: all, ...callDetails(answers) };
  return gradedScore(rubric, verdict.overall, verdict.scores, details);
}

/** What is kept of the calls, so that a verdict can be audited and read again. What no runtime counted is absent. */
function callDetails(answers: readonly JudgeAnswer[]): JsonObject {
  const generations = answers.map(({ generation }) => generation);
  const usages = generations.flatMap(({ usage }) => usage ?? []);
  const times = generations.flatMap(({ timings }) => timings.totalMs ?? []);
  return {
    judge: 'model',
    replies: generations.map(({ text }) => text),
    // Retries and answers from the cache are not counted.
    calls: answers.filter(({ cached }) => cached !== true).length,
    cached: answers.length > 0 && answers.every(({ cached }) => cached === true),
    ...(times.length > 0 && { ms: sum(times) }),
    ...(usages.length > 0 && {
      usage: {
        promptTokens: sum(usages.map(({ promptTokens }) => promptTokens)),
        completionTokens: sum(usages.map(({ completionTokens }) => completionTokens)),
      },
    }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
