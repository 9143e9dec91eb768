"""Writes the .jsonl files beside it: values of the reference implementations that the tests of src/scoring/text are held to.

    python3 -m venv /tmp/venv
    /tmp/venv/bin/pip install rouge_score==0.1.2 nltk==3.10.4 rouge-chinese==1.0.3 rouge==1.0.1 jieba==0.42.1
    /tmp/venv/bin/python test/reference/text/reference.py

english.jsonl     rouge_score, [target, prediction, without stemmer, with stemmer]
characters.jsonl  rouge_score with a tokenizer that gives characters, [target, prediction, values]
sets.jsonl        rouge_chinese on jieba's words and on characters, [target, prediction, by words, by characters]; the last
                  value of each is rouge-l of the `rouge` package, a line a sentence
words.jsonl       jieba, [text, words]
stems.jsonl       NLTK's PorterStemmer in its default mode, [word, stem]

Values are one [precision, recall, f] a type, in the order of TYPES, rounded to 12 decimals. All texts are our own, made
up from the word lists below; seeded, so that the files can be made again.
"""

import json
import logging
import random
from pathlib import Path

import jieba
from nltk.stem.porter import PorterStemmer
from rouge.rouge_score import rouge_l_summary_level
from rouge_chinese import Rouge
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenizers import Tokenizer

TYPES = ["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"]
HERE = Path(__file__).parent
draw = random.Random(20250601)
jieba.setLogLevel(logging.ERROR)

ENGLISH_WORDS = """
a an the of to in on and but or with without from by at is are was were be been has have had not no it its this that
they their we our you your he she his her who which what when where why how all any each every some few many much more
meeting meetings summary summarize summaries summarized summarization model models quantized quantization quantize phone
phones report reported reporting reports release released releasing budget budgets team teams running runs ran run
decide decided decision decisions deciding happily happy happiness enjoy enjoyed enjoyment flies flying fly die dies
dying lies lying news skies sky agree agreed agreement agreeable relational conditional rational valency hesitancy
digitizer conformably radically differently vilely analogously operator feudalism decisiveness hopefulness callousness
formality sensitivity sensibility triplicate formative formalize electricity electrical hopeful goodness revival
allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment dependent adoption
communism activate angularity homologous effective bowdlerize probate rate cease controlled rolling roll falling
filing hopping tanned hissing fizzed sized troubled conflated caresses ponies ties cats feed bled motoring sing
geology theology archaeology fully carefully usefully proceed exceed succeed innings outing cannings howe tied spied
U.S. AI's 2024 3.5 10% don't e-mail state-of-the-art Beijing Größe café naïve YES no! what? (maybe) "quoted" 7 42 1st
""".split()

SUFFIXES = """
s es ed ing er est ly y ies ied ness ful less able ible ment ement ent ant al ally ial ive ively ization ize izer ized
ation ational tional ator alism iveness fulness ousness ality ivity ability ous ously icate ative alize icity ical logy
logi bli alli entli eli ousli ion sion tion ism ist ity ish ence ance ency ancy eed ying
""".split()

ROOTS = """
run hop fall trouble control agree rely happy fly sky tie die enjoy play hope care use relate operate form sense electr
commun adopt depend replace adjust defend irritate infer allow revive geo theo archaeo analog vile radic conform digit
hesit val condition triplic good callous decis feud angul homolog effect bowdler prob cease rate yell buzz miss box
stress add ebb egg off gym syzyg toy by cry 3d mp4 abc123 y yy yyy ox ax
""".split()

SUBJECTS = "项目组 市场部 张经理 客户 供应商 研发团队 王老师 快递员 物业 学校 医院 社区 银行 新员工 李小龙 欧阳锋".split()
TIMES = "今天上午 明天下午3点 本周五 下个月初 昨天晚上 会议结束后 月底之前 １０月２日 春节期间 十点半左右 2024年".split()
VERBS = "讨论了 确认了 推迟了 提交了 检查了 公布了 完成了 取消了 安排了 重新评估了 发送了 整理了 没有批准".split()
OBJECTS = """
新版手机的发布计划 第三季度的预算 量化模型的测试结果 会议室的预订 合同的付款条款 用户反馈的问题清单 服务器迁移方案
培训课程时间表 仓库的库存数据 iPhone15的价格 《红楼梦》读后感 “两会”报道 GPT-4的回答 3.5%的折扣 😀表情包 𠮷野家的菜单
""".split()
TAILS = "并通知所有人 但还没有结论 请尽快回复 费用由公司承担 后续由小李跟进 预计需要两周 效果比预期好 OK 见附件A 需要3-5天 约占5%3成 参考C++和a_1版 AT&T报价1+1元".split()
ENDS = ["。", "！", "？", "；", "……", "。\n", "\n", "～", ". ", "”", ""]


def english_text(length):
    words = [draw.choice(ENGLISH_WORDS) for _ in range(length)]
    return "".join(word + draw.choice([" ", " ", " ", " ", " ", ", ", ".\n", "\n", " - "]) for word in words).strip()


