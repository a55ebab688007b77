"""Where static files come from and how their addresses change when they do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.storage import FileSystemStorage, Storage

#: address under static/ → file under node_modules/: only what a page loads, never a whole library.
LIBRARIES = {"echarts/echarts.min.js": "echarts/dist/echarts.min.js"}


class LibraryFinder(BaseFinder):
    """Browser libraries that npm brought, from the folder in ``settings.LIBRARIES_ROOT``."""

    def check(self, **_: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        source = LIBRARIES.get(path)
        found = str(Path(settings.LIBRARIES_ROOT) / source) if source else None
        if found is None or not Path(found).is_file():
            return []
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for path, source in LIBRARIES.items():
            if (Path(settings.LIBRARIES_ROOT) / source).is_file():
                yield path, _Renamed(path, Path(settings.LIBRARIES_ROOT) / source)


class _Renamed(FileSystemStorage):
    """One file under an address of our own."""

    prefix = ""

    def __init__(self, address: str, source: Path) -> None:
        super().__init__(location=source.parent)
        self._address, self._source = address, source

    def path(self, name: str) -> str:
        return str(self._source) if name == self._address else super().path(name)


class StampedStorage(StaticFilesStorage):
    """Adds a digest of the content to each address: browsers keep a file and still see the next version."""

    def url(self, name: str | None) -> str:
        return f"{super().url(name)}?v={_stamp(name or '')}"


@cache
def _stamp(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10] if found else "absent"
