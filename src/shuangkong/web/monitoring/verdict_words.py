"""有效性的判定，怎么说: a verdict as pages show it, with the sign of doubt where its rule is not verified."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuangkong.monitoring.validity.verdict import Verdict
from shuangkong.rulebook import open_rulebook
from shuangkong.web.site.tables import Cell
from shuangkong.web.site.words import MISSING, spoken


def is_doubted(each: Verdict) -> bool:
    """Whether it was judged by a rule that was not compared with its document."""
    return each.is_valid is not None and each.clause is not None and not each.clause.is_verified


def verdict_cell(each: Verdict) -> Cell:
    word = verdict_word(each)
    return Cell(word, word, is_doubted=is_doubted(each))


def verdict_word(each: Verdict) -> str:
    """Valid, or why not; not judged where nothing can be said."""
    if each.is_valid:
        return _("✓ 有效")
    words = each.words({mark: meaning.name for mark, meaning in open_rulebook().monitoring().marks.meanings.items()})
    said = spoken(words) if words else MISSING
    return said if each.is_valid is None else f"✗ {said}"
