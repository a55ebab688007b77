"""文头: which columns of a plan its head decides."""

from __future__ import annotations

from typing import Any

from shuangkong.plans.reading import Head
from shuangkong.records.registry import store as registry


def head_columns(head: Head) -> dict[str, Any]:
    """Everything but the region."""
    return {
        "title": head.title or head.notice_title or "",
        "doc_no": head.doc_no or "",
        "issuer": head.issuer or "",
        "issued_on": head.issued_on,
        "base_year": head.horizon.base_year,
        "start_year": head.horizon.start_year,
        "end_year": head.horizon.end_year,
    }


def region_columns(head: Head, known: str | None = None) -> dict[str, Any]:
    """The region as printed and as the registry knows it; ``known`` is its code where it is known better."""
    named = registry.find_region(head.region) if head.region and known is None else None
    return {"region_id": known or (named.code if named else None), "region_printed": head.region or ""}
