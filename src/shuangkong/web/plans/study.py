"""What is done with an uploaded file behind the fence: read it, audit it.

Imports no framework: the child starts fast.
"""

from __future__ import annotations

from shuangkong.core.finding import Finding
from shuangkong.plans.audit import Catalogue, audit
from shuangkong.plans.document import Document
from shuangkong.plans.lexicon import Lexicon
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading import Reading


def read_and_audit(document: Document, lexicon: Lexicon, catalogue: Catalogue) -> tuple[Reading, tuple[Finding, ...]]:
    """The reading of a document and what is doubtful about it."""
    reading = read_plan(document, lexicon)
    return reading, audit(reading, document, catalogue)
