"""Every way in which a policy file can be refused: one table, so that no code is used twice."""

from __future__ import annotations

from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.policyfile.node import Place
from shuangkong.policyfile.refusal_forms import FORM_REFUSALS

#: code → (Chinese, English); ``{…}`` are filled by the caller. Never reuse or renumber a code.
REFUSALS: dict[str, tuple[str, str]] = {
    "POL-001": (
        "不是合法的 YAML：{problem}。请按同目录其他文件的写法改正。",
        "Not valid YAML: {problem}. Write it as the files beside it are written.",
    ),
    "POL-002": (
        "键“{key}”重复，已在第 {first} 行出现。请删去一处。",
        "Key “{key}” stands twice, first in line {first}. Delete one of them.",
    ),
    "POL-003": (
        "未知的键“{key}”{near}。应为以下之一：{known}。",
        "Unknown key “{key}”{near_en}. Expected one of: {known}.",
    ),
    "POL-004": (
        "缺少必填的键“{key}”。请补上后再提交。",
        "The required key “{key}” is missing. Add it.",
    ),
    "POL-005": (
        "“{found}”以 0 开头，YAML 会当作八进制数。编码请加引号，数值请去掉前导 0。",
        "“{found}” has a leading zero, which YAML reads as octal. Quote a code; drop the zeros of a number.",
    ),
    "POL-006": (
        "“{found}”含冒号，YAML 会当作六十进制数。时间或比例请加引号。",
        "“{found}” would be a base-60 number in YAML. Quote a time or a proportion.",
    ),
    "POL-007": (
        "“{found}”不是本系统接受的数值写法。应为整数或小数，如 1000、0.5；文字请加引号。",
        "“{found}” is not a number as written here. Expected digits such as 1000 or 0.5; quote it if it is text.",
    ),
    "POL-008": (
        "“{found}”在 YAML 中会变成真假值。真假只写 true 或 false，文字请加引号。",
        "“{found}” turns into a boolean in YAML. Write true or false; quote it if it is text.",
    ),
    "POL-009": (
        "没有值。缺失、零和不适用是三回事：请填值，或删去这一行。",
        "No value. Missing, zero and not applicable are three things: give a value or delete the line.",
    ),
    "POL-010": (
        "使用了花括号或方括号。请逐行展开书写，逗号在括号内会悄悄变成新的键。",
        "Braces or brackets are used. Write one entry a line: a comma inside braces silently makes a new key.",
    ),
    "POL-011": (
        "使用了锚点、引用或合并“{found}”。请把值写全，每一处都能单独读懂。",
        "An anchor, alias or merge “{found}” is used. Write the value out, so that each place can be read alone.",
    ),
    "POL-012": (
        "使用了标签“{found}”。政策文件不指定程序类型，请删去。",
        "A tag “{found}” is used. Policy files never name program types: delete it.",
    ),
    "POL-013": (
        "“{found}”不是日历上的一天。应写作四位年-两位月-两位日；带时刻的请加引号。",
        "“{found}” is no day of the calendar. Expected year-month-day; quote it if it carries a time.",
    ),
    "POL-014": (
        "文件是空的。请写入内容或删去文件。",
        "The file is empty. Write its content or delete it.",
    ),
    "POL-015": (
        "层次超过 {limit} 层。请拆成几个文件。",
        "Nested deeper than {limit} levels. Split it into several files.",
    ),
    "POL-016": (
        "一个文件里有两份文档（---）。请拆成两个文件。",
        "Two documents (---) in one file. Split them into two files.",
    ),
    "POL-017": (
        "键必须是一个词，此处是{found}。请改用固定的英文键。",
        "A key must be one word, here it is {found_en}. Use one of the fixed English keys.",
    ),
    "POL-018": (
        "应为{expected}，实为“{found}”。请改正。",
        "Expected {expected_en}, found “{found}”. Correct it.",
    ),
    "POL-019": (
        "文件不是 UTF-8 文本：{problem}。请另存为 UTF-8。",
        "The file is not UTF-8 text: {problem}. Save it as UTF-8.",
    ),
    "POL-020": (
        "没有哪个部分读取这个文件。请检查文件夹和文件名。",
        "Nothing reads this file. Check its folder and name.",
    ),
    "POL-021": (
        "来源“{found}”在 sources/ 中找不到{near}。请先登记该文件。",
        "Source “{found}” is not in sources/{near_en}. Register the document first.",
    ),
    "POL-022": (
        "单位“{found}”在 units.yaml 中找不到{near}。请先登记该单位。",
        "Unit “{found}” is not in units.yaml{near_en}. Register the unit first.",
    ),
    "POL-023": (
        "生效期与第 {first} 行重叠。同一天只能有一个值：请给前一个值写上 until。",
        "In force at the same time as line {first}. One value a day: give the earlier one an until.",
    ),
    "POL-024": (
        "止日 {until} 早于起日 {starts}。请核对。",
        "Ends on {until}, before it starts on {starts}. Check both.",
    ),
    "POL-025": (
        "“{found}”不在词汇表中。请用词汇表的词，或先登记到 glossary.yaml。",
        "“{found}” is not in the glossary. Use its words, or enter the word in glossary.yaml first.",
    ),
    "POL-026": (
        "“{found}”已在 {first} 登记，含义将不明确。请保留一处。",
        "“{found}” is already registered at {first}; it would be ambiguous. Keep one.",
    ),
    "POL-027": (
        "本层与“{layer}”层同名，却没有写明 overrides: {layer}。上级规定不能悄悄被改。",
        "The “{layer}” layer has this file too. Say overrides: {layer}: nothing overrides silently.",
    ),
    "POL-028": (
        "写明改写“{layer}”层，但该层没有同名文件。请核对。",
        "Says that it overrides the “{layer}” layer, which has no such file. Check the name.",
    ),
    "POL-029": (
        "写了 verified: true，却没有 checked（核对日期和单位）。请补上，或改为 false。",
        "Says verified: true without checked (day and office). Add it, or say false.",
    ),
    "POL-030": (
        "案例“{name}”不成立：应得 {expected}，实得 {found}。请核对规定或案例。",
        "Case “{name}” fails: expected {expected}, found {found}. Check the rule or the case.",
    ),
    "POL-031": (
        "编码表：{problem}。请对照表头说明改正。",
        "Code list: {problem_en}. Correct it as the declaration beside it says.",
    ),
    "POL-032": (
        "上级层“{found}”不存在，或绕回了自己：{way}。请核对 parent。",
        "The layer above, “{found}”, is not there or leads back to itself: {way}. Check parent.",
    ),
    "POL-033": (
        "需要这个文件，但找不到。请核对政策文件夹是否完整。",
        "This file is needed and is not there. Check that the policy folder is whole.",
    ),
    "POL-034": (
        "旁边没有案例。请写一个 {found}，至少一例，数值取自文件或手算。",
        "No cases beside it. Write {found} with at least one case, its figures from the document or by hand.",
    ),
    "POL-035": (
        "公式第 {column} 个字符附近读不懂。请写成一行算式，如 (a - b) / b，括号成对。",
        "The formula cannot be read near character {column}. Write one line such as (a - b) / b, brackets in pairs.",
    ),
    "POL-036": (
        "公式第 {column} 个字符“{found}”不是半角字符。运算符、括号、数字用半角，名称用小写英文。",
        "Character {column} of the formula, “{found}”, is not plain ASCII. Use half-width signs, English names.",
    ),
    "POL-037": (
        "公式第 {column} 个字符：不支持{what}。{advice}。",
        "Character {column} of the formula: {what_en} is not part of the language. {advice_en}.",
    ),
    "POL-038": (
        "公式太长或嵌套太深：{found}，至多 {limit}。请把中间步骤另写成指标，多项相加用 sum(a, b, c)。",
        "The formula is too long or deep: {found}, at most {limit}. Make its steps indicators; add with sum(a, b, c).",
    ),
    "POL-039": (
        "公式第 {column} 个字符：应为{expected}，实为“{found}”。请改正。",
        "Character {column} of the formula: expected {expected_en}, found “{found}”. Correct it.",
    ),
    "POL-040": (
        "公式用了名称“{found}”，但 inputs 和 parameters 都没有它{near}。请补上或改名。",
        "The formula uses “{found}”, which neither inputs nor parameters have{near_en}. Add or rename it.",
    ),
    "POL-041": (
        "公式第 {column} 个字符：“{left}”按 {left_unit}，“{right}”按 {right_unit}，不能相加减或比较。请核对输入。",
        "Character {column} of the formula: “{left}” is in {left_unit}, “{right}” in {right_unit}; they cannot be added"
        " or compared. Check the inputs.",
    ),
    "POL-042": (
        "公式得出的单位是 {found}，指标的单位是 {expected}。请核对公式、输入或 unit。",
        "The formula yields {found}; the indicator is in {expected}. Check the formula, its inputs or unit.",
    ),
    "POL-043": (
        "公式第 {column} 个字符“{found}”是单位倍数。请删去：单位由 units.yaml 换算，万、亿写在 display。",
        "“{found}” at character {column} of the formula is a multiple of units. Delete it: units.yaml converts, and"
        " display has the printed multiple.",
    ),
    "POL-044": (
        "应有且只有 expression 与 method 之一。请保留一个。",
        "Exactly one of expression and method is needed. Keep one.",
    ),
    "POL-045": (
        "“{found}”没有被公式用到。请删去，或在公式中使用。",
        "The formula does not use “{found}”. Delete it, or use it.",
    ),
    "POL-046": (
        "指标“{found}”不存在{near}。请先为它写一个文件，或改正编号。",
        "There is no indicator “{found}”{near_en}. Write its file first, or correct the id.",
    ),
    "POL-047": (
        "指标互相引用成了圈：{way}。请让其中一个由填报得到，或取上年（shift: year_before）。",
        "Indicators rest on each other in a circle: {way}. Let one be told, or take the year before"
        " (shift: year_before).",
    ),
    "POL-048": (
        "“{found}”不是单位 {unit} 的印刷形式{near}。请改用 units.yaml 中的写法。",
        "“{found}” is no printed form of {unit}{near_en}. Use one of units.yaml.",
    ),
    "POL-049": (
        "“{found}”是一列数（{what}），一行公式不能用。请改用具名方法（method）。",
        "“{found}” is a series ({what}), which a one-line formula cannot use. Use a named method.",
    ),
    "POL-050": (
        "参数“{found}”不存在{near}。请写从层级文件夹起的路径，如 targets/due_share。",
        "There is no parameter “{found}”{near_en}. Write its path below the layer, such as targets/due_share.",
    ),
    "POL-051": (
        "方法“{found}”不存在{near}。应为以下之一：{known}。",
        "There is no method “{found}”{near_en}. Expected one of: {known}.",
    ),
    "POL-052": (
        "案例的 facts 应给出 {expected}，实为 {found}。请逐项给出公式的输入和参数。",
        "The facts of the case should name {expected}, found {found}. Give every input and parameter of the formula.",
    ),
    "POL-053": (
        "“{found}”读不成 {unit} 的数。应为数值（按基本单位）、“数值 单位”、missing、not_applicable 或 suppressed。",
        "“{found}” is no figure in {unit}. Expected a number (in the base unit), “number unit”, missing, not_applicable"
        " or suppressed.",
    ),
    "POL-054": (
        "“{found}”不是同一部分中可以含“其中”项的行{near}。请写表中另一行的 id。",
        "“{found}” is no row of the same part that can have parts{near_en}. Give the id of another row of the table.",
    ),
    "POL-055": (
        "{level} 层的 region 是“{found}”。国家层不写 region；省、市、县层须写适用地区的代码。请核对。",
        "A layer of the level {level} has the region “{found}”. The nation has none; all others name theirs.",
    ),
    "POL-056": (
        "{region} 在同一天有两个层：另一个在 {first}。请给先前的写上 until，或并为一层。",
        "{region} has two layers on one day, the other at {first}. Give the earlier one an until, or make them one.",
    ),
    "POL-057": (
        "本层的地区或生效期超出了上级层“{layer}”。地区须在其内，生效期须被其包含，上级不能是草案。请核对。",
        "This layer reaches beyond the one above, “{layer}”, in place or time, or that is a draft. Check both.",
    ),
    "POL-058": (
        "比“{layer}”层宽：{upper_day} 起上级为 {upper}，本层为 {lower}，只准更{way}。请改正或删去本值。",
        "Laxer than the “{layer}” layer: {upper} from {upper_day} there, {lower} here, may only be {way_en}. Correct"
        " it or delete the value.",
    ),
    "POL-059": (
        "“{layer}”层的值不得放宽，本层在 {starts} 至 {until} 没有值，等于取消。请补上这段的值。",
        "The “{layer}” layer may not be relaxed, and this layer has no value from {starts} to {until}. Enter one.",
    ),
    "POL-060": (
        "这不是草案：layer.yaml 须写 draft: true，并用 parent 写明要改的层。请补上。",
        "This is no draft: its layer.yaml must say draft: true and name, as parent, the layer it would change.",
    ),
    "POL-061": (
        "没有案例触发检查“{found}”。请在 {beside} 的案例里写一个 trips 含它的。",
        "No case trips the check “{found}”. Write one whose trips names it in the cases of {beside}.",
    ),
    "POL-062": (
        "公式逐年取自己的上年数（{way}），生效却早在百年以前，会一直追到无数可取的年份。"
        "请把 from 改为有数可取的第一年。",
        "The formula takes its own year before ({way}) and holds since more than a hundred years ago: it would be"
        " followed to years of which nothing is known. Let from be the first year that has figures.",
    ),
    "POL-063": (
        "没有公式，{found} 又是 none：整体只能由人填报。请用 apart 写明为什么不能由各部分合成（{known}）。",
        "There is no formula and {found} is none: the whole must be told. Say under apart why its parts do not make it"
        " ({known}).",
    ),
    "POL-064": (
        "写了 apart，各部分却能合成整体或另有公式。请删去 apart，或改 in_time、in_space。",
        "There is an apart, yet the parts make the whole or a formula does. Delete it, or change in_time or in_space.",
    ),
    "POL-065": (
        "没有统计范围“{found}”{near}。请先为它在 facts/scopes 写一个文件，或改正编号。",
        "There is no scope “{found}”{near_en}. Write its file in facts/scopes first, or correct the id.",
    ),
    "POL-066": (
        "按行业取的数（sector）要由各行业填报：{found} 不应另有公式，也不再写 span。请改取填报的指标，或删去 span。",
        "What is taken of an industry (sector) is told by it: {found} has no formula then, and no span is written."
        " Take an indicator that is told, or delete span.",
    ),
    **FORM_REFUSALS,
    "POL-073": (
        "检查 {check}：“{found}”不是{expected}{near}。请改正。",
        "Check {check}: “{found}” is not {expected_en}{near_en}. Correct it.",
    ),
    "POL-074": (
        "检查 {check} 在旁边的案例里没有{lacking}。请在 {beside} 补一个案例。",
        "Check {check} has no case beside it that it {lacking_en}. Add one to {beside}.",
    ),
    "POL-075": (
        "检查 {check} 的“{found}”比上级（{upper}）宽，或上级没有写明怎样算更严。下级只能更严：请改正或删去。",
        "“{found}” of check {check} is laxer than the layer above ({upper}), or that does not say which way is"
        " stricter. A lower layer may only be stricter: correct or delete it.",
    ),
    "POL-076": (
        "检查 {check} 必须改正才能上报，而界限“{found}”没有核对过文件。请改为必须说明，或核对后写 verified: true。",
        "Check {check} must be fixed before filing, yet its limit “{found}” has not been held against a document. Let"
        " it ask for an explanation, or verify the limit.",
    ),
    "POL-077": (
        "对照数据“{found}”应写且只写 fact（单位的数据）或 sales（供应单位报表）之一，编号不得重复。",
        "Evidence “{found}” is to name one of fact (the unit's own) and sales (suppliers' returns), its id once.",
    ),
}


def refuse(code: str, place: Place, **filled: object) -> Finding:
    """The finding of one refusal, its message filled in; all of them must be fixed."""
    zh, en = REFUSALS[code]
    return Finding(code, Severity.MUST_FIX, str(place), Message(zh.format(**filled), en.format(**filled)))


def nearness(nearest: str | None) -> dict[str, str]:
    """The words “is it … you mean?” for a message with ``{near}`` and ``{near_en}``; empty where nothing is near."""
    if nearest is None:
        return {"near": "", "near_en": ""}
    return {"near": f"，是否想写“{nearest}”", "near_en": f" (did you mean “{nearest}”?)"}
