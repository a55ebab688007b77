"""方案审核的查全率: the audit against the hand-made checks of the real plans (needs SHUANGKONG_SHARED or /work/shared).

    .venv/bin/python bench/audit_recall.py [FOLDER WITH plans/]

Lists each hand-made check that does not hold, the finding that matches it best, and the recall. A finding matches when
it stands at the same place and shares a figure, a quotation or words with the check, or shares two figures
anywhere, or two places.
"""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shuangkong.core.finding import Finding, Severity
from shuangkong.plans.audit import Catalogue, audit
from shuangkong.plans.intake import open_document
from shuangkong.plans.reader import read_plan
from shuangkong.rulebook import open_rulebook

SHARED = Path(os.environ.get("SHUANGKONG_SHARED", "/work/shared"))
#: What the annotators call a matter of content, not of number, unit, date, numbering, name or contradiction.
CONTENT_ONLY = re.compile("责任单位与内容对应")
_PLACE = re.compile("[一二三四五六七八九十]?（[一二三四五六七八九十]+）[0-9]?|附件[0-9]")
_FIGURE = re.compile(r"20\d\d—20\d\d|(?<![\d.])(?!20\d\d(?!\d))\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Recall:
    """One plan: the checks that do not hold with what matches each, and the findings that must be fixed."""

    plan: str
    matches: tuple[tuple[str, Finding | None], ...]
    must_fix: tuple[Finding, ...]
    false_alarms: tuple[Finding, ...]

    @property
    def share(self) -> float:
        return sum(found is not None for _, found in self.matches) / max(1, len(self.matches))


def places(text: str) -> set[str]:
    found = set(_PLACE.findall("".join(text.split())))
    for first, last in re.findall("附件([0-9])[—、]([0-9])", text):
        found |= {f"附件{number}" for number in range(int(first), int(last) + 1)}
    for listed in re.findall("附件((?:[0-9]、?)+)", text):
        found |= {f"附件{number}" for number in re.findall("[0-9]", listed)}
    return found


def figures(text: str) -> set[str]:
    """Numbers that say something: two digits or more, or a fraction; lone years left out."""
    return {each for each in _FIGURE.findall(text) if len(each) > 1}


def words(text: str) -> set[str]:
    plain = re.sub("[^\u4e00-\u9fff]", " ", text)
    return {run[i : i + 3] for run in plain.split() for i in range(len(run) - 2)}


def quoted(text: str) -> set[str]:
    return set(re.findall("“([^“”]{2,12})”", text))


def likeness(check: str, finding: Finding) -> int:
    """How much a finding speaks of what a check speaks of; 0 where it does not match."""
    said = " ".join((finding.place, finding.message.zh, finding.ground.zh if finding.ground else ""))
    shared, common = figures(check) & figures(said), words(check) & words(said)
    spots = places(check) & places(said)
    quotes = {each for each in quoted(check) if each in said} | {each for each in quoted(said) if each in check}
    nearby = bool(spots) or not places(check)
    if not (len(shared) >= 2 or (nearby and (shared or quotes or len(common) >= 2)) or len(spots) >= 2):
        return 0
    return 1 + sum(map(len, shared)) + 3 * len(quotes) + len(common) + len(spots)


def best(check: str, findings: tuple[Finding, ...]) -> Finding | None:
    found = max(findings, key=lambda each: likeness(check, each), default=None)
    return found if found and likeness(check, found) else None


def recall_of(text: Path, gold: Path) -> Recall:
    """Audits one plan and holds the findings against its hand-made checks."""
    rules = open_rulebook()
    document = open_document(text.name, text.read_bytes())
    findings = audit(
        read_plan(document, rules.lexicon()),
        document,
        Catalogue.of(rules.checks("plans"), rules.lexicon(), date(2026, 1, 1)),
    )
    checks = json.loads(gold.read_text(encoding="utf-8"))["internal_checks"]
    failing = [f"{one['relation']} {one['detail']}" for one in checks if not one["holds"]]
    failing = [one for one in failing if not CONTENT_ONLY.search(one)]
    must_fix = tuple(one for one in findings if one.severity is Severity.MUST_FIX)
    return Recall(
        plan=text.stem,
        matches=tuple((one, best(one, findings)) for one in failing),
        must_fix=must_fix,
        false_alarms=tuple(one for one in must_fix if not any(likeness(check, one) for check in failing)),
    )


def recalls(shared: Path = SHARED) -> list[Recall]:
    """One Recall a plan; empty where the plans are not there."""
    gold = sorted((shared / "plans" / "gold").glob("*.json"))
    return [recall_of(shared / "plans" / f"{each.stem}.txt", each) for each in gold]


def main() -> int:
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    found = recalls(shared)
    if not found:
        print(f"{shared}: expected plans/gold/*.json, found none")
        return 2
    for each in found:
        alarms = f"must_fix {len(each.must_fix)}, of them false {len(each.false_alarms)}"
        print(f"\n{each.plan}: recall {each.share:.2f} of {len(each.matches)}, {alarms}")
        for check, finding in each.matches:
            shown = f"{finding.code} {finding.message.zh[:90]}" if finding else "—"
            print(f"  {'✓' if finding else '✗'} {check[:70]}\n      → {shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
