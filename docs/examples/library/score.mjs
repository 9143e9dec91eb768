import { score } from 'judgekit';

const result = await score({
  rubric: 'summarization',
  language: 'zh',
  input: '请用一句话概括：因供水管道检修，本周四上午九点到下午四点，三号楼停水，请提前储水。',
  output: '三号楼本周四九点到十六点停水，请提前储水。',
  reference: '本周四三号楼因管道检修停水七小时，请储水。',
});
if (result.value === null) console.log(`unscored: ${result.reason}`);
else console.log(`overall ${result.value.toFixed(1)}`, result.metrics);
