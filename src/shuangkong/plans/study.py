"""读、审: what is done with a document once it is open, behind the fence: read it, refuse what is no plan, audit it."""

from __future__ import annotations

from shuangkong.core.finding import Finding
from shuangkong.plans.audit import Catalogue, audit
from shuangkong.plans.document import Document
from shuangkong.plans.intake.refusals import refused
from shuangkong.plans.lexicon import Lexicon
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading import Reading


def read(document: Document, lexicon: Lexicon) -> Reading:
    """The reading of a plan.

    Raises:
        DocumentRefused: PLN-915, there is no numbered chapter or item in the text: it is not a plan of the genre.
    """
    reading = read_plan(document, lexicon)
    if not reading.items:
        start = " ".join(document.text.split())[:20]
        raise refused("PLN-915", document.name, found=f"“{start}…”")
    return reading


def read_and_audit(document: Document, lexicon: Lexicon, catalogue: Catalogue) -> tuple[Reading, tuple[Finding, ...]]:
    """The reading of a plan and what is doubtful about it; raises as ``read`` does."""
    reading = read(document, lexicon)
    return reading, audit(reading, document, catalogue)
