"""The consequence that an address names, or the page that says there is none."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from shuangkong.records.assessment.accountability import store
from shuangkong.records.assessment.accountability.rows import ConsequenceRow
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import scope_of


def consequence_or_404(request: HttpRequest, consequence_id: int) -> ConsequenceRow:
    """As known on the day that one looks at. Raises Http404, also where the person may not see it."""
    row = store.consequence(consequence_id, scope_of(request).as_of)
    if row is None or not store.may_read(acting_of(request), row):
        raise Http404(consequence_id)
    return row
