"""方案审核: what is doubtful about a plan. One check a function, one row of words for each in ``policy/``.

The checks serve the drafter before issue and the upper level before approval; nothing here decides, it shows what does
not fit and the arithmetic of it.
"""

from __future__ import annotations

from shuangkong.core.check import Check
from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.plans.audit.catalogue import Catalogue, CatalogueError
from shuangkong.plans.audit.context import Context, Hit
from shuangkong.plans.audit.english import fact_in_english, in_english, sentence_start
from shuangkong.plans.audit.registry import CHECKS
from shuangkong.plans.document import Document
from shuangkong.plans.lexicon import Lexicon
from shuangkong.plans.reading import Reading

__all__ = ["CHECKS", "Catalogue", "CatalogueError", "audit"]

_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}


def audit(reading: Reading, document: Document, catalogue: Catalogue) -> tuple[Finding, ...]:
    """Every finding of every check: the heavy ones first, then by code, then by place in the document.

    Raises:
        CatalogueError: the catalogue and CHECKS do not name the same codes, or a message asks for a field that its
            check does not give.
    """
    _same_codes(catalogue)
    context = Context(reading, document, catalogue)
    found = (
        _finding(catalogue.rows[code], hit, catalogue.lexicon)
        for code, check in CHECKS.items()
        for hit in check(context)
    )
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _same_codes(catalogue: Catalogue) -> None:
    written, coded = set(catalogue.rows), set(CHECKS)
    if written != coded:
        only_rows = ", ".join(sorted(written - coded)) or "—"
        only_code = ", ".join(sorted(coded - written)) or "—"
        raise CatalogueError(
            f"expected the same codes in checks.yaml and CHECKS; only in checks.yaml: {only_rows}; "
            f"only in CHECKS: {only_code}"
        )


def _finding(row: Check, hit: Hit, lexicon: Lexicon) -> Finding:
    facts = hit.facts | {"place": hit.place}
    english = {name: fact_in_english(name, fact, lexicon) for name, fact in facts.items()}
    try:
        message = Message(row.message.zh.format_map(facts), sentence_start(row.message.en.format_map(english)))
    except KeyError as fault:
        raise CatalogueError(
            f"{row.code}: the message asks for {fault}; the check gives {', '.join(sorted(facts))}"
        ) from fault
    ground = Message(hit.ground, in_english(hit.ground, lexicon)) if hit.ground else None
    return Finding(row.code, row.severity, hit.place, message, ground, hit.spans)


def _order(finding: Finding) -> tuple[int, str, int]:
    return _WEIGHT[finding.severity], finding.code, finding.spans[0].start if finding.spans else 0
