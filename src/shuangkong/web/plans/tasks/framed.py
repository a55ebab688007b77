"""What every page of tasks is given: the day, who acts, and the neighbouring pages that the person may open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuangkong.records.people.access import Forbidden, may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.site.access import acting_of

#: Address name, label, what a person must be able to do.
TABS = (
    ("tasks:duties", _("今天该办"), Action.TASK_READ),
    ("tasks:board", _("总览"), Action.TASK_READ),
    ("tasks:list", _("列表"), Action.TASK_READ),
    ("tasks:bodies", _("按单位"), Action.TASK_READ),
    ("tasks:judging", _("待审核"), Action.TASK_JUDGE),
    ("tasks:listed", _("挂牌督办"), Action.TASK_READ),
    ("tasks:rectification", _("限期整治"), Action.TASK_READ),
    ("tasks:meetings", _("调度会"), Action.MEETING_READ),
    ("tasks:matters", _("重大情况"), Action.MATTER_READ),
    ("tasks:assign", _("交办"), Action.TASK_ASSIGN),
    ("tasks:register", _("单位沿革"), Action.BODY_CONFIRM),
)


def framed(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Renders a page of tasks."""
    acting = acting_of(request)
    own = {
        "acting": acting,
        "today": timezone.localdate(),
        "tabs": [(name, label) for name, label, action in TABS if may(acting, action)],
    }
    return render(request, template, own | context, status=status)


def at_form(found: Refused) -> Refused:
    """A refusal that the page shows beside what was typed. Who may not do it at all is refused by the site: raises."""
    if isinstance(found, Forbidden):
        raise found
    return found


def refused_status(refusal: Refused | None) -> int:
    """422 where something typed was refused."""
    return 422 if refusal else 200


def day_of(text: str, field: str) -> date | None:
    """A day from a form; None where nothing is said. Raises Refused."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        found = text.strip()[:20]
        raise Refused(
            "TSK-108", f"日期应写成 YYYY-MM-DD，实为“{found}”。", f"Expected YYYY-MM-DD, found “{found}”.", field
        ) from None


def number_of(text: str, field: str) -> Decimal | None:
    """A plain decimal from a form; None where nothing is said. Raises Refused."""
    if not text.strip():
        return None
    try:
        found = Decimal(text.strip().removesuffix("%"))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= 10**15:
        said = text.strip()[:20]
        raise Refused("TSK-109", f"应为一个数，实为“{said}”。", f"Expected a number, found “{said}”.", field)
    return found
