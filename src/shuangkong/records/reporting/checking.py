"""提交前的审核: a return held against the checks of its place, with what is held beside it.

What is not held (peers, evidence of meters) is told as not judged; nothing passes silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import batched

from shuangkong.core.period import Period
from shuangkong.records.reporting.beside import context_for, contexts_kept
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.values import judged_values
from shuangkong.reporting.checks import Sheet, check_return
from shuangkong.reporting.checks.run import Judgement
from shuangkong.reporting.content import Content
from shuangkong.reporting.forms.model import Form
from shuangkong.rulebook import open_rulebook

#: Returns whose ground is read at once.
_AT_ONCE = 200


def checked(form: Form, content: Content, row: ReturnRow) -> Judgement:
    """What the checks of the unit's place find. 2 to 3 queries where what it is held against is prepared."""
    period = Period.parse(row.period)
    book = open_rulebook()
    layer = book.layer_of(row.reporter.region, period.last_day)
    plan = book.return_checks(layer).plan(form, period.last_day)
    return check_return(plan, sheet_of(form, content), context_for(form, row))


def checked_many(asked: Sequence[tuple[Form, Content, ReturnRow]]) -> dict[int, Judgement]:
    """Return → the same, of many returns of one period, one a unit: a few queries for all of one edition and place."""
    found: dict[int, Judgement] = {}
    places: dict[tuple[str, str, str], list[tuple[Form, Content, ReturnRow]]] = defaultdict(list)
    for form, content, row in asked:
        places[form.edition, row.period, row.reporter.region].append((form, content, row))
    book = open_rulebook()
    for (_, when, region), some in places.items():
        form, period = some[0][0], Period.parse(when)
        plan = book.return_checks(book.layer_of(region, period.last_day)).plan(form, period.last_day)
        for part in batched(some, _AT_ONCE):
            held = contexts_kept(form, period, [row for *_, row in part])
            for law, content, row in part:
                found[row.id] = check_return(plan, sheet_of(law, content), held[row.id])
    return found


def sheet_of(form: Form, content: Content) -> Sheet:
    """A return as checks see it, derived figures among the told."""
    return Sheet(judged_values(form, content), content.keys, content.not_applicable)
