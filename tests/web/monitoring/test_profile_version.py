"""The text by which listener and consumer know that their registers are old."""

from __future__ import annotations

from datetime import timedelta

import monitoring_site as site
import pytest
from django.utils import timezone, translation

from shuangkong.records.monitoring.models import Connection
from shuangkong.records.monitoring.profiles import version

pytestmark = pytest.mark.django_db


def test_a_connection_that_begins_or_ends_makes_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody touches a register: the time alone brings it about."""
    with translation.override("zh-hans"):
        site.settle()
        site.connected(site.outlet())
    now = timezone.now()
    Connection.objects.update(ends_at=now + timedelta(minutes=5))
    before = version()
    assert version() == before
    monkeypatch.setattr("shuangkong.records.monitoring.profiles.timezone.now", lambda: now + timedelta(minutes=6))
    assert version() != before
