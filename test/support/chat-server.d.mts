import type { IncomingHttpHeaders } from 'node:http';

/** What the server was asked; the log keeps one for each request. Times are `performance.now()` of the server. */
export interface LoggedRequest {
  /** From 1, in order of arrival. */
  number: number;
  /** From 1, among the requests with the same messages. Always 1 without a log. */
  attempt: number;
  /** The request's JSON. */
  body: {
    model?: string;
    messages?: { role: string; content: string }[];
    response_format?: unknown;
    [key: string]: unknown;
  };
  headers: IncomingHttpHeaders;
  /** The last message's content. */
  text: string;
  /** The client's port: tells connections apart. */
  remotePort: number;
  receivedAt: number;
  endedAt?: number;
  /** `failed`: answered with a status of 400 or more. `aborted`: the connection ended before the answer did. */
  outcome: 'open' | 'answered' | 'failed' | 'aborted';
}

/** How one request is answered; see the header of chat-server.mjs. */
export interface Plan {
  delayMs?: number;
  text?: string;
  finishReason?: string;
  usage?: { promptTokens: number; completionTokens: number } | null;
  message?: Record<string, unknown>;
  extra?: Record<string, unknown>;
  status?: number;
  error?: unknown;
  headers?: Record<string, string>;
  body?: string;
  fault?: 'cut' | 'cut-body' | 'end-early' | 'endless' | 'silent' | 'silent-body' | 'drip';
  dripMs?: number;
}

export interface ChatServerOptions {
  reply?: (request: LoggedRequest, number: number) => string | Plan | Promise<string | Plan>;
  /** Default: any free one. */
  port?: number;
  /** Default true. */
  keepLog?: boolean;
  /** What `GET /v1/models` lists. */
  models?: string[];
}

export interface ChatServerStats {
  requests: number;
  answered: number;
  failed: number;
  aborted: number;
  /** Requests that are open now, and the most there were at once. */
  concurrency: number;
  peak: number;
  /** Completion tokens handed out. */
  tokens: number;
}

export interface ChatServer {
  /** `http://127.0.0.1:PORT/v1` */
  url: string;
  port: number;
  log: LoggedRequest[];
  stats: ChatServerStats;
  close(): Promise<void>;
}

export declare function startChatServer(options?: ChatServerOptions): Promise<ChatServer>;
