"""他表带入的来源: the unit's accepted returns of other forms that end with a return, and which of them are lacking."""

from __future__ import annotations

from dataclasses import dataclass

from shuangkong.core.period import Period
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.forms import edition_of, ending_with, fits, form_at
from shuangkong.records.reporting.models import Return, Version
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.elsewhere import Accepted, forms_taken
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import State


@dataclass(frozen=True, slots=True)
class Lacking:
    """A form that nothing is taken from; ``state`` of the return of the period, None where the unit owes none."""

    form: Form
    period: Period
    state: State | None


def accepted_beside(form: Form, row: ReturnRow) -> tuple[dict[str, Accepted], tuple[Lacking, ...]]:
    """(form → its accepted return, forms of which none is accepted) for the periods that end with that of a return.

    What was signed and not accepted, or sent back, is none; a correction that waits leaves the version that holds.
    2 queries; none where the form takes nothing from others.
    """
    period, region = Period.parse(row.period), row.reporter.region
    asked = {other.id: (other, when) for other, when in _asked(form, period, region)}
    if not asked:
        return {}, ()
    rows = Return.objects.filter(
        reporter=row.reporter.id, form__in=asked, period__in=ending_with(period)
    ).values_list("form", "period", "state", "pk", "in_force")  # fmt: skip
    held = {(id, when): found for id, when, *found in rows}  # noqa: A001 - the word of the field
    at = {id: held.get((id, str(when))) for id, (_, when) in asked.items()}  # noqa: A001
    wanted = {(found[1], found[2]): id for id, found in at.items() if found is not None and found[2] is not None}  # noqa: A001
    versions = Version.objects.filter(owned__in=[number for number, _ in wanted]).values_list(
        "owned", "number", "edition", "content"
    )
    accepted: dict[str, Accepted] = {}
    for owned, number, edition, content in versions if wanted else ():
        id = wanted.get((owned, number), "")  # noqa: A001
        if id:
            when = asked[id][1]
            law = edition_of(id, edition, when, region)
            accepted[id] = Accepted(law, when, read_canonical(content))
    lacking = [
        Lacking(other, when, None if (found := at[id]) is None else State(found[0]))
        for id, (other, when) in asked.items()  # noqa: A001
        if id not in accepted
    ]
    return accepted, tuple(lacking)


def _asked(form: Form, period: Period, region: str) -> list[tuple[Form, Period]]:
    """Forms that fields begin with, each with its period that ends with this one; those not in force are left out."""
    found = []
    for id in forms_taken(form):  # noqa: A001 - the word of the field
        try:
            other = form_at(id, period, region)
        except Refused:
            continue
        when = next((each for told in ending_with(period) if fits(other, each := Period.parse(told))), None)
        if when is not None:
            found.append((other, when))
    return found
