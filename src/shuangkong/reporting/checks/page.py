"""检查目录页: docs/reporting-checks.md, drawn from the catalogue and the docstrings of its methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from shuangkong.core.dated import DatedValue
from shuangkong.core.finding import Severity
from shuangkong.reporting.checks import reference
from shuangkong.reporting.checks.catalogue import Catalogue
from shuangkong.reporting.checks.methods import LIMITS, METHODS
from shuangkong.reporting.checks.rule import Rule

SEVERITIES = {
    Severity.MUST_FIX: "必须改正 must fix",
    Severity.MUST_EXPLAIN: "必须说明 must explain",
    Severity.NOTICE: "提示 notice",
}


def checks_page(catalogue: Catalogue) -> str:
    return "\n".join(_page(catalogue)) + "\n"


def _page(catalogue: Catalogue) -> Iterator[str]:
    rules = catalogue.rules.values()
    yield "# 报表审核目录 · Checks of returns"
    yield ""
    yield "由政策文件和代码生成（`shuangkong docs`），请勿手改。"
    yield "Generated from the policy files and the code by `shuangkong docs`; do not edit."
    yield ""
    counts = Counter(rule.severity for rule in rules)
    told = "；".join(f"{SEVERITIES[severity]} {counts[severity]}" for severity in Severity)
    yield f"共 {len(rules)} 项 {len(rules)} checks：{told}。"
    yield ""
    yield "界限后带 * 的依据审核经验，尚未与文件核对，页面上同样注明；下级只能更严（`reporting/stricter`）。"
    yield (
        "Limits marked * rest on practice and have not been held against a document; pages say so too. A lower layer"
        " may only be stricter. A check whose figures or context are lacking is told as not judged, never as passed."
    )
    yield from _methods()
    for family in catalogue.families:
        yield from ("", f"## {family.name.zh} · {family.name.en}", "")
        yield "| 编号 | 轻重 severity | 名称 title | 适用 applies to | 规则 rule | 界限 limits |"
        yield "|---|---|---|---|---|---|"
        for rule in sorted(family.rules, key=lambda each: each.code):
            yield _row(rule)


def _methods() -> Iterator[str]:
    yield from ("", "## 方法 · Methods", "", "| 方法 method | 说明 | 界限 limits |", "|---|---|---|")
    for name, method in METHODS.items():
        words = " ".join((method.__doc__ or "").split())
        limits = "、".join(f"`{limit}`" for limit in sorted(LIMITS.get(name, ()))) or "—"
        yield f"| `{name}` | {_cell(words)} | {limits} |"
    yield from ("", "## 指代 · References", "", "```text", *(reference.__doc__ or "").strip().splitlines(), "```")


def _row(rule: Rule) -> str:
    forms = "、".join(f"`{form}`" for form in rule.forms) or "所有报表 every form"
    where = f"{forms} {rule.table}".strip()
    said = rule.rule or rule.value
    tail = f"（{rule.when}）" if rule.when else ""
    told = f"`{rule.method}`" + (f" `{said}{tail}`" if said else "")
    limits = "；".join(f"{name} {_values(limit.parameter.values)}" for name, limit in rule.limits.items()) or "—"
    title = f"{rule.title.zh}<br>{rule.title.en}"
    return f"| {rule.code} | {SEVERITIES[rule.severity]} | {_cell(title)} | {where} | {_cell(told)} | {_cell(limits)} |"


def _values(values: tuple[DatedValue, ...]) -> str:
    return "、".join(
        f"{value.number:f}{'' if value.is_verified else '*'}（{value.validity.starts} 起）" for value in values
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").strip()
