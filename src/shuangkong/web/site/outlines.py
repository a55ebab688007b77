"""Where the outlines of regions lie: ``<code>.geojson`` in the operator's folder first, then in the demo's."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def outline_file(code: str) -> Path | None:
    """The outlines of the parts of a region; None where nobody has put any."""
    candidates = (Path(folder) / f"{code}.geojson" for folder in settings.MAP_FOLDERS)
    return next((path for path in candidates if path.is_file()), None)
