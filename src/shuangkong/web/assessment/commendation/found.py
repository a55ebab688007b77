"""The commendation that an address names, or the page that says there is none."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from shuangkong.records.assessment.commendation import store
from shuangkong.records.assessment.commendation.rows import CommendationRow
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import scope_of


def commendation_or_404(request: HttpRequest, commendation_id: int) -> CommendationRow:
    """As known on the day that one looks at. Raises Http404, also where the person may not see it."""
    row = store.commendation(commendation_id, scope_of(request).as_of)
    if row is None or not store.may_read(acting_of(request), row):
        raise Http404(commendation_id)
    return row
