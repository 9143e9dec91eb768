import type { GateResult } from '../engine/gate.js';
import type { JudgeManifest, Manifest, MetricSummary, RunSummary, TaskSummary } from '../run/types.js';
import {
  candidateTexts,
  candidateTokens,
  headlines,
  isJudged,
  judgeText,
  metricGroups,
  SET_A_JUDGE,
  scorerText,
  titleText,
} from './describe.js';
import { countText, durationText, plural, scoreText } from './numbers.js';
import { createStyle, type Paint, type Style } from './style.js';
import { displayWidth, flow, pad, plain, truncate } from './width.js';

export interface ConsoleOptions {
  /** Cells in a line, >= 40. */
  width: number;
  color: boolean;
  /** Names the recorded outputs of each task, and tells whether there was anything to judge. */
  manifest?: Manifest;
  gate?: GateResult;
}

/** From here on every column has its place; below, the lesser ones move to a line of their own. */
const WIDE = 90;
const INDENT = '  ';

/** The end of a run as a terminal shows it: a table of the tasks, then what was scored, by whom, and where it is kept. */
export function consoleReport(summary: RunSummary, options: ConsoleOptions): string {
  const width = Math.max(40, options.width);
  const style = createStyle(options.color);
  return [...taskTable(summary, width, style), '', ...facts(summary, { ...options, width }, style), ''].join('\n');
}

interface Column {
  header: string;
  align: 'left' | 'right';
  cells: string[];
  paint: Paint;
}

function taskTable({ tasks, judge }: RunSummary, width: number, style: Style): string[] {
  if (tasks.length === 0) return ['No task was run.'];
  const wide = width >= WIDE;
  const keep: Paint = (text) => text;
  const alert: Paint = (text) => (text.trim() === '0' ? style.dim(text) : style.yellow(text));
  const right = (header: string, cells: string[], paint = keep): Column => ({ header, align: 'right', cells, paint });

  const scores = tasks.map((task) => scoreText(primaryOf(task)));
  const columns: Column[] = [
    right(
      'n',
      tasks.map((task) => String(task.n)),
    ),
    right('score', alignPoints(scores.map(({ mean }) => mean)), style.bold),
    { header: '95% interval', align: 'left', cells: scores.map(({ interval }) => interval), paint: style.dim },
    right(
      'unscored',
      tasks.map((task) => String(task.unscored)),
      alert,
    ),
  ];
  if (wide) {
    columns.push(
      right(
        'failed',
        tasks.map((task) => String(task.failed)),
        alert,
      ),
      right('tokens', tasks.map(tokensText)),
      right('time each', tasks.map(timeText)),
    );
  }
  const widths = columns.map(({ header, cells }) => Math.max(...[header, ...cells].map(displayWidth)));
  const titleRoom = width - widths.reduce((sum, each) => sum + each + 2, 0);
  const titles = titlesFor(tasks, titleRoom);
  const titleWidth = Math.max(displayWidth('task'), ...titles.map(displayWidth));

  const line = (title: string, cells: string[]): string => [pad(title, titleWidth), ...cells].join('  ').trimEnd();
  const header = line(
    'task',
    columns.map((column, i) => pad(column.header, widths[i]!, column.align)),
  );
  const rows = tasks.flatMap((task, row) => {
    const cells = columns.map(({ cells, align, paint }, i) => paint(pad(cells[row]!, widths[i]!, align)));
    return [line(titles[row]!, cells), ...details(task, judge, width, wide, style)];
  });
  return [style.dim(header), ...rows];
}

/** Both languages where there is room for all, else each task's own. */
function titlesFor(tasks: readonly TaskSummary[], room: number): string[] {
  const both = tasks.map(({ title }) => plain(titleText(title)));
  if (both.every((title) => displayWidth(title) <= room)) return both;
  return tasks.map(({ title, language }) =>
    truncate(plain(language.startsWith('zh') ? title.zh : title.en), Math.max(8, room)),
  );
}

/** Puts the decimal points below each other in a column that is aligned to the right. */
function alignPoints(numbers: readonly string[]): string[] {
  const decimals = (text: string): number => /\.\d+$/.exec(text)?.[0].length ?? 0;
  const most = Math.max(...numbers.map(decimals));
  return numbers.map((text) => (decimals(text) === 0 ? text : text + ' '.repeat(most - decimals(text))));
}

function primaryOf({ metrics, primary }: TaskSummary): MetricSummary {
  return metrics[primary] ?? { mean: null, ci95: null, n: 0, interval: null, sd: null };
}

function tokensText(task: TaskSummary): string {
  const tokens = candidateTokens(task);
  return tokens === null ? '-' : countText(tokens);
}

