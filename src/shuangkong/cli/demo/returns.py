"""虚构的联网直报: windows of the city, units of the county that file months: explanations, returns, a correction, a
case of verification and one of fraud.

What was filed is invented. Months are counted back from that of the build, last days from its day; those of a form
that tells the month beside the sum since January are never a January, of which the two are one figure. Every act goes
through the functions by which the pages record it, as the person who may do it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from shuangkong.cli.demo.cast import Cast, lines
from shuangkong.cli.demo.many import take_many
from shuangkong.cli.demo.playing import GROUND
from shuangkong.core.period import Period
from shuangkong.records.people.acting import Acting
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import name_reporter
from shuangkong.records.registry.enterprises.identifiers import identify
from shuangkong.records.registry.enterprises.rows import System
from shuangkong.records.registry.models import Enterprise, EnterpriseIdentifier
from shuangkong.records.registry.tree import path_of
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.checking import checked
from shuangkong.records.reporting.drafting import ToSave, draft_content, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.models import Draft, Reporter, Return, Window
from shuangkong.records.reporting.register import StaffKind, ToName, name_staff
from shuangkong.records.reporting.rows import finding_key
from shuangkong.records.reporting.store import one, version
from shuangkong.records.reporting.verification.bodies import enter, register_body
from shuangkong.records.reporting.verification.cases import act_on_case, newest_case, open_case
from shuangkong.records.reporting.verification.known import Known
from shuangkong.records.reporting.verification.models import VerificationBody
from shuangkong.records.reporting.windows import open_window
from shuangkong.reporting.content import Entry, figure, words
from shuangkong.reporting.life import EventKind
from shuangkong.reporting.verification.standing import Event as CaseEvent
from shuangkong.reporting.verification.standing import EventKind as CaseKind

_YEAR = 12
#: Of the month and of the year so far in one return; other forms of the same months go with it.
_SUMMED = "output_value"


def open_for_filing(folder: Path, by: Acting) -> None:
    """Gives enterprises that file the body their people act for, and the number that the statistics know them by."""
    for name, unit in {line["enterprise"]: line["unit"] for line in lines(folder / "units.csv")}.items():
        found = Enterprise.objects.filter(name=name).first()
        if found is None:
            continue
        if found.body_id is None:
            name_reporter(found.pk, by, GROUND)
        if not EnterpriseIdentifier.objects.filter(system=System.ENERGY, value=unit).exists():
            identify(found.pk, System.ENERGY, unit, by, GROUND)


def take_returns(folder: Path, cast: Cast) -> None:
    """Opens the windows and plays every step; once."""
    if Window.objects.exists():
        return
    with transaction.atomic():
        told = list(lines(folder / "windows.csv"))
        months = months_of(told, cast.today)
        windows = {line["key"]: _opened(line, months[line["key"]], cast) for line in told}
        for line in lines(folder / "units.csv"):
            reporter = Reporter.objects.get(kind="unit", code=line["unit"])
            person = ToName(kind=StaffKind(line["kind"]), name=line["name"], post=line["post"])
            name_staff(reporter.pk, person, cast.named("office"))
        for line in lines(folder / "verifiers.csv"):
            _register(line, cast.named("statistics"))
        for line in lines(folder / "steps.csv"):
            number = Return.objects.get(window=windows[line["window"]], reporter__code=line["unit"]).pk
            _step(number, line, cast.named(line["who"]))
        take_many(folder, windows, cast)


def months_of(windows: Iterable[Mapping[str, str]], today: date) -> dict[str, str]:
    """Key of a window → its month, counted back from that of a day. Where that of the form with sums is a January, it
    and what stands beside it are of the December before."""
    told = list(windows)
    stepped = {line["month"] for line in told if line["form"] == _SUMMED}
    found = {}
    for line in told:
        at = today.year * _YEAR + today.month - 1 - int(line["month"])
        year, month = divmod(at - (line["month"] in stepped and at % _YEAR == 0), _YEAR)
        found[line["key"]] = f"{year}-{month + 1:02d}"
    return found


def _opened(line: Mapping[str, str], month: str, cast: Cast) -> int:
    due = cast.today + timedelta(days=int(line["due"])) if line["due"] else None
    city = cast.named("city")
    return open_window(line["form"], month, city.region, city, due, is_demo=True)


def _step(number: int, line: dict[str, str], by: Acting) -> None:
    match line["step"]:
        case "fill":
            cells = dict(each.split("=") for each in line["cells"].split())
            save(number, by, ToSave(entries={address: _entry(text) for address, text in cells.items()}))
        case "explain":
            save(number, by, ToSave(explained=dict.fromkeys(_doubts(number), line["text"])))
        case "sign" | "correct":
            submit(number, by, ToSubmit(ground=line["text"]))
        case "verify":
            row = one(number)
            told = version(number, row.standing.version) if row else None
            open_case(
                number, by, line["text"], tuple(dict.fromkeys(each.code for each in told.findings)) if told else ()
            )
        case "case":
            _on_case(number, line, by)
        case _:
            act(number, by, EventKind(line["step"]), Said(line["text"], verdicts=_accepted(number)))


def _register(line: dict[str, str], by: Acting) -> None:
    """A body that verifies: where it stands, for what it is qualified, and for which body its people act."""
    registry.name_bodies(line["region"], [line["body"]])
    number = register_body(line["code"], line["name"], path_of(line["region"]), by, line["ground"])
    qualified = {"from": line["from"], "sectors": line["sectors"]}
    enter(number, Known.QUALIFICATION, qualified, by, line["ground"])
    enter(number, Known.ACTING, {"body": line["body"], "from": line["from"]}, by, line["ground"])


def _on_case(number: int, line: dict[str, str], by: Acting) -> None:
    """What happens to the case that was opened on a return; ``cells`` is the kind, who was there on a visit, whom the
    registered body sends or it is handed over to, and the document after "=" where there is one."""
    case = newest_case(number)
    assert case is not None
    told, _, document = line["cells"].partition("=")
    kind, *people = told.split()
    given = VerificationBody.objects.earliest("pk").pk if kind == CaseKind.ASSIGN else None
    event = CaseEvent(
        CaseKind(kind), timezone.localdate(), line["text"], document.strip(), people=tuple(people), body=given
    )
    act_on_case(case.id, by, event)


def _entry(text: str) -> Entry:
    plain = text.replace(".", "", 1)
    return figure(Decimal(text)) if plain.isdigit() and plain.isascii() else words(text)


def _doubts(number: int) -> list[str]:
    """What the draft must explain."""
    row = one(number)
    assert row is not None
    content = draft_content(row, Draft.objects.get(owned=number))
    form = edition_of(row.form, content.edition, Period.parse(row.period), row.reporter.region)
    return [
        finding_key(each.code, each.place)
        for each in checked(form, content, row).findings
        if each.severity == "must_explain"
    ]


def _accepted(number: int) -> dict[int, bool]:
    """Every explanation of the version that waits holds."""
    row = one(number)
    told = version(number, row.standing.version) if row else None
    return {each.id: True for each in told.findings if each.explanation} if told else {}
