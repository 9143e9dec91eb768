import { setFlagsFromString } from 'node:v8';
import { evaluate } from '../../api/evaluate.js';
import type { EvaluateOptions } from '../../api/options.js';
import { type Plan, planRun } from '../../api/plan.js';
import { checkGates, type GateResult, parseThreshold } from '../../engine/gate.js';
import { consoleReport } from '../../report/console.js';
import { reportFormatFor, writeReport } from '../../report/formats.js';
import { jsonReport } from '../../report/json.js';
import { countText } from '../../report/numbers.js';
import { createProgressDisplay } from '../../report/progress.js';
import type { Manifest, RunSummary } from '../../run/types.js';
import { type ExitCode, type Io, wantsColor } from '../io.js';
import { type RunFlags, runSettings } from '../settings.js';
import { table } from '../table.js';

/** How long calls in flight may still take after Ctrl-C; a second Ctrl-C ends at once. */
const GRACE_MS = 10_000;

/** Percent by which V8 lets the heap outgrow what is alive before it collects. Its own choice is several hundred. */
const HEAP_GROWTH = 30;

export async function run(flags: RunFlags, io: Io): Promise<ExitCode> {
  // What is alive stays at some 15 MB however many samples there are; without this, the garbage around it does not.
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  const settings = await runSettings(flags, io);
  // Everything that can be wrong with the request is said before the work, not after it.
  const thresholds = settings.threshold.map(parseThreshold);
  settings.output.forEach(reportFormatFor);
  if (flags.dryRun) return dryRun(settings.evaluate, flags, io);

  const quiet = !flags.progress || flags.json === true;
  const display = quiet ? undefined : createProgressDisplay(io.stderr, { color: wantsColor(io.stderr, io.env) });
  const onInterrupt = (): void => {
    const message = 'stopping: calls under way may finish; Ctrl-C again stops at once';
    if (display) display.onEvent({ type: 'notice', message });
    else io.stderr.write(`${message}\n`);
  };
  io.signal.addEventListener('abort', onInterrupt, { once: true });
  try {
    const evaluation = await evaluate({
      ...settings.evaluate,
      signal: io.signal,
      graceMs: GRACE_MS,
      onEvent: (event) => display?.onEvent(event),
    });
    display?.close();
    const gate = checkGates(evaluation.summary, { thresholds, failOnUnscored: settings.failOnUnscored });
    for (const file of settings.output) await writeReport(file, { ...evaluation, gate, thresholds });
    print(evaluation.summary, evaluation.manifest, gate, flags, io);
    for (const file of flags.json ? [] : settings.output) io.stdout.write(`Written: ${file}\n`);
    return gate.passed ? 0 : 100;
  } finally {
    display?.close();
    io.signal.removeEventListener('abort', onInterrupt);
  }
}

function print(summary: RunSummary, manifest: Manifest, gate: GateResult, flags: RunFlags, io: Io): void {
  if (flags.json) {
    io.stdout.write(`${JSON.stringify(jsonReport(summary, gate), null, 2)}\n`);
    return;
  }
  const width = io.stdout.columns ?? 100;
  io.stdout.write(consoleReport(summary, { width, color: wantsColor(io.stdout, io.env), manifest, gate }));
}

async function dryRun(options: EvaluateOptions, flags: RunFlags, io: Io): Promise<ExitCode> {
  const plan = await planRun(options);
  io.stdout.write(flags.json ? `${JSON.stringify(plan, null, 2)}\n` : planText(plan));
  return 0;
}

function planText({ runtime, judge, repeat, tasks, total }: Plan): string {
  const rows = [...tasks, { ...total, task: 'in all', scorers: [] }].map((task) => [
    task.task,
    String(task.samples),
    String(task.calls),
    String(task.judgeCalls),
    countText(task.estimatedPromptTokens + task.estimatedCompletionTokens),
    countText(task.estimatedJudgePromptTokens),
    task.scorers.join(', '),
  ]);
  const header = ['task', 'samples', 'calls', 'judge calls', '~tokens', '~judge tokens', 'scorers'];
  return [
    table(header, rows, ['left', 'right', 'right', 'right', 'right', 'right', 'left']),
    '',
    `  Runtime  ${runtime}`,
    `  Judge    ${judge}`,
    ...(repeat > 1 ? [`  Repeats  ${repeat} of each sample, counted above`] : []),
    '',
    '  Nothing was run. Tokens are estimated from text lengths.',
    '',
  ].join('\n');
}
