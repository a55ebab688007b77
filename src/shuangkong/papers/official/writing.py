"""成文: an official paper set and packed."""

from __future__ import annotations

from io import BytesIO

from shuangkong.papers.official import parts
from shuangkong.papers.official.package import repacked
from shuangkong.papers.official.page import describe, dress, open_sheet
from shuangkong.papers.official.paper import Head, Paper
from shuangkong.papers.official.title import one_line


def write_paper(paper: Paper, look: bytes | None = None) -> bytes:
    """The paper as .docx; the same paper is the same bytes.

    ``look`` is an office's own .docx whose sheet, footers and styles are used instead of ours (templates.py).

    Raises:
        TemplateRefused: ``look`` cannot be opened.
    """
    document = open_sheet(look)
    content, issue = paper.content, paper.issue
    if paper.head is Head.RED:
        parts.red_head(document, issue)
    elif paper.head is Head.MINUTES:
        parts.minutes_head(document, issue)
    parts.title(document, content.title, lines_above=0 if paper.head is Head.NONE else 2)
    parts.addressees(document, issue.addressees)
    parts.blocks(document, content.blocks)
    parts.hold_to_signature(document)
    parts.list_of_attachments(document, content.attachments)
    if paper.parties:
        parts.parties(document, paper.parties)
    elif paper.head is not Head.MINUTES:
        parts.signature(document, issue)
    parts.attachment_pages(document, content.attachments)
    parts.closing(document, paper)
    dress(document, paper.basis.labels)
    describe(document, one_line(content.title), issue.issuer, issue.signed_on)
    target = BytesIO()
    document.save(target)
    return repacked(target.getvalue())
