import {
  conceal,
  errorMessage,
  field,
  type HeaderSource,
  httpError,
  networkError,
  RuntimeError,
} from 'judgekit/runtime';

/** What providers' clients leave on their errors, each in its own way; of the error or the nearest cause that has it. */
interface Traces {
  status?: number;
  code?: string;
  headers: HeaderSource;
  body?: unknown;
}

/** The RuntimeError for whatever a provider's client threw. */
export function toRuntimeError(error: unknown, model: string): RuntimeError {
  if (error instanceof RuntimeError) return error;
  const { status, code, headers, body } = tracesOf(error);
  const message = errorMessage(error).replace(/\s*Troubleshooting URL: \S+\s*$/, '');
  if (status !== undefined && status >= 300) {
    const said =
      body === undefined ? message.replace(new RegExp(`^${status}\\s+`), '') : JSON.stringify({ error: body });
    return httpError({ status, headers, body: said, endpoint: model, secrets: environmentSecrets() });
  }
  if (code !== undefined && /^(E[A-Z]+|UND_ERR_\w+|CERT_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+)$/.test(code)) {
    return networkError(model, code, error);
  }
  const [kind, retryable] = kindOf(error);
  return new RuntimeError(conceal(`${model}: ${message}`, environmentSecrets()), { kind, retryable, cause: error });
}

function kindOf(error: unknown): [RuntimeError['kind'], boolean] {
  if (!(error instanceof Error)) return ['request', false];
  if (error.name === 'TimeoutError') return ['timeout', true];
  if (/fetch failed|connection error|socket hang up/i.test(error.message)) return ['network', true];
  // A client that stumbles over an answer it did not expect.
  if (error instanceof SyntaxError || error instanceof TypeError) return ['response', true];
  return ['request', false];
}

const DEEPEST = 8;

function tracesOf(error: unknown): Traces {
  const traces: Traces = { headers: {} };
  let headers: unknown;
  let current = error;
  for (let depth = 0; depth < DEEPEST && typeof current === 'object' && current !== null; depth++) {
    const response = field(current, 'response');
    const status = [
      field(current, 'status'),
      field(current, 'statusCode'),
      field(response, 'status'),
      field(field(current, '$metadata'), 'httpStatusCode'),
    ].find((value) => typeof value === 'number');
    traces.status ??= status as number | undefined;
    headers ??= field(current, 'headers') ?? field(response, 'headers');
    traces.body ??= field(current, 'error');
    const code = field(current, 'code');
    if (typeof code === 'string') traces.code ??= code;
    current = field(current, 'cause');
  }
  if (typeof headers === 'object' && headers !== null) traces.headers = headers as HeaderSource;
  return traces;
}

/** Values of the environment that are keys by their name. */
function environmentSecrets(): string[] {
  return Object.entries(process.env)
    .filter(([name, value]) => /KEY|TOKEN|SECRET|PASSWORD/i.test(name) && value !== undefined && value.length >= 8)
    .map(([, value]) => value as string);
}
