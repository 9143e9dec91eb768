import type { Threshold } from '../engine/gate.js';
import type { SampleResult, TaskSummary } from '../run/types.js';
import type { ReportFormat, ReportInput } from './types.js';

/** Text for an element or attribute of XML 1.0: what it cannot hold becomes `�`. */
export function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

type Outcome = { kind: 'passed' | 'skipped'; text: string } | { kind: 'failure' | 'error'; text: string; type: string };

/** `min` is the highest threshold on the task's primary metric, if any. */
function outcomeOf({ generation, scores }: SampleResult, primary: string, min: number | undefined): Outcome {
  if (!generation.ok) return { kind: 'error', type: generation.error.kind, text: generation.error.message };
  const score = scores[primary];
  if (score === undefined || score.value === null) {
    return { kind: 'skipped', text: score?.reason ?? 'no score was recorded' };
  }
  if (min !== undefined && score.value < min) {
    return { kind: 'failure', type: 'threshold', text: `${primary} ${score.value} is under ${min}` };
  }
  return { kind: 'passed', text: '' };
}

function thresholdOf({ task, primary }: TaskSummary, thresholds: readonly Threshold[] = []): number | undefined {
  const mins = thresholds
    .filter((item) => (item.task ?? task) === task && (item.metric ?? primary) === primary)
    .map((item) => item.min);
  return mins.length === 0 ? undefined : Math.max(...mins);
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join('');
}

function testcase(result: SampleResult, outcome: Outcome, repeated: boolean): string {
  const { task, id, epoch, generation, scores } = result;
  const name = repeated ? `${id} #${epoch}` : id;
  const time = generation.ok ? ((generation.timings.totalMs ?? 0) / 1000).toFixed(3) : '0';
  const values = Object.entries(scores).map(([scorer, { value }]) => `${scorer}=${value ?? 'unscored'}`);
  const body = [
    outcome.kind === 'passed'
      ? ''
      : `      <${outcome.kind}${attributes({ message: outcome.text, ...('type' in outcome ? { type: outcome.type } : {}) })}/>\n`,
    `      <system-out>${xmlText(values.join(' '))}</system-out>\n`,
  ].join('');
  return `    <testcase${attributes({ name, classname: task, time })}>\n${body}    </testcase>\n`;
}

type Counts = Record<'tests' | 'failures' | 'errors' | 'skipped', number>;

/** The counts stand before what they count, so the results are read once for them. */
async function countOutcomes({ summary, results, thresholds }: ReportInput): Promise<Map<string, Counts>> {
  const tasks = new Map(summary.tasks.map((task) => [task.task, { task, min: thresholdOf(task, thresholds) }]));
  const counts = new Map(summary.tasks.map(({ task }) => [task, { tests: 0, failures: 0, errors: 0, skipped: 0 }]));
  for await (const result of results()) {
    const [found, count] = [tasks.get(result.task), counts.get(result.task)];
    if (found === undefined || count === undefined) continue;
    const { kind } = outcomeOf(result, found.task.primary, found.min);
    count.tests++;
    if (kind === 'failure') count.failures++;
    if (kind === 'error') count.errors++;
    if (kind === 'skipped') count.skipped++;
  }
  return counts;
}

function sumOf(counts: Iterable<Counts>): Counts {
  const sum: Counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const count of counts) {
    for (const name of ['tests', 'failures', 'errors', 'skipped'] as const) sum[name] += count[name];
  }
  return sum;
}

export const junit: ReportFormat = {
  description: 'JUnit: a suite for each task and a case for each sample, for CI servers',
  async *write(input) {
    const { summary, manifest, results, thresholds } = input;
    const counts = await countOutcomes(input);
    yield '<?xml version="1.0" encoding="UTF-8"?>\n';
    yield `<testsuites${attributes({ name: summary.run, ...sumOf(counts.values()), time: (summary.elapsedMs / 1000).toFixed(3) })}>\n`;
    for (const task of summary.tasks) {
      const min = thresholdOf(task, thresholds);
      const timestamp = manifest.createdAt.replace(/(\.\d+)?Z$/, '');
      yield `  <testsuite${attributes({ name: task.task, ...counts.get(task.task), timestamp })}>\n`;
      // Tasks may be mixed in the log; going through it again for each keeps memory flat.
      for await (const result of results()) {
        if (result.task !== task.task) continue;
        yield testcase(result, outcomeOf(result, task.primary, min), manifest.repeat > 1);
      }
      yield '  </testsuite>\n';
    }
    yield '</testsuites>\n';
  },
};
