/**
 * ROUGE-1, ROUGE-2 and ROUGE-L against the js-rouge package, on Chinese texts and perturbed copies of them.
 * Both get characters as tokens and one sentence a text, so that both do the same work; their F values are compared first.
 *
 *   npm run build && node bench/rouge.mjs
 */
import { l, n } from 'js-rouge';
import { rougeScores } from '../dist/src/scoring/text/rouge.js';
import { loadTokenizer } from '../dist/src/scoring/text/tokenize.js';

const PAIRS = 12;
const ROUNDS = 7;
const TYPES = ['rouge1', 'rouge2', 'rougeL'];
const BARS = { 300: 40, 3000: 100 };

/** mulberry32: the same texts on every machine. */
function randomSource(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = randomSource(20250601);
const pick = (items) => items[Math.floor(random() * items.length)];

const SUBJECTS =
  '项目组 市场部 张经理 客户 供应商 研发团队 王老师 快递员 物业 学校 医院 社区 银行 测试同学 新员工'.split(' ');
const TIMES = '今天上午 明天下午三点 本周五 下个月初 昨天晚上 会议结束后 月底之前 上周二 春节期间 十点左右'.split(' ');
const VERBS = '讨论了 确认了 推迟了 提交了 检查了 公布了 完成了 取消了 安排了 重新评估了 发送了 整理了'.split(' ');
const OBJECTS =
  '新版手机的发布计划 第三季度的预算 量化模型的测试结果 会议室的预订 合同的付款条款 用户反馈的问题清单 服务器的迁移方案 培训课程的时间表 仓库的库存数据 体检报告'.split(
    ' ',
  );
const TAILS =
  '并通知所有人 但还没有结论 请尽快回复 费用由公司承担 后续由小李跟进 预计需要两周 效果比预期好 细节见附件'.split(' ');

function writeText(length) {
  let text = '';
  while (text.length < length) {
    text += `${pick(TIMES)}${pick(SUBJECTS)}${pick(VERBS)}${pick(OBJECTS)}，${pick(TAILS)}${pick(['。', '！', '；'])}`;
  }
  return text.slice(0, length);
}

/** One character in six is changed, dropped or followed by another. */
function perturb(text) {
  const alphabet = text;
  return [...text]
    .map((character) => {
      const chance = random();
      if (chance < 0.06) return pick(alphabet);
      if (chance < 0.11) return '';
      return chance < 0.16 ? character + pick(alphabet) : character;
    })
    .join('');
}

const characters = (text) => Array.from(text);
const whole = (text) => [text];

function peer(target, prediction) {
  return [
    n(prediction, target, { n: 1, tokenizer: characters }),
    n(prediction, target, { n: 2, tokenizer: characters }),
    l(prediction, target, { tokenizer: characters, segmenter: whole }),
  ];
}

function ours(target, prediction, tokenizer) {
  const scores = rougeScores([target], prediction, { types: TYPES, tokenizer });
  return TYPES.map((type) => scores[type].f);
}

/** Microseconds a pair; the work is repeated until it has taken 60 ms. */
function time(pairs, work) {
  const start = performance.now();
  let repeats = 0;
  let elapsed = 0;
  do {
    for (const [target, prediction] of pairs) work(target, prediction);
    repeats++;
    elapsed = performance.now() - start;
  } while (elapsed < 60);
  return (elapsed * 1000) / (repeats * pairs.length);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value) => value.toFixed(value < 100 ? 1 : 0).padStart(9);

const before = performance.now();
await loadTokenizer('jieba');
console.log(`jieba loaded in ${(performance.now() - before).toFixed(0)} ms\n`);
console.log('characters   js-rouge    ours char   ours jieba   (µs a pair)   ratio   bar');

let failed = false;
for (const length of [80, 300, 1000, 3000]) {
  const pairs = Array.from({ length: PAIRS }, () => {
    const target = writeText(length);
    return [target, perturb(target)];
  });
  for (const [target, prediction] of pairs) {
    const theirs = peer(target, prediction);
    const own = ours(target, prediction, 'char');
    if (own.some((f, i) => Math.abs(f - theirs[i]) > 1e-9)) throw new Error(`different values: ${own} and ${theirs}`);
  }
  const rounds = Array.from({ length: ROUNDS }, () => ({
    peer: time(pairs, peer),
    char: time(pairs, (target, prediction) => ours(target, prediction, 'char')),
    jieba: time(pairs, (target, prediction) => ours(target, prediction, 'jieba')),
  }));
  const ratio = median(rounds.map((round) => round.peer / round.char));
  const bar = BARS[length];
  if (bar !== undefined && ratio < bar) failed = true;
  const columns = ['peer', 'char', 'jieba'].map((name) => rounded(median(rounds.map((round) => round[name]))));
  console.log(
    `${String(length).padStart(10)}  ${columns.join('    ')}                ${ratio.toFixed(0).padStart(5)}x  ${bar === undefined ? '' : `${bar}x`}`,
  );
}
process.exitCode = failed ? 1 : 0;
