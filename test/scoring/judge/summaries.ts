import type { Sample } from '../../../src/task/types.js';

/** A sample with answers of known worth, all written for these tests. */
export interface Judged {
  sample: Sample;
  input: string;
  reference: string;
  /** Right, in other words than the reference. */
  decent: string;
  /** Right, but without most of the points. */
  thin: string;
  /** In good form, with wrong names, numbers and decisions. */
  wrong: string;
}

function judged(id: string, input: string, reference: string, decent: string, thin: string, wrong: string): Judged {
  return { sample: { id, variables: { text: input }, targets: [reference] }, input, reference, decent, thin, wrong };
}

export const summaries: Judged[] = [
  judged(
    'zh-meeting',
    [
      '说话人1：大家好，今天主要定一下社区图书角的事情，一个是地点，一个是时间，还有经费。',
      '说话人2：地点我看过了，一楼活动室东边那间空着，大概三十平，采光也好。就是墙面有点潮，要先刷一下防水。',
      '说话人3：刷防水多少钱？',
      '说话人2：问过了，两千四左右，三天能干完。',
      '说话人1：那行，就定东边那间。时间呢，原来说十月一号开放，来得及吗？',
      '说话人3：有点紧，书架厂家说十月八号才能送到。',
      '说话人1：那就推到十月十五号吧，别再变了。',
      '说话人2：可以。书架一共六组，八千块，加上防水，总共一万零四百。',
      '说话人1：街道批了一万二，够了，剩下的买书。王姐你负责联系厂家，小李盯刷墙，十号之前刷完。',
      '说话人3：嗯嗯，好的，我明天就给厂家打电话。',
      '说话人2：志愿者排班谁来弄？',
      '说话人1：这个还没想好，下次开会再说吧，哎对了，下次会就定九月二十号，还是这个时间。',
    ].join('\n'),
    [
      '概要：会议确定社区图书角设在一楼活动室东侧房间，10月15日开放，总费用10400元。',
      '要点：',
      '1. 墙面受潮，需先做防水，约2400元，三天完成。',
      '2. 因书架10月8日才能送到，开放时间由10月1日推迟到10月15日。',
      '3. 六组书架8000元，连同防水共10400元，街道拨款12000元，余款用于买书。',
      '4. 志愿者排班未定，9月20日再议。',
      '待办：',
      '1. 王姐：联系书架厂家（明天）',
      '2. 小李：负责刷墙防水（10日前）',
    ].join('\n'),
    [
      '概要：大家商定把图书角放在一楼活动室东边的房间，推迟到10月15日开放。',
      '要点：',
      '1. 房间墙面有点潮，要先刷防水，大约2400元，三天刷完。',
      '2. 书架10月8日才送到，所以原定10月1日的开放推到10月15日。',
      '3. 书架六组8000元，加上防水一共10400元，街道批了12000元，剩下的用来买书。',
      '4. 志愿者怎么排班还没想好，9月20日开会再说。',
      '待办：',
      '1. 王姐：明天给书架厂家打电话',
      '2. 小李：10日之前把墙刷完',
    ].join('\n'),
    '概要：会议讨论了社区图书角的地点和时间。\n要点：\n1. 图书角设在活动室。\n待办：无',
    [
      '概要：会议决定把健身房建在三楼西侧会议室，12月1日启用，总费用56000元。',
      '要点：',
      '1. 地面需要铺设地胶，约7700元，两周完成。',
      '2. 跑步机11月20日到货，启用时间提前到12月1日。',
      '3. 四台跑步机48300元，由物业全额承担。',
      '4. 教练人选已定为赵强。',
      '待办：',
      '1. 赵强：采购跑步机（下周）',
      '2. 孙梅：办理营业执照（月底前）',
    ].join('\n'),
  ),
  judged(
    'zh-notice',
    '各位居民：为配合地铁五号线三期施工，幸福路（人民街至解放街段）将于3月12日零时起封闭，预计6月30日恢复通行。封闭期间，17路、305路公交车改走建设路，幸福路南口站和实验小学站暂停使用，乘客可到建设路东口站乘车。沿线商户的车辆凭通行证从北侧便道出入，通行证请于3月8日前到街道办一楼大厅领取，每户限领两张。施工时间为每天早六点到晚十点，夜间不施工。如有疑问，请拨打街道办电话。给您带来不便，敬请谅解。幸福街道办事处，3月1日。',
    '因地铁五号线三期施工，幸福路人民街至解放街段3月12日至6月30日封闭，17路、305路公交改走建设路；沿线商户须在3月8日前到街道办领取通行证，每户限两张。',
    '为配合地铁五号线施工，幸福路（人民街到解放街）从3月12日起封闭，预计6月30日恢复，17路和305路改走建设路，商户请在3月8日前到街道办领通行证，每户两张。',
    '幸福路要施工，请居民注意。',
    '因供热管道检修，和平路从7月20日起封闭到9月15日，42路电车停运，居民可到火车站领取补贴，每人500元。',
  ),
  judged(
    'en-email',
    [
      'From: Dana — Hi all, the supplier of the blue housings, Korvex, told me this morning that they cannot deliver before 14 May because a mould broke. We had planned to start assembly on 6 May.',
      'From: Luis — That is eight days late. Could we use the grey ones for the first batch? We have 1,200 grey housings in stock, enough for the trade fair.',
      'From: Priya — Marketing can live with grey for the fair, but the shop photos must be blue, so please keep 40 units of the first blue delivery for the studio.',
      'From: Dana — Good. Then assembly starts on 6 May with 1,200 grey units, and the blue ones follow from 15 May. Luis, please update the plan by Friday. I will ask Korvex for a discount of 5% for the delay.',
      'From: Luis — Will do. One open point: the manual shows the blue one on its cover. Do we reprint?',
      'From: Priya — I do not know yet, I will ask legal and tell you on Monday.',
    ].join('\n'),
    'Korvex cannot deliver the blue housings before 14 May because of a broken mould, so assembly will start on 6 May with the 1,200 grey housings in stock and the blue ones will follow from 15 May. Marketing accepts grey for the trade fair but needs 40 units of the first blue delivery for photos. Luis updates the plan by Friday, Dana asks Korvex for a 5% discount, and Priya will clarify with legal by Monday whether the manual is reprinted.',
    'A broken mould delays the blue housings from Korvex until 14 May. The team will therefore start assembly on 6 May with 1,200 grey housings from stock, which are fine for the trade fair, and use blue from 15 May; 40 blue units are kept for the photo studio. Luis will update the plan by Friday and Dana will ask for a 5% discount. Whether the manual must be reprinted is open; Priya asks legal and reports on Monday.',
    'There is a delay with a supplier and the team talked about what to do.',
    'Helvar raised its prices for red cables by 30%, so the team cancelled the order of 9,000 units and moved production to Lisbon in August. Finance rejected the budget, Tom will resign, and Anna books 12 hotel rooms for the sales conference in October before the auditors arrive.',
  ),
];
