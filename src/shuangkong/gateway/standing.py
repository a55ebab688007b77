"""组装: a consumer and an order desk of this installation, with its registers, its store and the policy of today."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from time import time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from shuangkong.gateway.consuming.consumer import Consumer, Doors
from shuangkong.gateway.consuming.filing import Filing
from shuangkong.gateway.consuming.plan import Planner
from shuangkong.gateway.consuming.storing import DOWN as STORE_DOWN
from shuangkong.gateway.consuming.storing import StoreDoor
from shuangkong.gateway.consuming.supplement import Supplement
from shuangkong.gateway.consuming.units import Units
from shuangkong.gateway.listening.gate import Gate
from shuangkong.gateway.listening.orders import OrderDesk
from shuangkong.gateway.registered import (
    DOWN,
    RegisteredArrivals,
    RegisteredDevices,
    RegisteredMessages,
    RegisteredOrders,
    RegisteredQuarantine,
)
from shuangkong.monitoring.molar_mass import molar_masses
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.readings.opening import FOLDER
from shuangkong.rulebook import open_rulebook

_KEEP = "monitoring/evidence/keep_days"
#: Beyond the days of supplements: how much longer a frame is known when it is sent again.
_REMEMBER_MORE = 30


def consumer_of(folder: Path) -> Consumer:
    """The consumer of a gateway's folder. Django is ready."""
    rulebook, zone = open_rulebook(), ZoneInfo(settings.TIME_ZONE)
    codes, registers, today = hj212_codes(rulebook.folder), RegisteredDevices(), timezone.localdate()
    rule = rulebook.monitoring().supplement(today)
    units = Units(rulebook.units(), codes, molar_masses(rulebook.folder, today))
    planner = Planner(codes, units, registers)
    doors = Doors(
        store=StoreDoor(settings.VAR / FOLDER),
        registers=registers,
        desk=RegisteredQuarantine(),
        orders=RegisteredOrders(),
        # A full disk passes too, once somebody makes room.
        down=(*STORE_DOWN, *DOWN, sqlite3.OperationalError, OSError),
        notes=RegisteredArrivals(),
        messages=RegisteredMessages(),
    )
    return Consumer(
        folder,
        Filing(codes, planner, zone),
        lambda keeping: Supplement(keeping, codes, zone, rule),
        doors,
        clock=time,
        remember_days=rule.reach.days + _REMEMBER_MORE,
        keep_days=int(rulebook.parameter(_KEEP, today).number),
    )


def desk_of(gate: Gate) -> OrderDesk:
    """The order desk of a gateway. Django is ready."""
    return OrderDesk(gate, RegisteredOrders(), hj212_codes(open_rulebook().folder), _office_time)


def _office_time() -> datetime:
    return timezone.localtime().replace(tzinfo=None)
