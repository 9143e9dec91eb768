import type { Manifest, RunSummary, TaskSummary } from '../run/types.js';
import {
  BASELINE_NOTE,
  BASELINE_NOTE_ZH,
  candidateTexts,
  candidateTokens,
  headlines,
  isJudged,
  metricGroups,
  modelText,
  SET_A_JUDGE,
  scorerText,
  titleText,
} from './describe.js';
import { countText, durationText, scoreText } from './numbers.js';
import type { ReportFormat, ReportInput } from './types.js';
import { plain } from './width.js';

/** Text as text, wherever it stands: no markup, no HTML, no mention of a user. */
export function markdownText(text: string): string {
  return plain(text)
    .replace(/[\\`*_[\]#|~]/g, '\\$&')
    .replace(/[&<>@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The same as code, which nothing inside ends. */
function code(text: string): string {
  const line = plain(text);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

function table({ tasks, judge }: RunSummary): string[] {
  const headers = [
    'Task 任务',
    'n',
    'Score 得分',
    'Other metrics 其他指标',
    'Unscored 未评分',
    'Failed 失败',
    'Tokens',
    'Time 耗时',
  ];
  const rows = tasks.map((task) => {
    const groups = metricGroups(task);
    const primary = groups.find(({ scorer }) => scorer === task.primary);
    const { mean, interval } = primary ? scoreText(primary.value) : { mean: 'no score', interval: '' };
    const others = groups.map((group) => {
      const scorer = scorerText(group.scorer, judge);
      const { mean, interval } = scoreText(group.value);
      const own = group === primary ? `by ${scorer}` : `${scorer} ${mean} ${interval}`.trim();
      const parts = headlines(group).map(([name, value]) => `${name} ${scoreText(value).mean}`);
      return markdownText(parts.length > 0 ? `${own}: ${parts.join(', ')}` : own);
    });
    const tokens = candidateTokens(task);
    return [
      markdownText(titleText(task.title, ' ')),
      `${task.n}${task.missing > 0 ? ` of ${task.n + task.missing}` : ''}`,
      `**${mean}**${interval && ` ${interval}`}`,
      others.join('<br>'),
      String(task.unscored),
      String(task.failed),
      tokens === null ? '' : countText(tokens),
      task.timings.totalMs === null ? '' : durationText(task.timings.totalMs),
    ];
  });
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headers), '| --- | --: | --- | --- | --: | --: | --: | --: |', ...rows.map(line)];
}

function facts(summary: RunSummary, manifest: Manifest): string[] {
  const lines = candidateTexts(summary, manifest).map((text) => `- **Model 模型**: ${markdownText(text)}`);
  if (isJudged(manifest)) {
    const { judge } = summary;
    lines.push(
      judge.kind === 'model'
        ? `- **Judge 评委**: ${markdownText(modelText(judge.info))}`
        : `- **Judge 评委**: baseline: ${BASELINE_NOTE} Set a real one: ${code(SET_A_JUDGE)}. ${BASELINE_NOTE_ZH}`,
    );
  }
  const when = manifest.createdAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  lines.push(`- **Run 运行**: ${markdownText(summary.run)}, ${when}, ${durationText(summary.elapsedMs)}`);
  if (!summary.complete) lines.push('- **The run is not complete.** 运行尚未完成。');
  lines.push(...summary.notices.map((notice) => `- **Note 提示**: ${markdownText(notice)}`));
  return lines;
}

function gateLines({ gate }: ReportInput): string[] {
  if (!gate?.asked) return [];
  if (gate.passed) return ['**Gate 门禁: passed 通过**', ''];
  return ['**Gate 门禁: failed 未通过**', '', ...gate.failures.map((failure) => `- ${markdownText(failure)}`), ''];
}

function reasons(tasks: readonly TaskSummary[]): string[] {
  const lines = tasks.flatMap(({ task, unscoredReasons }) =>
    Object.entries(unscoredReasons).map(([reason, count]) => `- ${markdownText(task)}: ${count} × ${code(reason)}`),
  );
  return lines.length === 0
    ? []
    : ['', '<details><summary>Unscored, by reason 未评分原因</summary>', '', ...lines, '', '</details>'];
}

export const markdown: ReportFormat = {
  description: 'a table in English and Chinese, for pull requests',
  async *write(input) {
    const { summary, manifest } = input;
    const lines = [
      '## judgekit',
      '',
      ...gateLines(input),
      ...table(summary),
      '',
      ...facts(summary, manifest),
      ...reasons(summary.tasks),
    ];
    yield `${lines.join('\n')}\n`;
  },
};
