import { evaluate } from '../../api/evaluate.js';
import { planRun } from '../../api/plan.js';
import { checkGates, type GateResult, parseThreshold } from '../../engine/gate.js';
import { consoleReport } from '../../report/console.js';
import { createProgressDisplay } from '../../report/progress.js';
import { reportFormatFor, writeReport } from '../../report/formats.js';
import { type ExitCode, type Io, wantsColor } from '../io.js';
import { type RunFlags, runSettings } from '../settings.js';

/** How long calls in flight may still take after Ctrl-C; a second Ctrl-C ends at once. */
const GRACE_MS = 10_000;

export async function run(flags: RunFlags, io: Io): Promise<ExitCode> {
  const settings = await runSettings(flags, io);
  const thresholds = settings.threshold.map(parseThreshold);
  // Everything that can be wrong with the request is said before the work, not after it.
  settings.output.forEach(reportFormatFor);
  if (flags.dryRun) return showPlan(settings.evaluate, flags, io);

  const quiet = flags.progress === false || flags.json === true;
  const display = quiet ? undefined : createProgressDisplay(io.stderr, { color: wantsColor(io.stderr, io.env) });
  const onInterrupt = (): void => {
    io.stderr.write('Stopping: calls under way may finish (Ctrl-C again to stop at once).\n');
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
    print(evaluation.summary, gate, settings.output, flags, io);
    return gate.passed ? 0 : 100;
  } finally {
    display?.close();
    io.signal.removeEventListener('abort', onInterrupt);
  }
}
