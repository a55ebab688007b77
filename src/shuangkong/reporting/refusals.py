"""填报文件的退回理由: every way in which a typed, pasted or uploaded value cannot be taken; codes are never reused.

A value that is refused is left as it was, and the rest of the file is taken: each finding names one place.
"""

from __future__ import annotations

from shuangkong.core.finding import Finding, Message, Severity

#: code → (severity, Chinese, English); ``{…}`` are filled by the caller. ``{found}`` is what stood there, cut short.
REFUSALS: dict[str, tuple[Severity, str, str]] = {
    "RPT-601": (
        Severity.MUST_FIX,
        "应为数字，实为“{found}”。请只填数，如 1234.5。",
        "Expected a number, found “{found}”. Enter digits alone, such as 1234.5.",
    ),
    "RPT-602": (
        Severity.MUST_FIX,
        "“{found}”是中文数字。请改为阿拉伯数字，如 1234.5。",
        "“{found}” is a number in Chinese characters. Enter digits such as 1234.5.",
    ),
    "RPT-603": (
        Severity.MUST_FIX,
        "“{found}”是科学计数法，可能已丢了位数。请把单元格设为数值格式，填完整的数。",
        "“{found}” is in scientific notation and may have lost digits. Format the cell as a number and enter it whole.",
    ),
    "RPT-604": (
        Severity.MUST_FIX,
        "“{found}”的逗号位置不对：千分位应每三位一个，小数点用“.”。请改正或去掉逗号。",
        "The commas of “{found}” are not where thousands are parted (every three digits), and a decimal point is “.”."
        " Correct or remove them.",
    ),
    "RPT-605": (
        Severity.MUST_FIX,
        "“{found}”带的单位“{unit}”与本栏的“{expected}”不是一类，或没有登记。请按本栏单位填数，不带单位。",
        "“{found}” has the unit “{unit}”, which is not of the kind of “{expected_en}” or not registered. Enter the"
        " number in the unit of the field, without a unit.",
    ),
    "RPT-606": (
        Severity.MUST_FIX,
        "“{found}”只写了万、亿，没有单位：分不清是数还是单位的倍数。请按本栏单位“{expected}”写出完整的数。",
        "“{found}” has 万 or 亿 without a unit, so that it may be read twice. Enter the whole number in"
        " “{expected_en}”.",
    ),
    "RPT-607": (
        Severity.MUST_FIX,
        "“{found}”的小数超过 {expected} 位。本系统不替您舍入：请按 {expected} 位小数填。",
        "“{found}” has more than {expected} decimals. Nothing is rounded for you: enter at most {expected}.",
    ),
    "RPT-608": (
        Severity.MUST_FIX,
        "“{found}”的整数部分超过 {expected} 位。请核对单位和数值。",
        "“{found}” has more than {expected} digits before the point. Check unit and figure.",
    ),
    "RPT-609": (
        Severity.MUST_FIX,
        "本栏不应为负，实为“{found}”。请核对；冲减的数请在说明中写明。",
        "This field is not negative; found “{found}”. Check it; explain what was taken back.",
    ),
    "RPT-610": (
        Severity.MUST_FIX,
        "“{found}”不在可选项中。应为其一：{expected}。",
        "“{found}” is none of the choices. Expected one of: {expected}.",
    ),
    "RPT-611": (
        Severity.MUST_FIX,
        "“{found}”不是一个日期。请写成年-月-日：四位年、两位月、两位日。",
        "“{found}” is no day. Write year-month-day: four, two and two digits.",
    ),
    "RPT-612": (
        Severity.MUST_FIX,
        "“{found}”应为“是”或“否”。",
        "“{found}” should be yes or no.",
    ),
    "RPT-613": (
        Severity.MUST_FIX,
        "文字过长（{found} 字，至多 {expected} 字）或含有控制字符。请删减。",
        "The text is too long ({found} letters, at most {expected}) or has control characters. Shorten it.",
    ),
    "RPT-614": (
        Severity.MUST_FIX,
        "报表没有“{found}”这一栏{near}。请核对栏目地址；表式可能已换版，请重新下载模板。",
        "The form has no field “{found}”{near_en}. Check the address; the form may have a new version: fetch its"
        " template again.",
    ),
    "RPT-615": (
        Severity.NOTICE,
        "本栏由系统计算，填入的 {found} 没有采用，系统算得 {expected}。两者不同时请核对相关各栏。",
        "The system computes this field; {found} was not taken, it comes to {expected}. Where they differ, check the"
        " fields that it rests on.",
    ),
    "RPT-616": (
        Severity.MUST_FIX,
        "行标识“{found}”不能用：应为 1 至 {expected} 个字的一行文字，不含方括号，且不与其他行相同。",
        "“{found}” cannot name a row: expected one line of 1 to {expected} letters without brackets that no other row"
        " has.",
    ),
    "RPT-617": (
        Severity.MUST_FIX,
        "本表至多 {expected} 行，实为 {found} 行。多出的没有采用：请删减或与管理部门联系。",
        "This table takes at most {expected} rows, found {found}. What is beyond was not taken: remove some, or ask"
        " the office.",
    ),
    "RPT-618": (
        Severity.MUST_FIX,
        "应为文字或数值，实为“{found}”。请按接口说明提供。",
        "Expected text or a number, found “{found}”. Give it as the interface says.",
    ),
    "RPT-619": (
        Severity.MUST_FIX,
        "“{name}”是空的，什么都没有读进来。请下载本报表的模板，填好保存后再传。",
        "“{name}” is empty; nothing was read. Fetch the template of this form, fill it in, save it and send it again.",
    ),
    "RPT-620": (
        Severity.MUST_FIX,
        "“{name}”过大：{found}，上限 {expected}。请确认是填好的模板，去掉图片和多余的行。",
        "“{name}” is too large: {found}, at most {expected}. Check that it is the filled template, without pictures"
        " and surplus rows.",
    ),
    "RPT-621": (
        Severity.MUST_FIX,
        "“{name}”打不开：应为 .xlsx 工作簿，内容却是{found}。请下载本报表的模板填写；填好的，用表格软件另存为 .xlsx。",
        "“{name}” cannot be opened: expected an .xlsx workbook, found {found_en}. Fetch the template of this form; save"
        " one that is filled in as .xlsx.",
    ),
    "RPT-622": (
        Severity.MUST_FIX,
        "“{name}”含有宏（程序），为安全起见不接收。请另存为不含宏的 .xlsx。",
        "“{name}” holds macros (programs) and is not taken, for safety. Save it as an .xlsx without macros.",
    ),
    "RPT-623": (
        Severity.MUST_FIX,
        "“{name}”过大或过于复杂：{found}。为安全起见不接收，请重新下载模板填写。",
        "“{name}” is too large or too complex: {found_en}. It is not taken, for safety: fetch the template again and"
        " fill it in.",
    ),
    "RPT-624": (
        Severity.MUST_FIX,
        "“{name}”设有密码。请取消密码再上传。",
        "“{name}” is protected by a password. Remove it and upload again.",
    ),
    "RPT-625": (
        Severity.MUST_FIX,
        "“{name}”不是本系统的模板：找不到模板标记。请下载本报表的模板，把数填进去。",
        "“{name}” is no template of this system: it bears no mark. Fetch the template of this form and fill it in.",
    ),
    "RPT-626": (
        Severity.MUST_FIX,
        "“{name}”是报表“{found}”的模板，本次应报“{expected}”。请换用对应的模板。",
        "“{name}” is the template of the form “{found}”; “{expected}” is expected. Use its template.",
    ),
    "RPT-627": (
        Severity.MUST_FIX,
        "“{name}”是旧版模板（{found}），现行版本是 {expected}。请下载新模板；旧表的数可粘贴到新表。",
        "“{name}” is an outdated template ({found}); the version in force is {expected}. Fetch the new one; figures may"
        " be pasted into it.",
    ),
    "RPT-628": (
        Severity.MUST_FIX,
        "“{name}”是 {found} 的模板，本次应报 {expected}。请核对所属时期。",
        "“{name}” is the template of {found}; {expected} is expected. Check the period.",
    ),
    "RPT-629": (
        Severity.MUST_FIX,
        "“{name}”属于单位 {found}，不是本单位 {expected}。请换用本单位的模板。",
        "“{name}” belongs to {found}, not to {expected}. Use the template of this unit.",
    ),
    "RPT-630": (
        Severity.MUST_FIX,
        "缺少工作表“{expected}”。请不要删除或改名工作表。",
        "The sheet “{expected}” is missing. Do not delete or rename sheets.",
    ),
    "RPT-631": (
        Severity.MUST_FIX,
        "表头已被改动：此处应为“{expected}”，实为“{found}”。为免错位，本工作表没有采用。请用原模板。",
        "The headings were changed: expected “{expected}” here, found “{found}”. Lest figures land elsewhere, this"
        " sheet was not taken. Use the template as it was.",
    ),
    "RPT-632": (
        Severity.MUST_FIX,
        "单元格是错误值“{found}”。请改正公式或直接填数。",
        "The cell is the error “{found}”. Correct its formula or enter the figure.",
    ),
    "RPT-633": (
        Severity.MUST_FIX,
        "文件的表头里应有“{expected}”，实为“{found}”。请用本系统导出的 CSV，保留表头那一行。",
        "A heading should be “{expected}”; found “{found}”. Use the CSV that this system writes and keep its headings.",
    ),
    "RPT-634": (
        Severity.MUST_FIX,
        "“{name}”读不出来：应为逗号分隔的文字（UTF-8 或 GB 18030），内容却是{found}。请填写本系统导出的 CSV 再传。",
        "“{name}” cannot be read: expected text parted by commas (UTF-8 or GB 18030), found {found_en}. Fill in the CSV"
        " that this system writes and save it as .csv.",
    ),
    "RPT-635": (
        Severity.MUST_FIX,
        "第 {found} 行与第 {expected} 行是同一栏，数不知取哪一个。请只留一行。",
        "Lines {found} and {expected} are the same field: which of them counts is unknown. Keep one.",
    ),
    "RPT-636": (
        Severity.MUST_FIX,
        "单元格 {found} 合并了，数归哪一格不清。为免错位，本工作表没有采用。请取消合并，逐格填。",
        "The cells {found} are merged: which of them a figure belongs to is unknown. Lest figures land elsewhere, this"
        " sheet was not taken. Part them and fill in each.",
    ),
    "RPT-640": (
        Severity.MUST_FIX,
        "粘贴的内容太大：{found}，上限 {expected}。请分几次粘贴，或用模板上传。",
        "What is pasted is too large: {found}, at most {expected}. Paste it in parts, or upload the template.",
    ),
    "RPT-641": (
        Severity.MUST_FIX,
        "此处不填（表中画斜线的格子），粘贴的“{found}”没有采用。请核对是否错行错列。",
        "Nothing is entered here; the pasted “{found}” was not taken. Check whether rows or columns have shifted.",
    ),
    "RPT-642": (
        Severity.MUST_FIX,
        "粘贴的内容超出了表的{found}，多出的没有采用。请核对粘贴的起点。",
        "What is pasted reaches beyond the {found_en} of the table; the rest was not taken. Check where it starts.",
    ),
    "RPT-650": (
        Severity.MUST_FIX,
        "名录中没有代码为“{found}”的单位，或不归您填报。请核对代码。",
        "There is no unit “{found}” in the register that you file for. Check the code.",
    ),
    "RPT-651": (
        Severity.MUST_FIX,
        "单位“{found}”出现了两次（第 {expected} 行已有）。请只留一行。",
        "The unit “{found}” stands twice (first in line {expected}). Keep one line.",
    ),
    "RPT-652": (
        Severity.MUST_FIX,
        "没有单位代码。请在“{expected}”栏填写，或删去这一行。",
        "There is no code of a unit. Enter it under “{expected}”, or delete the line.",
    ),
    "RPT-653": (
        Severity.MUST_FIX,
        "“{found}”的草稿是按另一版表式填的，这一家没有采用。请先在它的填表页换到现行表式。",
        "The draft of “{found}” was begun on another edition of the form and this unit was not taken. Move it to the"
        " edition in force on its page first.",
    ),
    "RPT-654": (
        Severity.MUST_FIX,
        "“{found}”不是审核编号。应照“待说明清单”或试算结果写，如 RPT-100；位置也照写。",
        "“{found}” is no number of a check. Write it as the list of what is to be explained has it, such as RPT-100,"
        " and its place too.",
    ),
}  # fmt: skip
_LONGEST_FOUND = 40


def refuse(code: str, place: str, **filled: object) -> Finding:
    """The finding of one refusal at ``place``, which says where in words; long values are cut short."""
    severity, zh, en = REFUSALS[code]
    words = {"near": "", "near_en": "", **{key: _short(value) for key, value in filled.items()}}
    return Finding(code, severity, place, Message(zh.format(**words), en.format(**words)))


def _short(value: object) -> object:
    """Texts from outside on one line and of few letters: a message is for people."""
    if not isinstance(value, str):
        return value
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST_FOUND * 5 else f"{line[:_LONGEST_FOUND]}…"


class FormFileRefused(Exception):
    """A whole file that cannot be taken; ``finding`` says why and what to do next."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.code} {finding.message.zh}")
        self.finding = finding
