/** Stands in for a model's server: GET /health, POST /generate. Prints its address. */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const server = createServer(async (request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/health') return response.end('{"engine":"stand-in 1.0"}');
  if (request.url !== '/generate') return response.writeHead(404).end('{"error":"no such path"}');
  const { prompt } = await json(request);
  const name = /“(.+?)”/.exec(prompt)?.[1] ?? '朋友';
  const text = `你好，${name}！`;
  response.end(JSON.stringify({ text, tokens: { prompt: prompt.length, completion: text.length } }));
});
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
