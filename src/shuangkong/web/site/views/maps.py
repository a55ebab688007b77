"""Sketch maps: the outlines of a region's parts, from files that the operator may replace."""

from __future__ import annotations

import re

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from shuangkong.web.site.outlines import outline_file

_CODE = re.compile(r"[0-9A-Za-z]{2,12}")


@require_GET
@cache_control(private=True, max_age=86400)
def outline(request: HttpRequest, code: str) -> FileResponse:
    """GeoJSON whose features carry ``id`` (region code) and ``name``; 404 where there is none."""
    found = outline_file(code) if _CODE.fullmatch(code) else None
    if found is None:
        raise Http404(code)
    return FileResponse(found.open("rb"), content_type="application/geo+json")
