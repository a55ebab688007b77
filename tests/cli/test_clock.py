"""The clock that a site brings along: it ticks by itself, once however many sites share a database, and can be off."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from prepared import copied
from shuangkong.records.plans.reminders.turns import LONGEST, begin_turn, end_turn, take_turn

HERE = Path(__file__).parent
COMMAND = str(Path(sys.executable).with_name("shuangkong"))
#: After this long something hangs; nothing is measured by it.
PATIENCE = 90
#: The site without its parts, which tests/cli/test_supervisor.py asks.
ALONE = ("--no-store", "--gateway", "none")
#: A site whose plan was handed out and one of whose tasks became late since; nobody has derived or reminded anything.
FILL = """
import sys
sys.path[:0] = [{web!r}]
from datetime import timedelta
import county, tasks_site
from shuangkong.cli.site import open_site
open_site()
from django.utils import timezone
from shuangkong.records.plans.tasks.models import Task
county.settle("not used here")
plan = county.adopt_plan()
tasks_site.staff()
tasks_site.hand_out(plan)
late = Task.objects.filter(parent__isnull=False, bodies__isnull=False).exclude(kind="sentence").first()
Task.objects.filter(pk=late.pk).update(due=timezone.localdate() - timedelta(days=1))
"""


def place(var: Path, seconds: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGKONG_")}
    return kept | {"SHUANGKONG_VAR": str(var), "SHUANGKONG_TICK_SECONDS": str(seconds)}


linux_only = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc: processes were not counted")


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return copied(tmp_path, "late", _fill)


def _fill(folder: Path) -> None:
    fill = FILL.format(web=str(HERE.parent / "web"))
    subprocess.run([sys.executable, "-c", fill], env=place(folder, 0), check=True, timeout=PATIENCE)


@contextmanager
def served(var: Path, seconds: int, workers: int = 1) -> Iterator[subprocess.Popen[str]]:
    """A site in a process group of its own, up once it tells its address."""
    site = subprocess.Popen(
        [COMMAND, "serve", "--address", f"127.0.0.1:{_free_port()}", "--workers", str(workers), *ALONE],
        env=place(var, seconds),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert site.stdout is not None
        assert any("http://" in line for line in site.stdout)
        yield site
    finally:
        with suppress(ProcessLookupError):
            os.killpg(site.pid, signal.SIGKILL)
        site.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def told(var: Path, question: str) -> int:
    with closing(sqlite3.connect(var / "shuangkong.sqlite3")) as database:
        return int(database.execute(question).fetchone()[0])


REMINDED = "SELECT COUNT(*) FROM reminders_reminder"
DERIVED = "SELECT COUNT(*) FROM tasks_task WHERE derived_grade = 'behind' AND derived_from LIKE 'task/%'"
TICKED = "SELECT COUNT(*) FROM reminders_clockturn WHERE ended_at IS NOT NULL"


def comes(holds: Callable[[], bool]) -> bool:
    """Whether it holds at last."""
    end = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    return holds()


def test_a_site_reminds_and_derives_by_itself(var: Path) -> None:
    assert (told(var, REMINDED), told(var, DERIVED)) == (0, 0)
    with served(var, 3600):
        assert comes(lambda: told(var, TICKED) == 1)
        assert told(var, REMINDED) > 0
        assert told(var, DERIVED) > 0


@linux_only
def test_it_ticks_again_and_again_and_ends_with_the_site(var: Path) -> None:
    with served(var, 1, workers=2) as site:
        assert comes(lambda: told(var, TICKED) == 1)
        with closing(sqlite3.connect(var / "shuangkong.sqlite3")) as database:
            database.execute("DELETE FROM reminders_reminder")
            database.commit()
        assert comes(lambda: told(var, REMINDED) > 0)
        site.send_signal(signal.SIGTERM)
        assert site.wait(PATIENCE) in (0, -signal.SIGTERM)
        assert comes(lambda: not _is_there(site.pid))


@linux_only
def test_it_ends_even_with_a_site_that_was_killed(var: Path) -> None:
    with served(var, 1) as site:
        assert comes(lambda: told(var, TICKED) == 1)
        timers = _timers(site.pid)
        assert timers
        os.killpg(site.pid, signal.SIGSTOP)  # nobody ends in order
        for each in set(_members(site.pid)) - timers:
            os.kill(each, signal.SIGKILL)
        os.killpg(site.pid, signal.SIGCONT)
        assert comes(lambda: not _timers(site.pid))


@linux_only
def test_an_operator_turns_it_off(var: Path) -> None:
    with served(var, 0) as site:
        assert not _timers(site.pid)
    assert told(var, TICKED) == 0
    subprocess.run([COMMAND, "tick"], env=place(var, 0), check=True, capture_output=True, timeout=PATIENCE)
    assert told(var, TICKED) == 1


def test_a_clock_that_another_has_just_done_the_work_of_does_nothing(var: Path) -> None:
    def tick(*words: str) -> str:
        command = [COMMAND, "tick", *words]
        return subprocess.run(
            command, env=place(var, 0), check=True, capture_output=True, text=True, timeout=PATIENCE
        ).stdout

    assert "推算" in tick("--unless-within", "3600")
    assert tick("--unless-within", "3600") == ""
    assert "推算" in tick(), "a person who says so is obeyed"


@pytest.mark.django_db
def test_one_clock_at_a_time_and_none_too_soon() -> None:
    now, often = timezone.now(), timedelta(minutes=5)
    assert take_turn(now, often)
    assert not take_turn(now, timedelta(0)), "the first still ticks"
    end_turn(now)
    assert not take_turn(now + often / 2, often)
    assert take_turn(now + often, often)
    assert not take_turn(now + often + LONGEST / 2, timedelta(0))
    assert take_turn(now + often + LONGEST, often), "one that died holds nobody up for ever"
    begin_turn(now + often + LONGEST)
    assert not take_turn(now + often + LONGEST, timedelta(0))


def _members(group: int) -> dict[int, str]:
    """Processes of a group that still run, and what they were started as."""
    found = {}
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ProcessLookupError):
            state, _, its_group = (each / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                found[int(each.name)] = (each / "cmdline").read_text()
    return found


def _timers(group: int) -> set[int]:
    return {number for number, command in _members(group).items() if "shuangkong.cli.clock" in command}


def _is_there(group: int) -> bool:
    return bool(_members(group))