function timeText({ timings }: TaskSummary): string {
  return timings.totalMs === null ? '-' : durationText(timings.totalMs);
}

/** The lines below a task's row: its other metrics, then whatever is wrong. */
function details(task: TaskSummary, judge: JudgeManifest, width: number, wide: boolean, style: Style): string[] {
  const hanging = (pieces: string[], separator: string, paint: Paint): string[] =>
    flow(pieces, width - 4, separator).map((text, i) => paint(INDENT + (i === 0 ? '' : INDENT) + text));
  const lines = metricGroups(task).flatMap((group) => {
    const { mean, interval } = scoreText(group.value);
    const others = headlines(group).map(([name, value]) => `${name} ${scoreText(value).mean}`);
    const scorer = scorerText(group.scorer, judge);
    const own = group.scorer === task.primary ? `by ${scorer}` : `${scorer} ${mean} ${interval}`.trim();
    return hanging([others.length > 0 ? `${own}:` : own, ...others].map(plain), INDENT, style.dim);
  });
  if (!wide) {
    const more = [
      ...(task.failed > 0 ? [`${task.failed} failed`] : []),
      ...(candidateTokens(task) === null ? [] : [`${tokensText(task)} tokens`]),
      ...(task.timings.totalMs === null ? [] : [`${timeText(task)} each`]),
    ];
    lines.push(...hanging(more, INDENT, style.dim));
  }
  if (task.missing > 0) lines.push(...hanging([`${plural(task.missing, 'sample')} not run`], ' ', style.yellow));
  for (const [reason, count] of Object.entries(task.unscoredReasons)) {
    lines.push(...hanging([`${count} x`, ...plain(reason).split(' ')], ' ', style.yellow));
  }
  const flags = Object.entries(task.flags).map(([flag, count]) => `${plain(flag)} ${count}`);
  if (flags.length > 0) lines.push(...hanging(['flags', ...flags], INDENT, style.dim));
  return lines;
}

function facts(summary: RunSummary, { width, manifest, gate }: ConsoleOptions, style: Style): string[] {
  const LABEL = 8;
  const keep: Paint = (line) => line;
  const fact = (label: string, pieces: string[], separator = ' ', paint = keep): string[] =>
    flow(pieces.map(plain), width - LABEL, separator).map(
      (line, i) => style.dim(pad(i === 0 ? label : '', LABEL)) + paint(line),
    );
  const prose = (label: string, text: string, paint?: Paint): string[] => fact(label, text.split(' '), ' ', paint);

  const lines = candidateTexts(summary, manifest).flatMap((text, i) =>
    fact(i === 0 ? 'model' : '', text.split(', '), ', '),
  );
  if (isJudged(manifest)) {
    const baseline = summary.judge.kind === 'baseline';
    lines.push(...prose('judge', judgeText(summary.judge), baseline ? style.yellow : keep));
    if (baseline) lines.push(...fact('', ['Set a real one:', SET_A_JUDGE]));
  }
  lines.push(...fact('total', totals(summary), ', '));
  for (const notice of summary.notices) lines.push(...prose('note', notice, style.yellow));
  if (!summary.complete) lines.push(...prose('note', 'The run is not complete; go on with --resume.', style.yellow));
  // A path stays in one piece, however long, so that it can be copied.
  if (summary.directory !== null) lines.push(style.dim(pad('run', LABEL)) + plain(summary.directory));
  if (gate?.asked && gate.passed) lines.push(...prose('gate', 'passed', style.green));
  for (const failure of gate?.failures ?? []) lines.push(...prose('gate', `failed: ${failure}`, style.red));
  return lines;
}

function totals({ tasks, elapsedMs }: RunSummary): string[] {
  const sum = (of: (task: TaskSummary) => number): number => tasks.reduce((total, task) => total + of(task), 0);
  const tokens = sum(({ usage }) => usage.promptTokens + usage.completionTokens);
  const judgeTokens = sum(({ usage }) => usage.judgePromptTokens + usage.judgeCompletionTokens);
  const judgeCalls = sum(({ usage }) => usage.judgeCalls);
  const cached = sum(({ usage }) => usage.cached);
  return [
    plural(tasks.length, 'task'),
    plural(
      sum((task) => task.n),
      'sample',
    ),
    `${sum((task) => task.unscored)} unscored`,
    `${sum((task) => task.failed)} failed`,
    ...(tokens > 0 ? [`${countText(tokens)} tokens`] : []),
    ...(judgeCalls > 0 ? [plural(judgeCalls, 'judge call')] : []),
    ...(judgeTokens > 0 ? [`${countText(judgeTokens)} judge tokens`] : []),
    ...(cached > 0 ? [`${cached} from the cache`] : []),
    durationText(elapsedMs),
  ];
}
