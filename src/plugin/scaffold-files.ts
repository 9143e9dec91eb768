/** What `judge init` writes. All of it is meant to be read, changed and thrown away; comments are in both languages. */

const SCHEMAS = 'node_modules/judgekit/schemas';

/** Files of a task's folder, by name. */
export function taskFiles(id: string, rubric: string): Record<string, string> {
  return {
    'task.yaml': `# yaml-language-server: $schema=../../${SCHEMAS}/task.schema.json
# A task: what the model is asked, and how its answers are scored. Check it with: judge validate plugins/${id}
# 任务：向模型提什么问题，以及如何给回答打分。检查：judge validate plugins/${id}
id: ${id}
title: { en: ${titleOf(id)}, zh: 一句话摘要 }
description:
  en: Say in one sentence what a short text is about.
  zh: 用一句话概括一段短文。
category: text-summarization
# Language of the samples; decides the judge's language and the default tokenizer.
# 样本的语言，决定评委提示词的语言和默认分词方式。
language: zh

# One sample on each line: id, variables for the template, target (the reference answer).
# 每行一个样本：id、模板变量 variables、参考答案 target。
dataset: dataset.jsonl
# Outputs recorded earlier; scored when no runtime is named, so that \`judge --task ${id}\` runs without a model.
# 事先录下的回答；没有指定 runtime 时就给它们打分，这样没有模型也能运行。
recorded: recorded.jsonl
prompt: prompt.hbs

# The rubric that the judge grades by, and the scorers. The first one is the headline.
# 评委依据的评分标准，以及各种打分方式；排在第一的是主指标。
rubric: ${rubric}
scorers:
  - llm-judge
  - rouge: { types: [rouge1, rougeL], tokenizer: jieba }

# generation:
#   maxTokens: 200
#   temperature: 0
`,
    'prompt.hbs': `{{!-- {{name}} is filled in from a sample's variables. 双花括号里的名字会换成样本的变量。 --}}
请用一句话概括下面这段文字，不超过40个字，不要添加原文没有的内容。

文字：
{{text}}
`,
    'dataset.jsonl': jsonLines(
      SAMPLES.map(({ text, target }, index) => ({ id: `${id}-${index + 1}`, variables: { text }, target })),
    ),
    'recorded.jsonl': jsonLines(SAMPLES.map(({ output }, index) => ({ id: `${id}-${index + 1}`, output }))),
  };
}

/** Text of a rubric's file. */
export function rubricFile(id: string): string {
  return `# yaml-language-server: $schema=../${SCHEMAS}/rubric.schema.json
# A rubric: what a judge grades, and what each score means. Check it with: judge validate rubrics/${id}.yaml
# 评分标准：评委评什么，每个分数代表什么。检查：judge validate rubrics/${id}.yaml
id: ${id}
title: { en: ${titleOf(id)}, zh: 一句话摘要 }
role:
  en: You are a careful editor who checks one-sentence summaries against the text.
  zh: 你是一名细心的编辑，负责对照原文检查一句话摘要。
principles:
  - en: Only the text counts; what it does not say is a fault.
    zh: 只以原文为准，原文没有的内容一律算错。

# The numbers that a judge may give, and what they mean. 评委可以给的分数及其含义。
scale:
  min: 1
  max: 10
  anchors:
    "1-2": { en: Unusable., zh: 不能用。 }
    "5-6": { en: "Usable, with a clear weakness.", zh: 能用，但有明显的毛病。 }
    "9-10": { en: Nothing to improve., zh: 无可挑剔。 }

# \`estimate\` names what the built-in baseline measures for a dimension when no judge is set.
# estimate 指没有设置评委时，内置的 baseline 用什么信号估计该维度。
dimensions:
  - id: faithfulness
    title: { en: Faithfulness, zh: 忠实性 }
    description:
      en: Does the text support every statement, down to names and numbers?
      zh: 每句话是否都有原文依据，人名和数字是否无误？
    estimate: faithfulness
  - id: completeness
    title: { en: Completeness, zh: 完整性 }
    description:
      en: Is the one thing in it that a reader must know?
      zh: 读者必须知道的那件事说到了吗？
    estimate: coverage
  - id: conciseness
    title: { en: Conciseness, zh: 简洁性 }
    description:
      en: Is it one sentence without filler?
      zh: 是否只有一句话，没有废话？
    estimate: { length: 2, repetition: 1 }

# judge: the judge gives the overall score; weighted-mean: it is computed from the dimensions.
# judge：由评委给出总分；weighted-mean：由各维度加权计算。
overall: judge
`;
}

