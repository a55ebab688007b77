"""The decomposition that an address names, or the page that says there is none."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.rows import AssignedShare, DecompositionHead
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import scope_of


def decomposition_or_404(request: HttpRequest, decomposition_id: int) -> DecompositionHead:
    """As known on the day that one looks at. Raises Http404, also where the person may not see it."""
    head = store.decomposition(decomposition_id, scope_of(request).as_of)
    if head is None or not store.may_read(acting_of(request), head):
        raise Http404(decomposition_id)
    return head


def share_or_404(request: HttpRequest, share_id: int) -> tuple[DecompositionHead, AssignedShare]:
    """A share and what it is a share of. Raises Http404, also where the person may not see it."""
    each = store.share(share_id)
    head = store.decomposition(each.decomposition, scope_of(request).as_of) if each else None
    if each is None or head is None or not store.may_read_share(acting_of(request), head, each):
        raise Http404(share_id)
    return head, each
