"""哪一份报表: the return that an address names, for whoever may see it, and what the one who looks is to it."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest

from shuangkong.records.people.access import Where, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Reach, reach
from shuangkong.records.reporting import store
from shuangkong.records.reporting.rows import ReturnRow, VersionRow, WindowRow
from shuangkong.web.site.access import acting_of, reached


def return_or_404(request: HttpRequest, number: int, action: Action | None = None) -> ReturnRow:
    """Raises Http404, also where the person may not see it; Forbidden where it may be seen, but not done with."""
    row = store.one(number)
    if row is None:
        raise Http404(number)
    reached(request, row.where, Action.RETURN_READ)
    if action is not None:
        reached(request, row.where, Action.RETURN_READ, action)
    return row


def is_own(row: ReturnRow, by: Acting) -> bool:
    """Whether the person fills it in: as the unit, or as whoever files for it."""
    return may(by, Action.RETURN_FILE, row.where)


def reads_given_alone(by: Acting) -> bool:
    """Whether the person reads no other returns than those that a case gives."""
    return reach(by.role, Action.RETURN_READ) is Reach.GIVEN


def sees_last(row: ReturnRow, period: str, by: Acting) -> bool:
    """Whether the return of the period before is read beside this one by whoever reads this: by all but those who read
    what was given alone, who must have been given that one too. No query for others, else those of ``readable``."""
    if not reads_given_alone(by):
        return True
    asked = Q(reporter=row.reporter.id, form=row.form, period=period)
    return store.count_of(asked & store.readable(by)) > 0


def version_or_404(row: ReturnRow, which: int) -> VersionRow:
    found = store.version(row.id, which)
    if found is None:
        raise Http404(which)
    return found


def own_or_404(request: HttpRequest, number: int) -> ReturnRow:
    """A return that the person fills in. To whoever does not, its draft is not there, whatever else may be seen."""
    row = return_or_404(request, number)
    if not is_own(row, acting_of(request)):
        raise Http404(number)
    return row


def window_or_404(by: Acting, number: int) -> WindowRow:
    """A window of a place that the person sees something of. Raises Http404."""
    found = next(iter(store.windows(Q(pk=number))), None)
    if found is None:
        raise Http404(number)
    is_seen = may(by, Action.RETURN_READ, Where(found.path))
    if not is_seen and not store.returns(store.countable(by) & Q(window=number), count=1):
        raise Http404(number)
    return found
