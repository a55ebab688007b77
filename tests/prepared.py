"""Sites that are filled once a run and copied to whoever wants one like them: a copy takes no time, filling does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from functools import partial
from pathlib import Path

COUNTY = Path(__file__).parent / "web" / "county.py"
PASSWORD = "for-the-tests-only"
#: After this long something hangs; nothing is measured by it.
PATIENCE = 180


def environment(folder: Path) -> dict[str, str]:
    """That of a site whose folder is ``folder``, with nothing of the one that runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGKONG_")}
    return kept | {"SHUANGKONG_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "shuangkong.web.site.settings"}


def copied(folder: Path, name: str, fill: Callable[[Path], None]) -> Path:
    """Makes ``folder``, which lies in pytest's own, a copy of the site ``name``; returns it.

    Whichever process of the run asks first has it filled, the others wait.
    """
    run = folder.parent.parent if folder.parent.name.startswith("popen-") else folder.parent
    store = run / "prepared" / name
    store.parent.mkdir(exist_ok=True)
    with store.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not store.exists():
            filling = store.with_suffix(".filling")
            shutil.rmtree(filling, ignore_errors=True)
            filling.mkdir()
            fill(filling)
            filling.rename(store)
    shutil.copytree(store, folder, dirs_exist_ok=True)
    return folder


def county(folder: Path, *wishes: str) -> Path:
    """A site with one administrator and the invented county; with ``adopted``, its plan and figures."""
    return copied(folder, "-".join(("county", *wishes)), partial(_fill_county, wishes=wishes))


def _fill_county(folder: Path, wishes: tuple[str, ...]) -> None:
    words = [sys.executable, str(COUNTY), PASSWORD, *wishes]
    subprocess.run(words, env=environment(folder), check=True, timeout=PATIENCE)
