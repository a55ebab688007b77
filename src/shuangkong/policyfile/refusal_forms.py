"""How a form of reporting can be refused: part of the table of refusals (policyfile.refusal)."""

from __future__ import annotations

#: code → (Chinese, English); as in REFUSALS.
FORM_REFUSALS: dict[str, tuple[str, str]] = {
    "POL-067": (
        "“{found}”不是这张报表的表、行、栏、清单或地址{near}。请改正，或先把它写进报表。",
        "“{found}” is no table, row, column, list or address of this form{near_en}. Correct it, or enter it first.",
    ),
    "POL-068": (
        "栏目互相计算成了圈：{way}。请让其中一栏由填报得到。",
        "Fields are computed of each other in a circle: {way}. Let one of them be told.",
    ),
    "POL-069": (
        "“{layer}”层放宽了上级的报表（{found}）。下级只能增加栏目或更严：请改正或删去。",
        "The “{layer}” layer relaxes the form of the layer above ({found}). A lower layer may add fields or be"
        " stricter: correct or delete it.",
    ),
    "POL-070": (
        "“{found}”是数值栏，行和栏都没有写 unit。请在其一写明单位。",
        "“{found}” takes a figure, and neither its row nor its column has a unit. Give one of them its unit.",
    ),
    "POL-071": (
        "只有增补（additions），上级各层都没有报表“{found}”。请核对文件名，或写成完整的报表（versions）。",
        "There are additions alone, and no layer above has the form “{found}”. Check the name, or write a whole form"
        " (versions).",
    ),
    "POL-072": (
        "栏目 {address} 的单位是 {found}，指标“{indicator}”是 {unit}，数不能直接流入。请改用同单位的指标或栏目。",
        "The field {address} is in {found}, the indicator “{indicator}” in {unit}: the figure cannot flow into it. Use"
        " one of the same unit.",
    ),
    "POL-078": (
        "报表“{found}”和“{other}”都报同一地区的“{indicator}”，没有写明以哪张为准。请在其中一张的这一项写 after:"
        " 列出另一张，只在一张里写。",
        "The forms “{found}” and “{other}” both tell “{indicator}” of a region, and nothing says which stands. Name the"
        " other in after: of this fact, in one of the two.",
    ),
    "POL-079": (
        "报表“{found}”和“{other}”都把同一填报对象的数流入“{indicator}”，后报的会盖掉先报的。请只留一张流入，或改用另一个指标。",
        "The forms “{found}” and “{other}” both tell “{indicator}” of the same reporter: what is told last would"
        " replace the other. Let one of them tell it, or use another indicator.",
    ),
    "POL-081": (
        "报表“{found}”的期限应写 days（期后天数）或 due（月、日，只用于年报，且每年都有这一天）之一。请改正。",
        "The form “{found}” is to say its last day once: days after the period, or due, a month and a day that every"
        " year has, of a form of the year.",
    ),
    "POL-082": (
        "报表“{form}”的栏目 {address} 不能由“{found}”带入：{why}。请改取口径相同的一栏。",
        "The field {address} of the form “{form}” cannot begin with “{found}”: {why_en}. Take one of the same kind.",
    ),
    "POL-080": (
        "检查 {check}：“{found}”和报表“{form}”的数永远不是同一些月份。请改取累计数，"
        "或给本表一方加上 before: 的本年以前各期。",
        "Check {check}: “{found}” and what the form “{form}” tells never cover the same months. Take cumulative"
        " figures, or add the earlier returns of the year (before:) to those of this form.",
    ),
}
