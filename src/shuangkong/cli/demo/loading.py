"""Loads what lies in ``demo/``: regions, plans, figures.

Idempotent, and at once done where this version is loaded already.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from shuangkong.records.facts.models import Load

BY = "demo"
_STAMP = "demo"

type Tell = Callable[[str], None]


def load_demo(tell: Tell, folder: Path | None = None) -> bool:
    """Loads the demo folder (that of settings by default), telling its steps.

    Returns whether there was anything to do.
    """
    folder = folder or settings.DEMO_FOLDER
    stamp = _digest(folder)
    if Load.objects.filter(name=_STAMP, sha256=stamp).exists():
        tell("演示数据已是最新 demo data are current")
        return False
    from shuangkong.cli.demo import contents  # the reader and the rulebook are needed only now
    from shuangkong.cli.operator import operator

    contents.load(folder, operator(BY), tell)
    Load.objects.create(
        name=_STAMP,
        sha256=stamp,
        source="demo/",
        rows_new=0,
        rows_changed=0,
        rows_same=0,
        loaded_at=timezone.now(),
        loaded_by=BY,
    )
    return True


def _digest(folder: Path) -> str:
    """Of every file's path and content: another content is another version."""
    found = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in (".json", ".csv", ".txt"):
            found.update(f"{path.relative_to(folder)}\0".encode())
            found.update(path.read_bytes())
    return found.hexdigest()
