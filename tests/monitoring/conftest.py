"""The law that tests of monitoring go by, and the clock of the offices."""

from __future__ import annotations

import pytest
from clocks import Clock

from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.rulebook import open_rulebook


@pytest.fixture(scope="session")
def law() -> MonitoringLaw:
    return open_rulebook().monitoring()


@pytest.fixture(scope="session")
def clock() -> type[Clock]:
    return Clock
