"""Says loudly, at the end of a run, what this machine could not be asked to show."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as trials_of
from pytest_django.plugin import DjangoDbBlocker

# The browser's driver keeps an event loop in its thread: Django would refuse the database to later tests there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

#: The offices' day ends while a run that begins late in the evening goes on, and a test's today would be yesterday:
#: such a run goes by an earlier hour of the day on which it began.
_LATE, _EARLIER = 21, timedelta(hours=3)
_begun = datetime.now(ZoneInfo(settings.TIME_ZONE))
if _begun.hour >= _LATE:
    time_machine.travel(_begun - _EARLIER).start()

#: Files that take longest, by how their path ends: begun first and in this order, so that no core waits for the last
#: of them (`make test` keeps the order).
LONG = (
    "web/test_matrix.py", "web/test_leaks.py", "postgresql/test_stores.py", "browser/test_every_page.py",
    "web/test_leaks_figures.py", "cli/test_documents.py", "cli/test_policy_diff.py", "cli/test_clock.py",
    "web/test_api_described.py", "web/test_unkept.py",
)  # fmt: skip
#: Hashing a password takes a third of a second by intention; who tries the real one asks for it.
QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"
FACTS = ("observation", "load", "word", "subject", "subjectchange", "scopemembership")


# How long a machine that does other things takes to make examples up says nothing of what they try.
trials_of.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if "CI" not in os.environ:
    trials_of.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """What this process keeps lies in a folder of its own, never in the tree's.

    New passwords are hashed quickly, and live states read anew for every page; those of sites in processes of their
    own are not.
    """
    settings.PASSWORD_HASHERS = [QUICK, *settings.PASSWORD_HASHERS]
    settings.LIVE_SECONDS = 0
    settings.VAR = Path(tempfile.mkdtemp(prefix="shuangkong-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(settings.VAR, ignore_errors=True))


@pytest.fixture(autouse=True)
def no_anchor_left() -> Iterator[None]:
    """An anchor of one test's journal would call the journal of a later one broken."""
    left = settings.VAR / "anchors"
    yield
    if left.exists():
        shutil.rmtree(left)
        pytest.fail("an anchor is kept outside a folder of the test's own: let the test set VAR")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, end in enumerate(LONG) if str(item.path).endswith(end)), len(LONG)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """The browser's driver leaves its event loop running in this thread; tests elsewhere begin and end without one.

    Around the whole of a test, its module's fixtures included: Django keeps one connection for a thread that has a
    loop and another for one that has none, and a fixture's open transaction in the one locks its tables in the other.
    """
    left = None if "browser" in item.path.parts else asyncio._get_running_loop()
    if left is None:
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(left)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A test that commits is cleaned up by emptying every table: only then may rows of journal and facts be deleted.

    A test of the past moves the day of a load.
    """
    is_sqlite = connection.vendor == "sqlite"
    acts = ["DELETE"] if is_sqlite else ["DELETE", "TRUNCATE"]
    tables = [("journal_row", "journal_journalrow"), *((f"facts_{table}", f"facts_{table}") for table in FACTS)]
    named = [(f"{name}_no_{act}", table) for name, table in tables for act in acts]
    named += [("journal_head_stays", "journal_journalhead"), ("facts_load_no_UPDATE", "facts_load")]
    named += [] if is_sqlite else [("journal_head_is_kept", "journal_journalhead")]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for trigger, table in named:
            cursor.execute(f"DROP TRIGGER {trigger}" + ("" if is_sqlite else f" ON {table}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each reason of skipping, with the number of tests that it cost."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", ()):
        told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[told.removeprefix("Skipped: ")] += 1
    if reasons:
        terminalreporter.section("NOT SHOWN ON THIS MACHINE", sep="!", yellow=True, bold=True)
        for reason, count in reasons.most_common():
            terminalreporter.write_line(f"{count:5d} skipped: {reason}", yellow=True)
