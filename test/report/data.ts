import type { ReportInput } from '../../src/report/types.js';
import { createAggregator } from '../../src/run/aggregate.js';
import type { GenerationRecord, Manifest, RunSummary, SampleResult, TaskManifest } from '../../src/run/types.js';
import type { Score } from '../../src/scoring/types.js';

/** A run as it really comes out: summed up from made-up but lifelike sample results. */

const outputs = {
  model: 'gemma-3-270m-it',
  quantization: 'Q4_K_M',
  engine: 'llama.cpp',
  engineVersion: 'b6123',
  date: '2025-11-20T09:12:00Z',
};

const DIMENSIONS = ['faithfulness', 'completeness', 'conciseness', 'fluency', 'instruction-following'];

export const tasks: TaskManifest[] = [
  judged('document-summary', 'Document summary', '文档摘要', 12),
  judged('call-summary', 'Call summary', '通话摘要', 12),
  judged('meeting-summary', 'Meeting summary', '会议摘要', 50),
  judged('email-thread-summary', 'Email thread summary', 'Email thread summary', 12, 'en'),
  {
    ...judged('text-correction', 'Text correction', '文本纠错', 40),
    rubric: undefined,
    scorers: ['exact-match'],
    ranges: { 'exact-match': [0, 1] },
    primary: 'exact-match',
  },
];

function judged(id: string, en: string, zh: string, samples: number, language = 'zh'): TaskManifest {
  return {
    id,
    title: { en, zh },
    category: 'text-summarization',
    language,
    hash: 'aa',
    dataset: { file: `datasets/${id}.jsonl`, hash: 'bb', samples },
    rubric: {
      id: 'summarization',
      title: { en: 'Summarization', zh: '摘要' },
      hash: 'cc',
      dimensions: DIMENSIONS.map((dimension) => ({ id: dimension, title: { en: dimension, zh: dimension } })),
    },
    scorers: ['llm-judge', 'rouge'],
    ranges: { 'llm-judge': [1, 10], rouge: [0, 1] },
    primary: 'llm-judge',
    planned: samples,
    outputs,
  };
}

export const manifest: Manifest = {
  version: 1,
  id: '2025-11-21-summarization-3f9a',
  createdAt: '2025-11-21T13:30:00.000Z',
  judgekit: '0.1.0',
  node: 'v20.20.2',
  platform: 'linux-x64',
  tasks,
  runtime: { runtime: 'replay', options: {}, info: outputs },
  judge: { kind: 'baseline' },
  repeat: 1,
  generation: {},
};

/** The same numbers each time; a small linear congruential generator. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

export function* samplesOf(task: TaskManifest, count = task.planned): Generator<SampleResult> {
  const next = random(task.id.length * 7919);
  const around = (mean: number, spread: number): number => mean + (next() + next() - 1) * spread;
  for (let i = 1; i <= count; i++) {
    const key = { task: task.id, id: `${task.id}-${String(i).padStart(3, '0')}`, epoch: 1 };
    const generation: GenerationRecord = {
      ...key,
      stage: 'generation',
      at: 1763732400000 + i,
      attempts: 1,
      ok: true,
      text: `概要：第${i}次会议，定于周三 10:00。\n要点：\n1. 按时交付`,
      finishReason: 'stop',
      usage: { promptTokens: Math.round(around(1400, 600)), completionTokens: Math.round(around(160, 80)) },
      timings: { totalMs: around(2400, 1200), firstTokenMs: around(500, 200), decodeTokensPerSecond: around(68, 9) },
    };
    const result: SampleResult = { ...key, generation, scores: scoresOf(task, around), group: key.id };
    if (task.id === 'meeting-summary' && (i === 17 || i === 41)) {
      result.scores['llm-judge'] = {
        value: null,
        reason: 'reply holds no verdict: it stops in the middle of the object',
      };
    }
    if (task.id === 'meeting-summary' && i === 23) {
      const message = 'no answer within 120 s';
      result.generation = {
        ...key,
        stage: 'generation',
        at: 0,
        attempts: 6,
        ok: false,
        error: { kind: 'timeout', message },
      };
      const reason = `generation failed: ${message}`;
      result.scores = Object.fromEntries(task.scorers.map((name): [string, Score] => [name, { value: null, reason }]));
    }
    yield result;
  }
}

function scoresOf(task: TaskManifest, around: (mean: number, spread: number) => number): Record<string, Score> {
  if (task.primary === 'exact-match') return { 'exact-match': { value: around(0.5, 0.5) < 0.6 ? 1 : 0 } };
  const dimensions = DIMENSIONS.map((dimension): [string, number] => [dimension, Math.round(around(6.8, 2.5))]);
  const rouge = ['rouge1', 'rouge2', 'rougeL'].flatMap((type, i): [string, number][] => {
    const f = around(0.42 - i * 0.1, 0.12);
    return [
      [type, f],
      [`${type}.precision`, f + 0.04],
      [`${type}.recall`, f - 0.03],
    ];
  });
  return {
    'llm-judge': {
      value: Math.round(around(7, 2)),
      metrics: Object.fromEntries(dimensions),
      details: { judge: 'baseline' },
    },
    rouge: { value: rouge[6]![1], metrics: Object.fromEntries(rouge) },
  };
}

export function reportInput(changes: Partial<Manifest> = {}): ReportInput {
  const made: Manifest = { ...manifest, ...changes };
  const summary: RunSummary = {
    run: made.id,
    directory: `.judge/runs/${made.id}`,
    complete: true,
    judge: made.judge,
    runtime: made.runtime,
    tasks: made.tasks.map((task) => {
      const aggregator = createAggregator(task, made.repeat);
      for (const result of samplesOf(task)) aggregator.add(result);
      return aggregator.summary();
    }),
    elapsedMs: 83_400,
    notices: [],
  };
  return {
    summary,
    manifest: made,
    async *results() {
      for (const task of made.tasks) yield* samplesOf(task);
    },
  };
}
