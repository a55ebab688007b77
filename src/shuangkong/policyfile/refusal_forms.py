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
}
