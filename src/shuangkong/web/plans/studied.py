"""A file read and audited behind the fence, by the rules of today."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from shuangkong.core.finding import Finding
from shuangkong.papers.fence import fenced
from shuangkong.plans.audit import Catalogue
from shuangkong.plans.document import Document
from shuangkong.plans.reading import Reading
from shuangkong.rulebook import open_rulebook

#: Where the child finds what to do with the document.
STUDY = "shuangkong.plans.study:read_and_audit"


@dataclass(frozen=True, slots=True)
class Studied:
    document: Document
    reading: Reading
    findings: tuple[Finding, ...]


def study(name: str, content: bytes) -> Studied:
    """Raises DocumentRefused where the file cannot become a reading."""
    rulebook = open_rulebook()
    lexicon = rulebook.lexicon()
    checks = Catalogue.of(rulebook.checks("plans"), lexicon, timezone.localdate())
    came = fenced(name, content, STUDY, lexicon, checks)
    reading, findings = came.result
    return Studied(came.document, reading, tuple(findings))
