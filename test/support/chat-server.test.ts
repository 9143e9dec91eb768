import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { type ChatServer, type ChatServerOptions, type Plan, startChatServer } from './chat-server.mjs';

let server: ChatServer | undefined;
afterEach(() => server?.close());

async function start(reply?: ChatServerOptions['reply'] | Plan): Promise<ChatServer> {
  server = await startChatServer({ reply: typeof reply === 'object' ? () => reply : reply });
  return server;
}

const post = (url: string, text = 'hello') =>
  fetch(`${url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: text }] }),
  });

describe('the chat server', () => {
  it('answers as the OpenAI API does', async () => {
    const { url, log, stats } = await start({ text: '你好', usage: { promptTokens: 5, completionTokens: 2 } });
    const response = await post(url);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      object: 'chat.completion',
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: '你好' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
    });
    await expect.poll(() => log[0]?.outcome).toBe('answered');
    expect(log[0]).toMatchObject({ number: 1, attempt: 1, text: 'hello', body: { model: 'm' } });
    expect(stats).toMatchObject({ requests: 1, answered: 1, tokens: 2 });
  });

  it('lists its models, gives its counts, and knows no other path', async () => {
    const { url } = await start();
    expect(await (await fetch(`${url}/models`)).json()).toMatchObject({ data: [{ id: 'test-model' }] });
    expect(await (await fetch(url.replace('/v1', '/stats'))).json()).toMatchObject({ requests: 0 });
    expect((await fetch(`${url}/completions`, { method: 'POST', body: '{}' })).status).toBe(404);
  });

  it('can be told by the content and the attempt what to answer', async () => {
    const { url } = await start(({ text, attempt }, number) =>
      attempt === 1 ? { status: 503, headers: { 'retry-after': '1' } } : `${text} ${attempt} ${number}`,
    );
    expect((await post(url, 'a')).headers.get('retry-after')).toBe('1');
    expect((await post(url, 'b')).status).toBe(503);
    const reply = (await (await post(url, 'a')).json()) as { choices: { message: { content: string } }[] };
    expect(reply.choices[0]?.message.content).toBe('a 2 3');
  });

  it('counts what is open at once', async () => {
    const { url, stats } = await start({ delayMs: 60 });
    const replies = Array.from({ length: 7 }, (_, index) =>
      post(url, String(index)).then((response) => response.text()),
    );
    await expect.poll(() => stats.concurrency).toBe(7);
    await Promise.all(replies);
    await post(url);
    await expect.poll(() => stats.concurrency).toBe(0);
    expect(stats).toMatchObject({ requests: 8, answered: 8, peak: 7 });
  });

  it.each(['cut', 'cut-body', 'end-early'] as const)('breaks the connection: %s', async (fault) => {
    const { url, stats } = await start({ fault, text: 'a'.repeat(1000) });
    await expect(post(url).then((response) => response.text())).rejects.toThrow();
    await expect.poll(() => stats.aborted).toBe(1);
  });

  it.each(['silent', 'silent-body', 'endless', 'drip'] as const)('does not end: %s; closing ends it', async (fault) => {
    const { url, close } = await start({ fault, text: 'a'.repeat(1000) });
    const reply = post(url).then((response) => response.text());
    expect(await Promise.race([reply, new Promise((resolve) => setTimeout(resolve, 100, 'nothing yet'))])).toBe(
      'nothing yet',
    );
    await close();
    server = undefined;
    await expect(reply).rejects.toThrow();
  });

  it('sends any body as it stands', async () => {
    const { url } = await start({ body: '<html>', status: 502, headers: { 'content-type': 'text/html' } });
    const response = await post(url);
    expect([response.status, await response.text()]).toEqual([502, '<html>']);
  });
});

it('runs in a process of its own, with a script', async () => {
  const script = join(tmpdir(), `chat-script-${process.pid}.mjs`);
  writeFileSync(script, 'export default ({ text, attempt }) => ({ text: text + "/" + attempt, delayMs: 1 });');
  const main = fileURLToPath(new URL('./chat-server-main.mjs', import.meta.url));
  const child = spawn(process.execPath, [main, '--reply', script, '--log']);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { url } = JSON.parse(String(line)) as { url: string };
  await post(url, 'x');
  expect(await (await post(url, 'x')).text()).toContain('x/2');
  expect(await (await fetch(url.replace('/v1', '/stats'))).json()).toMatchObject({ requests: 2, answered: 2 });
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
});
