"""日志: who did what to what, when, on which ground?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.journal import store
from shuangkong.records.journal.anchors import Anchor, anchors
from shuangkong.records.journal.looking import Asked, rows
from shuangkong.records.journal.rows import Written
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.likeness import names_of
from shuangkong.web.people.names import person_names
from shuangkong.web.site.access import needs, seen
from shuangkong.web.site.acts import act_word, acts_to_choose, thing_word
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, near_day, scope_of, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell

#: Rows on a page, and at most in a workbook.
SHOWN, TAKEN = 200, 20_000
#: How much of a text a cell shows: digests are told apart by their beginning.
BRIEF = 24
#: Which page shows what a row speaks of: the first part of the subject → its page.
_PAGES = {"plan": "plans:plan", "body": "plans:body", "task": "tasks:task", "meeting": "tasks:meeting"}
_SUBJECT = re.compile(r"(\w+)/([0-9]{1,18})(?:/|$)")
_BODY = re.compile(r"body/([0-9]{1,18})")


@require_GET
@needs(Action.JOURNAL_READ, shows_past=True)
def journal(request: HttpRequest) -> HttpResponse:
    said = {key: request.GET.get(key, "").strip() for key in ("subject", "person", "act", "day")}
    scope = scope_of(request)
    asked = Asked(
        # A thing is looked up wherever it is: the place kept in the address is where one came from.
        place="" if said["subject"] else registry.paths([scope.place]).get(scope.place, ""),
        subject=said["subject"],
        author=said["person"],
        act=said["act"],
        day=near_day(said["day"]),
        until=scope.as_of,
        before=whole(request.GET.get("before", "")),
    )
    is_taken = "xlsx" in request.GET
    found = rows(asked, seen(request, Action.JOURNAL_READ, "place"), TAKEN if is_taken else SHOWN + 1)
    shown = found if is_taken else found[:SHOWN]
    sequence, digest = store.head()
    return page(
        request,
        "site/journal.html",
        {
            "said": said,
            "acts": acts_to_choose(),
            "sequence": sequence,
            "digest": digest,
            "anchor": _anchor(),
            "older": _older(request, shown[-1]) if len(found) > len(shown) else "",
        },
        {"journal_table": _table(request, shown)},
    )


def _anchor() -> Anchor | None:
    """The newest seal kept; None where the file is not as it was written: ``journal verify`` tells of that."""
    try:
        return next(iter(anchors()[-1:]), None)
    except ValueError:
        return None


def _older(request: HttpRequest, last: Written) -> str:
    words = request.GET.copy()
    words["before"] = str(last.sequence)
    return "?" + words.urlencode()


def _table(request: HttpRequest, found: tuple[Written, ...]) -> Table:
    columns = (
        Column("sequence", _("编号"), is_figure=True),
        Column("at", _("时间")),
        Column("author", _("谁")),
        Column("body", _("代表")),
        Column("act", _("做了什么")),
        Column("subject", _("对什么")),
        Column("before", _("之前")),
        Column("after", _("之后")),
        Column("ground", _("依据、理由")),
        Column("document", _("文件")),
        Column("digest", _("封印")),
    )
    names = _names(found)
    empty = _("没有符合的记录。每一次办理都在这里留一行，不能改写。")
    return Table("journal", _("日志"), columns, tuple(_row(request, row, names) for row in found), empty)


def _names(found: tuple[Written, ...]) -> dict[str, str]:
    """What the people and bodies of some rows are called, by subject (person/li, body/3). 2 queries."""
    subjects = {said for row in found for said in (f"person/{row.author}", row.body, row.subject)}
    people = person_names(each.removeprefix("person/") for each in subjects if each.startswith("person/"))
    bodies = names_of(int(parts[1]) for each in subjects if (parts := _BODY.fullmatch(each)))
    return {f"person/{each}": name for each, name in people.items()} | {
        f"body/{each}": name for each, name in bodies.items()
    }


def _named(names: Mapping[str, str], subject: str, code: str) -> Cell:
    """A name; the workbook, and who stays with the mouse, has the code."""
    return Cell(names.get(subject, code), code, hint=code if subject in names else "")


def _row(request: HttpRequest, row: Written, names: Mapping[str, str]) -> Row:
    at = timezone.localtime(row.at)
    return Row(
        (
            Cell(str(row.sequence), row.sequence),
            Cell(f"{at:%Y-%m-%d %H:%M}", f"{at:%Y-%m-%d %H:%M:%S}"),
            _named(names, f"person/{row.author}", row.author),
            _named(names, row.body, row.body),
            Cell(act_word(row.act), row.act),
            Cell(thing_word(row.subject, names), row.subject, _href(request, row.subject), hint=row.subject),
            _brief(row.before),
            _brief(row.after),
            text_cell(row.ground),
            _brief(row.document),
            _brief(row.digest),
        )
    )


def _brief(text: str) -> Cell:
    """The beginning of a long text; the workbook has the whole."""
    return text_cell(text) if len(text) <= BRIEF else Cell(text[:BRIEF] + "…", text)


def _href(request: HttpRequest, subject: str) -> str:
    parts = _SUBJECT.match(subject)
    if parts is None or parts[1] not in _PAGES:
        return ""
    return link(request, _PAGES[parts[1]], int(parts[2]))
