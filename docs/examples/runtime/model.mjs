/** Stands in for a model's program: reads a prompt, writes an answer. */
import { text } from 'node:stream/consumers';

const prompt = await text(process.stdin);
const name = /“(.+?)”/.exec(prompt)?.[1] ?? '朋友';
console.log(`你好，${name}！`);
