/** Deterministic texts for benchmarks, with the lengths of SmartBench's references: median 80 characters, 95th percentile 530. */

const WORDS =
  '今天 会议 决定 项目 进度 需要 调整 客户 反馈 产品 质量 问题 已经 解决 下周 完成 测试 报告 提交 负责 小李 老师 通知 家长 时间 地点 改为 下午 三点 会议室 预算 增加 百分之五 采购 合同 签字 快递 送到 门口 手机 电池 续航 提升 明显 用户 满意 建议 继续 优化 界面 设计 方案 讨论 结果 同意 推迟 发布 版本 修复 错误'.split(
    ' ',
  );

/** Mulberry32: a number from 0 up to 1 at each call, the same sequence for the same seed. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** About `length` characters of Chinese sentences. */
export function text(length, next) {
  const parts = [];
  let size = 0;
  while (size < length) {
    const word = WORDS[Math.floor(next() * WORDS.length)];
    const end = next();
    const part = end < 0.12 ? `${word}，` : end < 0.18 ? `${word}。` : word;
    parts.push(part);
    size += part.length;
  }
  return parts.join('');
}

/** The text with about a fifth of its words replaced: a related answer. */
export function perturbed(original, next) {
  return original.replace(/[^，。]{2}/g, (pair) => (next() < 0.2 ? WORDS[Math.floor(next() * WORDS.length)] : pair));
}

/** Log-normal around a median of 80, cut at 1,200. */
export function referenceLength(next) {
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Math.max(8, Math.min(1200, Math.round(80 * Math.exp(1.15 * normal))));
}
