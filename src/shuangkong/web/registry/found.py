"""The enterprise that an address names, or the page that says there is none; and what a form says one is."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest

from shuangkong.core.source_code import number_of
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.enterprises import store
from shuangkong.records.registry.enterprises.rows import EnterpriseRow, ParticularsRow
from shuangkong.web.site.access import reached
from shuangkong.web.site.scope import scope_of


def enterprise_or_404(request: HttpRequest, source: str, action: Action | None = None) -> EnterpriseRow:
    """An enterprise that the person may see, as it was on the day that the address asks for.

    Raises:
        Http404: there is none, or the person may not see it.
        Forbidden: the person may, but not do ``action``.
    """
    row = store.enterprise(number_of(source), scope_of(request).as_of)
    if row is None:
        raise Http404(source)
    reached(request, store.where_is(row), Action.ENTERPRISE_READ, action)
    return row


def particulars_of(form: Mapping[str, str]) -> ParticularsRow:
    """What a form says that an enterprise is."""
    said = {key: form.get(key, "").strip() for key in ("name", "region", "credit_code", "industry")}
    return ParticularsRow(said["name"], said["region"], said["credit_code"], said["industry"])