def changed(words, rate, replacement):
    result = []
    for word in words:
        chance = draw.random()
        if chance < rate / 2:
            result.append(replacement())
        elif chance > rate:
            result.append(word)
    for _ in range(draw.choice([0, 0, 1, 3])):
        if result:
            i, j = draw.randrange(len(result)), draw.randrange(len(result))
            result[i], result[j] = result[j], result[i]
    return result


def chinese_text(sentences):
    return "".join(
        draw.choice(TIMES) + draw.choice(SUBJECTS) + draw.choice(VERBS) + draw.choice(OBJECTS) + "，" + draw.choice(TAILS) + draw.choice(ENDS)
        for _ in range(sentences)
    )


def chinese_pair():
    target = chinese_text(draw.choice([1, 1, 2, 3, 5]))
    if draw.random() < 0.2:
        return target, chinese_text(draw.choice([1, 2, 4]))
    return target, "".join(changed(target, draw.choice([0.05, 0.2, 0.5]), lambda: draw.choice(target)))


def english_pair():
    target = english_text(draw.choice([1, 2, 5, 20, 40, 70]))
    if draw.random() < 0.25:
        return target, english_text(draw.choice([1, 3, 15, 40, 66]))
    words = changed(target.split(" "), draw.choice([0.1, 0.3, 0.6]), lambda: draw.choice(ENGLISH_WORDS))
    return target, " ".join(words)


HAND_MADE_ENGLISH = [
    ("", ""), ("", "one"), ("one", ""), ("one", "one"), ("one two", "two one"), ("a a a b", "a b b"), ("...", "!!!"),
    ("the cat sat\non the mat", "on the mat\nthe cat sat"), ("w1 w2 w3 w4 w5", "w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5"),
    ("a b\na b\na b", "a b"), ("a b", "a b\na b\na b"), ("\n\na\n\nb\n", "b\n\na\r\nb"), ("x y x y x", "y x y\nx x"),
    ("中文 only 一个 word", "word 中文"), ("İstanbul KELVIN K", "istanbul kelvin k"), ("dying news flies", "die new fly"),
]  # fmt: skip

HAND_MADE_CHINESE = [
    ("今天开会", "今天开会开会开会"), ("开会", "会开"), ("一", "一"), ("一二三四五\n一二三", "三二一\n五四三二一"), ("你好\n\n世界", "世界\n你好"),
    ("😀😀哈", "哈😀"), ("ＡＢＣ１２３", "ABC123"), ("甲乙甲乙甲\n乙乙", "乙甲乙\n甲甲"),
]  # fmt: skip


class Characters(Tokenizer):
    def tokenize(self, text):
        return [character for character in text if not character.isspace()]


def values(scores):
    return [rounded(scores[name].precision, scores[name].recall, scores[name].fmeasure) for name in TYPES]


def rounded(*numbers):
    return [round(float(number), 12) for number in numbers]


def set_values(target, prediction, tokens):
    """rouge_chinese on the whole texts; it has no summary-level score, so that one is the `rouge` package's."""
    joined = [" ".join(tokens(text)) for text in (target, prediction)]
    scores = Rouge(metrics=["rouge-1", "rouge-2", "rouge-3", "rouge-l"]).get_scores(joined[1], joined[0])[0]
    lines = [[" ".join(tokens(line)) for line in text.split("\n") if line.strip()] for text in (target, prediction)]
    summary = rouge_l_summary_level(lines[1], lines[0])
    every = [scores["rouge-1"], scores["rouge-2"], scores["rouge-3"], scores["rouge-l"], summary]
    return [rounded(one["p"], one["r"], one["f"]) for one in every]


def words_of(text):
    return [word for word in jieba.cut(text) if word.strip()]


def characters_of(text):
    return [character for character in text if not character.isspace()]


def write(name, rows):
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    plain, stemmed = RougeScorer(TYPES), RougeScorer(TYPES, use_stemmer=True)
    pairs = HAND_MADE_ENGLISH + [english_pair() for _ in range(300)]
    write("english.jsonl", [[t, p, values(plain.score(t, p)), values(stemmed.score(t, p))] for t, p in pairs])

    characters = RougeScorer(TYPES, tokenizer=Characters())
    pairs = HAND_MADE_CHINESE + [chinese_pair() for _ in range(200)]
    write("characters.jsonl", [[t, p, values(characters.score(t, p))] for t, p in pairs])

    pairs = [pair for pair in pairs if all(text.strip() for text in pair)]
    write("sets.jsonl", [[t, p, set_values(t, p, words_of), set_values(t, p, characters_of)] for t, p in pairs])
    write("words.jsonl", [[text, words_of(text)] for text in dict.fromkeys(target for target, _ in pairs)])

    stemmer = PorterStemmer()
    letters = "aaeeiioouuyybcdfglmnprstvwxz"
    words = {word.lower() for word in ENGLISH_WORDS if word.isalnum() and word.isascii()}
    words |= {root + suffix for root in ROOTS for suffix in ["", *SUFFIXES]}
    words |= {"".join(draw.choice(letters) for _ in range(draw.randint(1, 9))) for _ in range(1500)}
    words |= {"".join(draw.choice(letters) for _ in range(draw.randint(1, 4))) + draw.choice(SUFFIXES) for _ in range(1500)}
    write("stems.jsonl", [[word, stemmer.stem(word)] for word in sorted(words)])


main()
