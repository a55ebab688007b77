"""Says loudly, at the end of a run, what this machine could not be asked to show."""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

# The browser's driver keeps an event loop in its thread: Django would refuse the database to later tests there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

#: The offices' day ends while a run that begins late in the evening goes on, and a test's today would be yesterday:
#: such a run goes by an earlier hour of the day on which it began.
_LATE, _EARLIER = 21, timedelta(hours=3)
_begun = datetime.now(ZoneInfo("Asia/Shanghai"))
if _begun.hour >= _LATE:
    time_machine.travel(_begun - _EARLIER).start()

#: Files that take minutes, by how their path ends: begun first, so that no core waits for the last of them.
LONG = ("postgresql/test_stores.py", "web/test_matrix.py", "browser/test_every_page.py", "cli/test_clock.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONG))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A test that commits is cleaned up by emptying every table: only then may the journal be emptied."""
    guards = [("journal_row_no_DELETE", "journal_journalrow"), ("journal_head_stays", "journal_journalhead")]
    if connection.vendor == "postgresql":
        guards += [("journal_row_no_TRUNCATE", "journal_journalrow"), ("journal_head_is_kept", "journal_journalhead")]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for name, table in guards:
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


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
