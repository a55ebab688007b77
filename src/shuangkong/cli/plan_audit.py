"""方案审核的输出: what `plan audit` prints, Chinese first; ``english`` switches, ``as_json`` is for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.plans.audit import Catalogue, audit
from shuangkong.plans.document import Document
from shuangkong.plans.reading import Reading
from shuangkong.rulebook import Rulebook, open_rulebook

_SEVERITIES = {
    Severity.MUST_FIX: Message("必须改正", "must be fixed"),
    Severity.MUST_EXPLAIN: Message("必须说明", "must be explained"),
    Severity.NOTICE: Message("提示", "to note"),
}


def run_audit(
    reading: Reading,
    document: Document,
    *,
    as_json: bool = False,
    english: bool = False,
    rulebook: Rulebook | None = None,
) -> int:
    """Audits a reading with the catalogue in force today and prints the findings.

    Returns:
        The exit code: 1 where something must be fixed, else 0.
    """
    rules = rulebook or open_rulebook()
    catalogue = Catalogue.of(rules.checks("plans"), rules.lexicon(), datetime.now(UTC).astimezone().date())
    findings = audit(reading, document, catalogue)
    if as_json:
        entries = [as_entry(number, finding, catalogue, document) for number, finding in enumerate(findings, 1)]
        print(json.dumps(entries, ensure_ascii=False, indent=1))
    else:
        print("\n".join(as_lines(findings, catalogue, document, english=english)))
    return int(any(finding.severity is Severity.MUST_FIX for finding in findings))


def as_entry(number: int, finding: Finding, catalogue: Catalogue, document: Document) -> dict[str, Any]:
    """One finding for a program: numbered, both languages, spans as ``[start, end]``, its first quotation."""
    title = catalogue.rows[finding.code].title
    return {
        "number": number,
        "code": finding.code,
        "severity": finding.severity.value,
        "place": finding.place,
        "title": {"zh": title.zh, "en": title.en},
        "message": {"zh": finding.message.zh, "en": finding.message.en},
        "ground": {"zh": finding.ground.zh, "en": finding.ground.en} if finding.ground else None,
        "spans": [[span.start, span.end] for span in finding.spans],
        "quote": finding.spans[0].of(document.text) if finding.spans else None,
    }


def as_lines(
    findings: tuple[Finding, ...], catalogue: Catalogue, document: Document, *, english: bool = False
) -> list[str]:
    """The findings for a person, heaviest first, each with its line in the document and its arithmetic."""

    def say(message: Message) -> str:
        return message.en if english else message.zh

    counts = {each: sum(finding.severity is each for finding in findings) for each in Severity}
    summary = ("; " if english else "，").join(f"{say(_SEVERITIES[each])} {count}" for each, count in counts.items())
    head = f"{document.name}: {len(findings)} findings" if english else f"{document.name}：{len(findings)} 处"
    lines = [f"{head} ({summary})" if english else f"{head}（{summary}）"]
    for number, finding in enumerate(findings, 1):
        line = document.text.count("\n", 0, finding.spans[0].start) + 1 if finding.spans else None
        where = f"  line {line}" if english else f"  第{line}行"
        title = say(catalogue.rows[finding.code].title)
        lines.append("")
        lines.append(f"{number}. [{say(_SEVERITIES[finding.severity])}] {finding.code} {title}{where if line else ''}")
        lines.append(f"   {say(finding.message)}")
        if finding.ground:
            lines.append(f"   {'Ground' if english else '依据'}: {say(finding.ground)}")
    return lines
