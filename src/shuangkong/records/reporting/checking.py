"""提交前的审核: a return held against the checks of its place, with what is held beside it.

What is not held (peers, evidence of meters) is told as not judged; nothing passes silently.
"""

from __future__ import annotations

from shuangkong.core.period import Period
from shuangkong.records.reporting.earlier import Earlier, earlier
from shuangkong.records.reporting.forms import before, edition_of
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.usual import usual
from shuangkong.records.reporting.values import judged_values
from shuangkong.reporting.checks import Context, Sheet, check_return
from shuangkong.reporting.checks.run import Judgement
from shuangkong.reporting.content import Content
from shuangkong.reporting.forms.model import Form
from shuangkong.rulebook import open_rulebook


def checked(form: Form, content: Content, row: ReturnRow, told: Earlier | None = None) -> Judgement:
    """What the checks of the unit's place find. 2 queries, one where what was told before is given."""
    period = Period.parse(row.period)
    book = open_rulebook()
    layer = book.layer_of(row.reporter.region, period.last_day)
    plan = book.return_checks(layer).plan(form, period.last_day)
    return check_return(plan, sheet_of(form, content), _context(form, row, period, told))


def sheet_of(form: Form, content: Content) -> Sheet:
    """A return as checks see it, derived figures among the told."""
    return Sheet(judged_values(form, content), content.keys)


def _context(form: Form, row: ReturnRow, period: Period, told: Earlier | None) -> Context:
    known = told or earlier(row.reporter.id, form, period)
    region = row.reporter.region
    last, year_ago = (
        None if content is None else sheet_of(edition_of(form.id, content.edition, when, region), content)
        for content, when in ((known.last, before(form, period)), (known.year_ago, period.shifted(-1)))
    )
    return Context(
        day=period.last_day, period=period, last=last, year_ago=year_ago,
        norms=usual(row.reporter.id, form.id, period),
        unit={"industry": row.reporter.industry, "region": region},
    )  # fmt: skip
