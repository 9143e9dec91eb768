import type { GateResult, Threshold } from '../engine/gate.js';
import type { Manifest, RunSummary, SampleResult } from '../run/types.js';

/** What a report is made of. */
export interface ReportInput {
  summary: RunSummary;
  manifest: Manifest;
  /** Every finished sample-repeat; may be read several times. */
  results(): AsyncIterable<SampleResult>;
  gate?: GateResult;
  thresholds?: readonly Threshold[];
}

/** One way to write a run down; a row of `reportFormats`. */
export interface ReportFormat {
  /** One line for help texts. */
  description: string;
  /** The file's text in pieces. Reads `results` as a stream, so memory does not grow with the samples. */
  write(input: ReportInput): AsyncIterable<string>;
}
