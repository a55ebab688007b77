"""提交前的审核: a return held against the checks of its place, with what is held beside it."""

from __future__ import annotations

from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.checks.run import Judgement
from shuangkong.reporting.content import Content
from shuangkong.reporting.forms.model import Form

_NOTHING = Judgement((), (), frozenset(), frozenset(), ())


def checked(form: Form, content: Content, row: ReturnRow) -> Judgement:
    """What the checks find. At most 3 queries."""
    return _NOTHING