/** Files of a project's folder, by path. */
export function projectFiles(name: string): Record<string, string> {
  const id = 'one-sentence-summary';
  const task = Object.entries(taskFiles(id, id)).map(([path, text]) => [`plugins/${id}/${path}`, text]);
  return {
    'judge.config.yaml': `# yaml-language-server: $schema=${SCHEMAS}/config.schema.json
# Defaults of this project; a flag on the command line goes before them.
# 本项目的默认设置，命令行参数优先。
tasks: [${id}]

# The model under test. Without one, recorded outputs are scored. The key is read from OPENAI_API_KEY.
# 被测模型。不设置时给录好的回答打分。密钥从环境变量 OPENAI_API_KEY 读取。
# runtime: openai:qwen2.5-3b-instruct
# baseUrl: http://127.0.0.1:8080/v1

# Who grades: baseline needs no model; a model judge is better. 谁来评分：baseline 不需要模型，用模型当评委更准。
judge: baseline
# judge: openai:qwen-max

output: [report.md]
`,
    ...Object.fromEntries(task),
    [`rubrics/${id}.yaml`]: rubricFile(id),
    'README.md': `# ${name}

An evaluation with judgekit.

    npm install judgekit
    npx judge                # run what judge.config.yaml says
    npx judge validate .     # check everything in here
    npx judge init task NAME # start another task

- \`judge.config.yaml\`: which tasks, which model, which judge
- \`plugins/<task>/\`: a task: prompt, dataset, scorers
- \`rubrics/<rubric>.yaml\`: what a judge grades

## 中文说明

用 judgekit 做的评测。\`npx judge\` 运行 judge.config.yaml 里写的任务；\`npx judge validate .\` 检查所有文件；
\`npx judge init task 名字\` 新建一个任务。任务在 \`plugins/\`，评分标准在 \`rubrics/\`。
`,
    '.gitignore': 'node_modules/\n# Runs and cache of judgekit. judgekit 的运行记录和缓存。\n.judge/\nreport.md\n',
  };
}

const SAMPLES = [
  {
    text: '因电路检修，青杨小区3号楼和4号楼将于本周四上午9点至下午3点停电。停电期间电梯停用，请住户提前充好电，并安排好出行。物业值班电话见各单元公告栏。',
    target: '青杨小区3、4号楼本周四上午9点至下午3点因检修停电，电梯停用。',
    output: '本周四上午9点到下午3点，青杨小区3号楼和4号楼检修停电，电梯停用，请提前准备。',
  },
  {
    text: '部门周五的团建改到下周二，地点不变，还是湖边的烧烤场。报名的同事请在本周日之前在群里回复是否带家属，方便行政统计人数。',
    target: '周五团建改到下周二，地点不变，报名者须在周日前回复是否带家属。',
    output: '团建改到下周二在湖边烧烤场，周日前回复是否带家属。',
  },
  {
    text: '新买的咖啡机用了两周，出咖啡的速度很快，清洗也方便，就是水箱偏小，早上一家人喝要加两次水。客服说下个月会出大水箱的配件，到时可以单独购买。',
    target: '咖啡机快且好洗，但水箱偏小，下个月可单买大水箱配件。',
    output: '这台咖啡机很好用，推荐购买。',
  },
];

function jsonLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

function titleOf(id: string): string {
  const words = id.replaceAll('-', ' ');
  return JSON.stringify(words.charAt(0).toUpperCase() + words.slice(1));
}
