/**
 * Every error that a user of judgekit can meet. Each says what is wrong, where, and what to do about it.
 * The library throws these and nothing else on purpose; anything else that escapes is a bug of ours.
 */

/** A place in a file. `line` and `column` count from 1. */
export interface SourceLocation {
  file: string;
  line?: number;
  column?: number;
}

export interface JudgeErrorInit {
  /** What to do about it, as one imperative sentence. */
  hint?: string;
  location?: SourceLocation;
  cause?: unknown;
}

/** `file:line:column`, with the parts that are known. */
export function formatLocation(location: SourceLocation): string {
  return [location.file, location.line, location.line === undefined ? undefined : location.column]
    .filter((part) => part !== undefined)
    .join(':');
}

/** Names of an error's classes, up to JudgeError. Shared by every copy of judgekit in a process. */
const CLASSES = Symbol.for('judgekit.error.classes');

/** Base of all errors below. `message` is the first line only; `describe()` adds the place and the hint. */
export class JudgeError extends Error {
  /**
   * A plugin may load a copy of judgekit of its own, whose classes are others; `instanceof` therefore goes by their names.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return false;
    const classes = (value as { [CLASSES]?: readonly string[] })[CLASSES];
    // biome-ignore lint/complexity/noThisInStatic: `this` is the class that stands right of `instanceof`.
    return classes?.includes(this.name) ?? false;
  }

  readonly hint?: string;
  readonly location?: SourceLocation;
  /** Directory of the run that this error ended, where there is one; it can be resumed. */
  run?: string;

  constructor(message: string, init: JudgeErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = new.target.name;
    const classes: string[] = [];
    for (let type: object = new.target; type !== Error; type = Object.getPrototypeOf(type)) {
      classes.push((type as typeof JudgeError).name);
    }
    Object.defineProperty(this, CLASSES, { value: classes });
    this.hint = init.hint;
    this.location = init.location;
  }

  /** The whole text that a user should read: place, message, hint. */
  describe(): string {
    const where = this.location ? `${formatLocation(this.location)}: ` : '';
    return `${where}${this.message}${this.hint ? `\n  → ${this.hint}` : ''}`;
  }
}

/** The call itself is wrong: an unknown flag, an id that no plugin has, options that exclude each other. */
export class UsageError extends JudgeError {}

/** A task, rubric, config or other plugin file is not valid. One error carries every finding of one load. */
export class PluginError extends JudgeError {
  readonly issues: readonly PluginIssue[];

  constructor(message: string, issues: readonly PluginIssue[] = [], init: JudgeErrorInit = {}) {
    super(message, init);
    this.issues = issues;
  }

  override describe(): string {
    if (this.issues.length === 0) return super.describe();
    const lines = this.issues.map(
      (issue) => `${formatLocation(issue.location)}: ${issue.message}${issue.hint ? `\n  → ${issue.hint}` : ''}`,
    );
    return [this.message, ...lines].join('\n');
  }
}

/** One finding in a plugin file. */
export interface PluginIssue {
  message: string;
  location: SourceLocation;
  hint?: string;
}

/** A dataset or a file of recorded outputs cannot be read: a broken line, a duplicate id, not UTF-8. */
export class DatasetError extends JudgeError {}

export interface RuntimeErrorInit extends JudgeErrorInit {
  /** HTTP status, where there was one. */
  status?: number;
  /** What the server asked for in `Retry-After`, in milliseconds from now. */
  retryAfterMs?: number;
  /** Whether the same request may succeed if it is sent again. */
  retryable?: boolean;
  kind?: RuntimeErrorKind;
}

/**
 * `rate-limit`: told to slow down. `timeout`: over the time limit, or silent for too long. `network`: no connection, or
 * cut. `server`: the server failed. `request`: the server refuses this request. `response`: an answer that is none.
 * `setup`: the runtime cannot be opened as configured. `missing`: nothing recorded for this sample.
 */
export type RuntimeErrorKind =
  | 'rate-limit'
  | 'timeout'
  | 'network'
  | 'server'
  | 'request'
  | 'response'
  | 'setup'
  | 'missing';

/** A runtime could not be opened or could not generate. */
export class RuntimeError extends JudgeError {
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly retryable: boolean;
  readonly kind: RuntimeErrorKind;
  /** Attempts made before this error was final; set by the retry policy. */
  attempts = 1;

  constructor(message: string, init: RuntimeErrorInit = {}) {
    super(message, init);
    this.status = init.status;
    this.retryAfterMs = init.retryAfterMs;
    this.retryable = init.retryable ?? false;
    this.kind = init.kind ?? 'request';
  }
}

/** The run directory: locked by another process, asked to resume something else, not writable, disk full. */
export class RunError extends JudgeError {}

/** Stopped by the caller's signal. What was finished is on disk; `run` can be resumed. */
export class InterruptedError extends JudgeError {}

/** The text of any thrown value, for a record or a message. */
export function errorMessage(error: unknown): string {
  if (error instanceof JudgeError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
