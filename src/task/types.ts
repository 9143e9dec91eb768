import type { JsonObject } from '../json.js';
import type { RubricDefinition } from '../rubric/types.js';
import type { ChatMessage } from '../runtime/types.js';
import type { ScorerEntry } from '../scoring/types.js';

/** A text in English and Chinese. A plain string in a plugin file stands for both. */
export interface LocalizedText {
  en: string;
  zh: string;
}

/** One row of a task's dataset. */
export interface Sample {
  /** Unique in its dataset. */
  id: string;
  /** What the prompt template may use. */
  variables: JsonObject;
  /** Accepted reference answers, best first; empty where the task has none. */
  targets: string[];
  /** Samples that share a source; standard errors are clustered by it. */
  group?: string;
  metadata?: JsonObject;
}

/** A row as it stands in a `.jsonl` file or as a library user passes it. */
export interface SampleRow {
  id: string;
  variables: JsonObject;
  target?: string | string[];
  group?: string;
  metadata?: JsonObject;
}

/** How the model under test is asked, where the task wants something other than the runtime's defaults. */
export interface GenerationSettings {
  /** Most tokens to generate. Integer >= 1. */
  maxTokens?: number;
  /** 0 to 2. */
  temperature?: number;
  /** Over 0, up to 1. */
  topP?: number;
  seed?: number;
  stop?: string[];
}

/**
 * A task plugin as its author writes it: `task.yaml`, or a module's `defineTask({...})`.
 * Paths are relative to the file; for a definition in code to `baseDir`, by default the folder of the plugin module or
 * config that holds it, else the working directory.
 */
export interface TaskDefinition {
  id: string;
  title?: string | LocalizedText;
  description?: string | LocalizedText;
  /** Free grouping for `--category`, e.g. `text-summarization`. */
  category?: string;
  /**
   * BCP 47 tag of the samples' language; decides the judge prompt's language and the default tokenizer.
   * Default: `zh` where the template has Chinese characters, else `en`.
   */
  language?: string;
  /** A `.jsonl` file; a module may give the rows themselves. */
  dataset: string | readonly SampleRow[];
  /** Recorded outputs (JSON Lines with `id` and `output`) to score when no runtime is named. */
  recorded?: string;
  /** The prompt template: a file name ending in `.hbs`, or the template's text. */
  prompt: string;
  /** An optional system message, given the same way. */
  system?: string;
  /** Id of a rubric; a module may give the rubric itself. Needed by `llm-judge`. */
  rubric?: string | RubricDefinition;
  scorers: readonly ScorerEntry[];
  /** Name of the scorer that is the headline; by default the first. */
  primary?: string;
  generation?: GenerationSettings;
  baseDir?: string;
}

/** A task, loaded and checked. */
export interface Task {
  id: string;
  title: LocalizedText;
  description?: LocalizedText;
  category?: string;
  language: string;
  dataset: Dataset;
  /** Absolute path of the recorded outputs. */
  recorded?: string;
  rubric?: string | RubricDefinition;
  scorers: ScorerUse[];
  primary: string;
  generation: GenerationSettings;
  /** Absolute path of the file that defined it, or `(code)`. */
  file: string;
  /** SHA-256 of definition and templates, hex; goes into the manifest. */
  hash: string;
  /** The messages for one sample. Throws PluginError naming template, line and the variables there are. */
  render(sample: Sample): ChatMessage[];
  /** The variables that the templates need at their root. */
  variables: readonly TemplateVariable[];
}

export interface TemplateVariable {
  name: string;
  file: string;
  line: number;
  column: number;
}

/** A scorer as one task uses it. `name` is unique in the task and names the score in records and reports. */
export interface ScorerUse {
  name: string;
  /** A registered scorer's id, or the scorer itself. */
  scorer: string | import('../scoring/types.js').Scorer;
  options: JsonObject;
}

/** A source of samples that is read as a stream, as often as needed. */
export interface Dataset {
  /** Absolute path, or `(code)`. */
  file: string;
  /** Yields each sample with the line it stands on. Throws DatasetError at the first bad row. */
  samples(): AsyncIterable<Sample>;
  /**
   * Reads it once, whole, in constant memory: counts, hashes, refuses duplicate ids, bad rows and rows that lack one of
   * `variables`. Throws DatasetError naming file, line and what is wrong.
   */
  check(variables: readonly TemplateVariable[]): Promise<DatasetSummary>;
}

export interface DatasetSummary {
  samples: number;
  /** SHA-256 of the bytes, hex. */
  hash: string;
  /** Mean length of the variables' text, in characters; for `--dry-run` estimates. */
  meanInputCharacters: number;
  meanTargetCharacters: number;
}
