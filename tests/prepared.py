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
PATIENCE = 600
SAID = "said.txt"


def environment(folder: Path) -> dict[str, str]:
    """That of a site whose folder is ``folder``, with nothing of the one that runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGKONG_")}
    return kept | {"SHUANGKONG_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "shuangkong.web.site.settings"}


def copied(folder: Path, name: str, fill: Callable[[Path], None]) -> Path:
    """Makes ``folder``, which lies in pytest's own, a copy of the site ``name``; returns it.

    Whichever process of the run asks first has it filled, the others wait. What is filled begins as a site whose
    database has its tables and regions, and nothing else.
    """
    run = folder.parent.parent if folder.parent.name.startswith("popen-") else folder.parent
    store = run / "prepared"
    store.mkdir(exist_ok=True)
    shutil.copytree(_stored(store, name, fill), folder, dirs_exist_ok=True)
    return folder


def _stored(store: Path, name: str, fill: Callable[[Path], None]) -> Path:
    made = store / name
    with made.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not made.exists():
            filling = made.with_suffix(".filling")
            shutil.rmtree(filling, ignore_errors=True)
            if fill is _open:
                filling.mkdir()
            else:
                shutil.copytree(_stored(store, "empty", _open), filling)
            fill(filling)
            filling.rename(made)
    return made


def _open(folder: Path) -> None:
    _run(folder, "-c", "from shuangkong.cli.site import open_site; open_site()")


def _run(folder: Path, *words: str) -> str:
    command = [sys.executable, *words]
    told = subprocess.run(
        command, env=environment(folder), check=True, timeout=PATIENCE, capture_output=True, text=True, cwd=folder
    )
    return told.stdout


def empty(folder: Path) -> Path:
    """A site that was opened and never used: making its tables takes longer than most that is done with it."""
    return copied(folder, "empty", _open)


def county(folder: Path, *wishes: str) -> Path:
    """A site with one administrator and the invented county; with ``adopted``, its plan and figures."""
    return copied(folder, "-".join(("county", *wishes)), partial(_fill_county, wishes=wishes))


def _fill_county(folder: Path, wishes: tuple[str, ...]) -> None:
    _run(folder, str(COUNTY), PASSWORD, *wishes)


def demo(folder: Path) -> Path:
    """A site with the demo as it is after the first start; SAID holds what that start told."""
    return copied(folder, "demo", _fill_demo)


def _fill_demo(folder: Path) -> None:
    told = _run(folder, "-c", "from shuangkong.cli import main; raise SystemExit(main(['demo', '--no-serve']))")
    (folder / SAID).write_text(told, encoding="utf-8")
