import { writeFileSync, readFileSync } from 'node:fs';
import { test } from 'vitest';
import { judgeMessages, replySchema } from '../../../src/rubric/prompt.js';
import { loadRubric } from '../../../src/rubric/load.js';
import { rubrics } from './rubrics.js';
test('x', async () => {
  const summarization = await loadRubric('/work/main/rubrics/summarization.yaml');
  const zh = { prompt: '请用一句话概括下面的通知。\n通知：因供水管道检修，本周六8:00至18:00，阳光小区1至6号楼停水，请居民提前储水。7号楼不受影响。', references: ['本周六8点到18点，阳光小区1至6号楼因管道检修停水，请提前储水。'] };
  const en = { prompt: 'Summarize in one sentence.\nThe library will close at 5 pm instead of 8 pm from Monday to Wednesday because the heating is being repaired. Books that are due on these days can be returned until Friday.', references: ['The library closes at 5 pm from Monday to Wednesday for heating repairs, and books due then may be returned until Friday.'] };
  const outs: [string, typeof zh, string][] = [
    ['zh', zh, '本周六全天阳光小区停水。'],
    ['zh', zh, '周六8点至18点，1至6号楼停水检修，请提前储水，7号楼正常供水。'],
    ['en', en, 'The library closes three hours early from Monday to Wednesday while its heating is repaired; books due then can come back by Friday.'],
    ['en', en, 'The library is closed until Friday.'],
  ];
  const reqs: unknown[] = [];
  for (const [lang, s, output] of outs) for (const [name, rubric] of [['summarization', summarization], ['pair', rubrics.pair], ['single', rubrics.single]] as const) {
    for (const schema of [false, true]) {
      if (name === 'summarization' && output.startsWith('The library is')) continue;
      reqs.push({ rubric: name, schema, lang, body: { messages: judgeMessages(rubric, lang, { ...s, output }), temperature: 0, max_tokens: 220, ...(schema ? { response_format: { type: 'json_schema', json_schema: { name: 'verdict', strict: true, schema: replySchema(rubric) } } } : {}) } });
    }
  }
  writeFileSync('/tmp/judgeh/requests.json', JSON.stringify(reqs));
  console.log((reqs[0] as any).body.messages[0].content, '\n=====\n', (reqs[0] as any).body.messages[1].content);
  console.log((reqs.find((r: any) => r.lang === 'en') as any).body.messages[0].content);
});
