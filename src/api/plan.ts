import type { EvaluateOptions } from './options.js';
import { type PreparedTask, prepare } from './prepare.js';

/** What an evaluation would do. */
export interface Plan {
  runtime: string;
  judge: string;
  repeat: number;
  tasks: TaskPlan[];
  total: TaskCounts;
}

export interface TaskPlan extends TaskCounts {
  task: string;
  scorers: string[];
}

/** Tokens are estimates made from text lengths. */
export interface TaskCounts {
  samples: number;
  /** Calls to the model under test, without retries; 0 when outputs are recorded. */
  calls: number;
  judgeCalls: number;
  estimatedPromptTokens: number;
  estimatedCompletionTokens: number;
  estimatedJudgePromptTokens: number;
}

/** Characters that a token stands for, roughly: Chinese text 1.5, text in Latin script 4. */
function charactersPerToken(language: string): number {
  return /^(zh|ja|ko)/.test(language) ? 1.5 : 4;
}

/** Judge prompts without their sample: role, principles and a rubric with anchors, in characters. */
const RUBRIC_CHARACTERS = 1500;

/** Checks everything that `evaluate` checks, and says what would run. Makes no call. Throws what `prepare` throws. */
export async function planRun(options: EvaluateOptions): Promise<Plan> {
  const prepared = await prepare(options);
  const { runtime, judge, repeat } = prepared;
  const tasks = prepared.tasks.map((task) => planTask(task, judge !== undefined));
  return {
    runtime: runtime ? specName(runtime.spec) : 'recorded outputs of each task',
    judge: judge ? specName(judge.spec) : 'baseline',
    repeat,
    tasks,
    total: {
      samples: sum(tasks, 'samples'),
      calls: sum(tasks, 'calls'),
      judgeCalls: sum(tasks, 'judgeCalls'),
      estimatedPromptTokens: sum(tasks, 'estimatedPromptTokens'),
      estimatedCompletionTokens: sum(tasks, 'estimatedCompletionTokens'),
      estimatedJudgePromptTokens: sum(tasks, 'estimatedJudgePromptTokens'),
    },
  };
}

function planTask({ task, dataset, planned, scorers, source }: PreparedTask, modelJudge: boolean): TaskPlan {
  const perToken = charactersPerToken(task.language);
  const { meanInputCharacters: input, meanTargetCharacters: target } = dataset;
  const calls = source.runtime.capabilities.free ? 0 : planned;
  const judgeCalls = modelJudge && scorers.some(({ kind }) => kind === 'judge') ? planned : 0;
  return {
    task: task.id,
    scorers: scorers.map(({ name }) => name),
    samples: planned,
    calls,
    judgeCalls,
    estimatedPromptTokens: Math.round((calls * input) / perToken),
    estimatedCompletionTokens: Math.round((calls * target) / perToken),
    estimatedJudgePromptTokens: Math.round((judgeCalls * (RUBRIC_CHARACTERS + input + 2 * target)) / perToken),
  };
}

function specName({ runtime, options }: { runtime: string; options: { model?: unknown; outputs?: unknown } }): string {
  const subject = options.model ?? options.outputs;
  return typeof subject === 'string' ? `${runtime}:${subject}` : runtime;
}

function sum(tasks: readonly TaskPlan[], field: keyof TaskCounts): number {
  return tasks.reduce((total, task) => total + task[field], 0);
}
