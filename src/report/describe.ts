import type { JudgeManifest, Manifest, MetricSummary, RunSummary, TaskSummary } from '../run/types.js';
import type { ModelInfo } from '../runtime/types.js';
import type { LocalizedText } from '../task/types.js';

/** A title in both languages, English first; once where they are the same. */
export function titleText({ en, zh }: LocalizedText, separator = '  '): string {
  return en === zh ? en : `${en}${separator}${zh}`;
}

const KNOWN = new Set(['model', 'quantization', 'engine', 'engineVersion', 'device', 'endpoint']);

/** What is known about a model, most telling first, with the dates among the rest. */
export function modelText(info: ModelInfo): string {
  const engine = [info.engine, info.engineVersion].filter(Boolean).join(' ');
  const dates = Object.entries(info).flatMap(([name, value]) => {
    const date = KNOWN.has(name) ? undefined : /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(value ?? '');
    return date ? [`${name} ${date[0]}`] : [];
  });
  return [info.model, info.quantization, engine, info.device, info.endpoint, ...dates].filter(Boolean).join(', ');
}

/** The models whose answers were scored: one, or one for each group of tasks with recorded outputs of their own. */
export function candidateTexts(summary: Pick<RunSummary, 'runtime'>, manifest?: Manifest): string[] {
  const own = (manifest?.tasks ?? []).flatMap((task) =>
    task.outputs ? [{ id: task.id, text: modelText(task.outputs) }] : [],
  );
  const texts = [...new Set(own.map(({ text }) => text))];
  if (texts.length === 0) texts.push(modelText(summary.runtime.info));
  const recorded = summary.runtime.runtime === 'replay' ? 'recorded outputs of ' : '';
  return texts.map((text) => {
    const tasks =
      texts.length === 1 ? '' : ` (${own.flatMap((one) => (one.text === text ? [one.id] : [])).join(', ')})`;
    return `${text.startsWith('recorded outputs') ? '' : recorded}${text}${tasks}`;
  });
}

/** False only when it is known that no task is judged. */
export function isJudged(manifest: Manifest | undefined): boolean {
  return manifest === undefined || manifest.tasks.some((task) => task.rubric !== undefined);
}

export const BASELINE_NOTE =
  'llm-judge scores are estimates of the built-in baseline judge, not of a language model. They show that everything works; ' +
  'they do not say how good the answers are.';
export const BASELINE_NOTE_ZH = 'llm-judge 的分数是内置基线评委的估计值，不是语言模型给出的评分。';
export const SET_A_JUDGE = 'judge … --judge openai:MODEL --judge-base-url URL';

export function judgeText(judge: JudgeManifest): string {
  return judge.kind === 'baseline' ? `baseline: ${BASELINE_NOTE}` : modelText(judge.info);
}

/** A scorer's name, with the baseline named as what it is. */
export function scorerText(scorer: string, judge: JudgeManifest): string {
  return scorer === 'llm-judge' && judge.kind === 'baseline' ? `${scorer} (baseline)` : scorer;
}

/** A scorer's metrics, without the scorer's name before theirs. */
export interface MetricGroup {
  scorer: string;
  value: MetricSummary;
  metrics: [name: string, summary: MetricSummary][];
}

/** A task's metrics by scorer, the primary first. */
export function metricGroups({ metrics, primary }: TaskSummary): MetricGroup[] {
  const groups: MetricGroup[] = [];
  for (const [name, summary] of Object.entries(metrics)) {
    const group = groups.find(({ scorer }) => name.startsWith(`${scorer}.`));
    if (group) group.metrics.push([name.slice(group.scorer.length + 1), summary]);
    else groups.push({ scorer: name, value: summary, metrics: [] });
  }
  return groups.sort((a, b) => Number(b.scorer === primary) - Number(a.scorer === primary));
}

/** Without the parts of another metric: `rouge1.precision` beside `rouge1`. */
export function headlines({ metrics }: MetricGroup): [name: string, summary: MetricSummary][] {
  return metrics.filter(([name]) => !metrics.some(([other]) => name.startsWith(`${other}.`)));
}

/** Prompt and completion tokens of the model under test; null where nothing was counted. */
export function candidateTokens({ usage }: TaskSummary): number | null {
  return usage.promptTokens + usage.completionTokens || null;
}
