"""他表带入的来源: the unit's accepted returns of other forms that end with a return, and which of them are lacking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shuangkong.core.period import Period
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.forms import edition_of, ending_with, fits, form_at
from shuangkong.records.reporting.models import Return, Version
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.elsewhere import Accepted, forms_taken
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import IN_FORCE, State


class Beside(NamedTuple):
    """The return of another form that ends with this one; ``state`` None where the unit owes none.

    ``number``, ``in_force``: the return and its version that is accepted; None where none is.
    """

    form: Form
    period: Period
    state: State | None = None
    number: int | None = None
    in_force: int | None = None


def accepted_beside(form: Form, row: ReturnRow) -> dict[str, Accepted]:
    """Form → the unit's accepted return of it for the period that ends with that of a return.

    What was signed and not accepted, or sent back, is none; while a correction waits the version that holds stays.
    2 queries; none where the form takes nothing from others.
    """
    held = {(each.number, each.in_force): each for each in returns_beside(form, row) if each.in_force is not None}
    if not held:
        return {}
    versions = Version.objects.filter(owned__in=[number for number, _ in held]).values_list(
        "owned", "number", "edition", "content"
    )
    found: dict[str, Accepted] = {}
    for owned, number, edition, content in versions:
        each = held.get((owned, number))
        if each is not None:
            law = edition_of(each.form.id, edition, each.period, row.reporter.region)
            found[each.form.id] = Accepted(law, each.period, read_canonical(content))
    return found


def lacking_beside(form: Form, row: ReturnRow) -> tuple[Beside, ...]:
    """Forms that a return would begin with, of which none is accepted yet. 1 query, none where it takes nothing."""
    return tuple(each for each in returns_beside(form, row) if each.in_force is None)


def returns_beside(form: Form, row: ReturnRow) -> tuple[Beside, ...]:
    """Every form that fields begin with, as the unit's return of the period stands. 1 query, none where none is."""
    period = Period.parse(row.period)
    asked = tuple(_asked(form, period, row.reporter.region))
    if not asked:
        return ()
    rows = Return.objects.filter(
        reporter=row.reporter.id, form__in=[each.form.id for each in asked], period__in=ending_with(period)
    )
    told = rows.values_list("form", "period", "state", "kept_state", "pk", "in_force")
    held = {
        # What was sent back is doubted: it holds only while a correction of it waits.
        (name, when): (State(state), number, in_force if kept or State(state) in IN_FORCE else None)
        for name, when, state, kept, number, in_force in told
    }
    return tuple(
        each._replace(state=found[0], number=found[1], in_force=found[2])
        if (found := held.get((each.form.id, str(each.period)))) is not None
        else each
        for each in asked
    )


def _asked(form: Form, period: Period, region: str) -> Iterator[Beside]:
    """Forms that fields begin with, each with its period that ends with this one; those not in force are left out."""
    for name in forms_taken(form):
        try:
            other = form_at(name, period, region)
        except Refused:
            continue
        when = next((each for told in ending_with(period) if fits(other, each := Period.parse(told))), None)
        if when is not None:
            yield Beside(other, when)
