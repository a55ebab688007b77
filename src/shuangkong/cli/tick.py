"""到点办的事：留存封印、续期、推算、提醒、发消息、核算（what a clock does: rounds, reminders, messages, results …）。

网站自己每隔几分钟办一次（SHUANGKONG_TICK_SECONDS）；关掉后由系统的定时任务运行，或用 --every 一直运行。
同一天运行多少次，结果都一样。
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--every",
        type=_seconds,
        metavar="SECONDS",
        help="每隔多少秒运行一次，直到被停止 (again and again until stopped)",
    )
    parser.add_argument(
        "--unless-within",
        type=_seconds,
        metavar="SECONDS",
        help="别处正在办，或在这么多秒之内办过的，这次不办 (not where another clock did within)",
    )
    parser.add_argument(
        "--outbox", action="store_true", help="只列出未送达的消息 (only list messages that did not arrive)"
    )
    parser.add_argument("--again", metavar="KEY", help="重发一条没有确认送达的消息 (send one message once more)")
    parser.add_argument("--ground", default="", help="重发的理由 (why it is sent again)")
    parser.add_argument("--by", default="operator", help="谁在运行，记入日志 (who runs it, for the journal)")


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 86_400:
        raise argparse.ArgumentTypeError(f"应为 1 到 86400 的整数，实为 {text}。Expected 1 to 86400.")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """0 done, 1 the database could not be used this time or the message is not sent again."""
    from shuangkong.cli.site import open_site

    open_site()
    if args.outbox:
        return _list()
    if args.again:
        return _again(args)
    within = None if args.unless_within is None else timedelta(seconds=args.unless_within)
    return _loop(args.every, within) if args.every else _once(within)


def _loop(seconds: int, within: timedelta | None) -> int:
    """Ticks until it is told to stop; a tick that has begun is finished first."""
    from django.db import close_old_connections

    stopped = threading.Event()

    def stop(*_: Any) -> None:
        stopped.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    while not stopped.is_set():
        close_old_connections()
        _once(within)
        stopped.wait(seconds)
    return 0


def _once(within: timedelta | None) -> int:
    """One tick, or none where it is another's turn. What a busy or absent database hinders is done at the next one.

    1 where some of it was not done: the turn ends all the same.
    """
    from django.db import OperationalError
    from django.utils import timezone

    from shuangkong.records.plans.reminders.turns import begin_turn, end_turn, take_turn

    try:
        if within is None:
            begin_turn(timezone.now())
        elif not take_turn(timezone.now(), within):
            return 0
        faults = _tick()
        end_turn(timezone.now())
    except OperationalError as fault:
        print(
            f"RMD-901 数据库暂不可用：{fault}。下次再办。The database cannot be used now.", file=sys.stderr, flush=True
        )
        return 1
    return 1 if faults else 0


class _Works:
    """Does one work after the other, whatever one of them raises: what cannot be done now holds up nothing else."""

    def __init__(self) -> None:
        self.faults = 0

    def __call__[Done](self, name: str, work: Callable[[], Done], otherwise: Done) -> Done:
        """What the work says it did; ``otherwise`` where it raised. OperationalError where the database is gone."""
        from django.db import OperationalError

        try:
            return work()
        except Exception as fault:
            self.faults += 1
            said = traceback.format_exc()
            if isinstance(fault, OperationalError):
                if not _answers():
                    raise
                said = str(fault)
            zh = f"RMD-902 “{name}”没有办成，下次再办；其余照办。"
            print(f"{zh} {name} was not done; the rest was: {said}", file=sys.stderr, flush=True)
        return otherwise


def _answers() -> bool:
    """Whether the database is there, over a new connection where the old one is of no use."""
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
        if not connection.is_usable():
            connection.close()
            connection.ensure_connection()
    except OperationalError:
        return False
    return True


def _tick() -> int:
    """Returns how many works could not be done."""
    from django.conf import settings
    from django.utils import timezone

    from shuangkong.gateway.messenger.sending import channels, send_due
    from shuangkong.records.indicators.computing import compute
    from shuangkong.records.journal.anchors import keep_anchor
    from shuangkong.records.monitoring.expiring import expire_orders
    from shuangkong.records.monitoring.messages import forget_messages
    from shuangkong.records.monitoring.publication_facts import tell_publications_due
    from shuangkong.records.monitoring.rural_facts import tell_rural_due
    from shuangkong.records.plans.reminders.recurring import renew
    from shuangkong.records.plans.reminders.reminding import remind_all
    from shuangkong.records.reporting.calendar import open_due
    from shuangkong.records.reporting.clock import keep_ready
    from shuangkong.records.reporting.counting import keep_counts
    from shuangkong.records.reporting.entry_reminding import remind_of_entries
    from shuangkong.records.reporting.reminding import remind_reporters
    from shuangkong.records.reporting.windows import follow_windows
    from shuangkong.web.plans.tasks.derived import derive_late

    today, do = timezone.localdate(), _Works()
    do("anchor", lambda: keep_anchor(today), None)
    made = do("rounds", lambda: renew(today), 0)
    derived = do("derived", lambda: derive_late(today), 0)
    do("calendar", lambda: open_due(today), 0)
    do("windows", lambda: follow_windows(today), 0)
    do("returns", lambda: remind_reporters(today), None)
    do("entries", lambda: remind_of_entries(today), None)
    new, messages = do("reminders", lambda: remind_all(timezone.now()), (0, 0))
    repeatable = frozenset(kind for kind, setup in settings.CHANNELS.items() if setup.is_repeatable)
    sent: Counter[Any] = do(
        "sending", lambda: send_due(channels(settings.CHANNELS), repeatable, timezone.now), Counter()
    )
    alarms, amounts = _monitor(do)
    amounts += do("publications", tell_publications_due, 0)
    amounts += do("rural", tell_rural_due, 0)
    do("orders", lambda: expire_orders(timezone.now()), None)
    do("messages", lambda: forget_messages(timezone.now()), None)
    do("retiring", _retire, None)
    computed = do("results", lambda: compute().changed, 0)
    do("reporting", lambda: keep_ready(lambda name, work: do(name, work, None)), None)
    do("counts", lambda: keep_counts(today), None)
    told = "、".join(f"{outcome.value} {count}" for outcome, count in sorted(sent.items())) or "0"
    now = f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"
    print(
        f"{now} 续期 {made} · 推算 {derived} · 新提醒 {new} · 新消息 {messages} · 投递 {told} · 核算 {computed}"
        f" · 新报警 {alarms} · 排放和用能量 {amounts}"
        f" (rounds {made}, derived {derived}, reminders {new}, messages {messages}, sent: {told},"
        f" results {computed}, alarms {alarms}, amounts {amounts})",
        flush=True,
    )
    return do.faults


def _monitor(do: _Works) -> tuple[int, int]:
    """New alarms; new versions of amounts, emitted and metered, and new figures of air, rivers and rates.

    Each work by itself, within each row by row (``web/monitoring/fencing``); first what the store lacks. None where
    the store does not run: ``shuangkong judge`` and ``amounts`` say why.
    """
    from shuangkong.web.monitoring import closing, metered_closing
    from shuangkong.web.monitoring.automatic import mark_due
    from shuangkong.web.monitoring.compliance_facts import tell_compliance_due
    from shuangkong.web.monitoring.evaluating import evaluate_due
    from shuangkong.web.monitoring.judging import judge
    from shuangkong.web.monitoring.pushing import push_waiting
    from shuangkong.web.monitoring.rate_closing import close_rates_due
    from shuangkong.web.monitoring.rate_facts import tell_rates_due
    from shuangkong.web.monitoring.reappearing import look_for_life
    from shuangkong.web.monitoring.uploads.storing import store_owed

    _within_store(do, "marks", mark_due)
    _within_store(do, "marks told", push_waiting)
    alarms = _within_store(do, "alarms", lambda: judge().new) + _within_store(do, "life", look_for_life)
    _within_store(do, "uploads", store_owed)
    amounts = _within_store(do, "amounts", lambda: closing.close_due().kept)
    amounts += _within_store(do, "meters", lambda: metered_closing.close_due().kept)
    _within_store(do, "rates", close_rates_due)
    amounts += _within_store(do, "environment", evaluate_due)
    amounts += _within_store(do, "rates told", tell_rates_due)
    return alarms, amounts + _within_store(do, "compliance", tell_compliance_due)


def _within_store(do: _Works, name: str, work: Callable[[], int]) -> int:
    """Does a work that asks the store of readings; 0 where that does not run."""
    from shuangkong.readings.wire.client import StoreDown, StoreRefused

    def done() -> int:
        try:
            return work()
        except (StoreDown, StoreRefused):
            return 0

    return do(name, done, 0)


def _retire() -> None:
    """Readings older than the policy keeps go into files, once a day; another day where the store does not run."""
    from django.utils import timezone

    from shuangkong.readings.wire.client import StoreDown, StoreRefused
    from shuangkong.web.monitoring.retention import retire_due

    with suppress(StoreDown, StoreRefused):
        retire_due(timezone.now())


def _list() -> int:
    from shuangkong.records.plans.reminders.outbox import unsettled

    rows = unsettled(_SHOWN)
    for row in rows:
        print(f"{row.key}\t{row.person}\t{row.outcome.value}\t{row.attempts}\t{row.subject}\t{row.fault}")
    if not rows:
        print("没有未送达的消息。Every message arrived.")
    return 0


def _again(args: argparse.Namespace) -> int:
    from shuangkong.cli.operator import operator
    from shuangkong.records.plans.reminders.outbox import send_again
    from shuangkong.records.refusal import Refused

    try:
        send_again(args.again, operator(args.by), args.ground)
    except Refused as refused:
        print(f"{refused.code} {refused.message.zh} {refused.message.en}", file=sys.stderr)
        return 1
    print("下次到点时重发。It is sent again at the next tick.")
    return 0
