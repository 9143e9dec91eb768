import { createSignals } from '../engine/signals.js';
import type { RubricDefinition } from '../rubric/types.js';
import type { Score, ScoringInput } from '../scoring/types.js';
import { assessWith, openSource } from './open.js';
import type { PluginSources, RuntimeInput } from './options.js';
import { openRegistry, runtimeSource } from './prepare.js';

export interface ScoreOptions extends PluginSources {
  /** Id of a rubric, or one made with `defineRubric`. */
  rubric: string | RubricDefinition;
  /** What the model was asked: instruction and text. */
  input: string;
  /** What it answered. */
  output: string;
  /** Accepted answers, best first. */
  reference?: string | readonly string[];
  /** BCP 47 tag; decides the language the judge is asked in. Default `zh`. */
  language?: string;
  /** Default `baseline`, the built-in judge that needs no model. */
  judge?: 'baseline' | RuntimeInput;
  /** Further attempts after a failed call. Default 5. */
  retries?: number;
  /** Most milliseconds for one attempt. Default 300,000. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/**
 * Judges one answer by a rubric. `value` is the overall score on the rubric's reported scale, `metrics` the dimensions by id;
 * `value: null` comes with the reason. Keeps nothing on disk. Rejects with UsageError or PluginError when the rubric or the
 * judge is not there, with RuntimeError (kind `setup`) when the judge cannot be opened, and with the signal's reason.
 */
export async function score(options: ScoreOptions): Promise<Score> {
  const { judge = 'baseline', language = 'zh', reference = [], signal } = options;
  signal?.throwIfAborted();
  const inline = typeof options.rubric === 'string' ? [] : [options.rubric];
  const registry = await openRegistry({
    ...options,
    define: { ...options.define, rubrics: [...(options.define?.rubrics ?? []), ...inline] },
  });
  const rubric = await registry.rubric(typeof options.rubric === 'string' ? options.rubric : options.rubric.id);
  const input: ScoringInput = {
    task: 'score',
    sample: {
      id: 'score',
      variables: { input: options.input },
      targets: typeof reference === 'string' ? [reference] : [...reference],
    },
    epoch: 1,
    output: options.output,
  };
  if (judge === 'baseline') {
    const { createBaselineJudge } = await import('../scoring/judge/baseline.js');
    return createBaselineJudge(rubric).assess(input);
  }

  const signals = createSignals(signal, 0);
  try {
    const source = await runtimeSource(judge, registry, options.cwd ?? '.');
    const { retries, timeoutMs } = options;
    const opened = await openSource(source, {
      what: 'judge',
      signals,
      retries,
      timeoutMs,
      concurrency: 1,
      readCache: false,
      emit: () => undefined,
    });
    try {
      const result = await assessWith(opened, source, rubric, language, {})(input, options.input, signals);
      if (signals.failure) throw signals.failure.error;
      signal?.throwIfAborted();
      return result;
    } finally {
      await opened.executor.close();
    }
  } finally {
    signals.dispose();
  }
}
