"""What units uploaded to this site goes on to a platform above it, until that one has it."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from centre import Centre
from passing_ground import CODES, MIDNIGHT, NOON, POWER, STEAM, connected, names, uploads

from shuangkong.cli import main
from shuangkong.gateway.collector import forwarding
from shuangkong.gateway.collector.keeping import Kept
from shuangkong.gateway.collector.plan import PlanRefused, Uplink, read_uplink
from shuangkong.gateway.uplink import running, taking, visiting
from shuangkong.gateway.uplink.running import pass_on, pass_on_once
from shuangkong.gateway.uplink.taking import take
from shuangkong.protocols.nhjc.messages import Source
from shuangkong.records.registry.models import Enterprise


def above(tmp_path: Path, *ports: int, more: str = "") -> Uplink:
    path = tmp_path / "uplink.toml"
    centres = (
        f'[[centre]]\nname = "平台{port}"\nregister_url = "http://127.0.0.1:{port}/register"\nday_time = "00:10:00"\n'
        for port in ports
    )
    path.write_text(more + "".join(centres), encoding="utf-8")
    return read_uplink(path)


def sent(settings: Uplink, folder: Path, at: datetime = NOON) -> int:
    """One round; how many units were not accepted."""
    return len(pass_on_once(settings, folder, lambda: at)[1])


@pytest.mark.django_db
def test_what_was_received_goes_up_once_and_again_where_it_changes(tmp_path: Path) -> None:
    centre, held = Centre(), connected(CODES[0])
    names(held, POWER)
    uploads(held, 10, 20, 30, source=Source.MANUAL)
    with centre.serving() as port:
        settings = above(tmp_path, port)
        for hours in range(3):
            assert sent(settings, tmp_path, NOON + timedelta(hours=hours)) == 0
        assert centre.asked == ["/register", "/version", "/info", "/data"]
        assert (centre.configured, centre.sources) == (["项 02330010"], {int(Source.MANUAL)})
        days = [str(MIDNIGHT + timedelta(days=at)) for at in range(3)]
        assert centre.items == {(POWER, 1, day): value for day, value in zip(days, (10, 20, 30), strict=True)}
        uploads(held, 10, 25, 30)
        sent(settings, tmp_path)
        assert (centre.items[POWER, 1, days[1]], centre.came) == (25, 4)


@pytest.mark.django_db
def test_a_new_item_is_configured_first_and_an_ended_one_goes_as_long_as_it_is_owed(tmp_path: Path) -> None:
    centre, held = Centre(), connected(CODES[0])
    names(held, POWER)
    uploads(held, 10)
    with centre.serving() as port:
        settings = above(tmp_path, port)
        names(held, STEAM)
        uploads(held, 7, code=STEAM)
        sent(settings, tmp_path)
        assert centre.configured == ["项 02330010", "项 02400010"], "what is owed of the one that is ended"
        assert centre.came == 2
        uploads(held, 8, code=STEAM)
        sent(settings, tmp_path)
        assert (centre.configured, centre.came) == (["项 02400010"], 3)


@pytest.mark.django_db
def test_a_figure_that_is_refused_waits_alone_and_a_busy_platform_is_asked_again(tmp_path: Path) -> None:
    centre, held = Centre(), connected(CODES[0])
    names(held, POWER)
    uploads(held, *range(1, 21))
    centre.refuses, centre.rejects = 2, {str(MIDNIGHT + timedelta(days=4))}
    with centre.serving() as port:
        settings = above(tmp_path, port)
        assert [sent(settings, tmp_path, NOON + timedelta(minutes=5 * at)) for at in range(3)] == [1, 1, 0]
        assert centre.came == 19
        centre.rejects = set()
        sent(settings, tmp_path, NOON + timedelta(hours=3))
        assert centre.came == len(centre.items) == 20


@pytest.mark.django_db
def test_a_stop_at_any_place_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after figures are kept and before the bookmark; after the platform has them and before that is kept."""
    centre, held = Centre(), connected(CODES[0])
    names(held, POWER)
    uploads(held, 10, 20, 30)

    class Killed(Exception):
        pass

    def die(*_: object) -> None:
        raise Killed

    with centre.serving() as port:
        settings = above(tmp_path, port)
        for call in ("set_told", "set_bookmark", "set_session", "set_accepted"):
            with monkeypatch.context() as broken:
                broken.setattr(Kept, call, die)
                broken.setattr(taking, "MOST", 1)
                with pytest.raises(Killed):
                    sent(settings, tmp_path)
        sent(settings, tmp_path)
        assert len(centre.items) == 3
        asked = len(centre.asked)
        sent(settings, tmp_path)
        assert len(centre.asked) == asked
        for each in tmp_path.glob("*.db*"):
            each.unlink()
        sent(settings, tmp_path)
        assert len(centre.items) == 3, "whose files are lost sends anew; the platform has the same once"


@pytest.mark.django_db
def test_each_unit_goes_in_its_own_name_and_only_those_that_are_named(tmp_path: Path) -> None:
    centre = Centre()
    for at, credit_code in enumerate(CODES):
        held = connected(credit_code)
        names(held, POWER)
        uploads(held, 10 + at)
    Enterprise.objects.filter(credit_code=CODES[1]).update(is_fictional=True)
    with centre.serving() as port:
        assert [each.credit_code for each in taking.units(above(tmp_path, port))] == [CODES[0]]
        both = above(tmp_path, port, more="fictional = true\n")
        assert len(taking.units(both)) == 2
        one = above(tmp_path, port, more=f'fictional = true\nunits = ["{CODES[1]}"]\n')
        sent(one, tmp_path)
        assert list(centre.items.values()) == [11]
        sent(both, tmp_path)
        assert centre.came == 2
    assert sorted(each.name for each in tmp_path.glob("*.db")) == [f"{each}.db" for each in CODES]


@pytest.mark.django_db
def test_a_platform_that_is_silent_is_waited_for_once_a_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarding, "PATIENCE", 0.05)
    centre = Centre()
    for credit_code in CODES:
        held = connected(credit_code)
        names(held, POWER)
        uploads(held, 10)
    with centre.serving() as port:
        settings = above(tmp_path, port)
        with centre.stalled():
            assert sent(settings, tmp_path) == 1
            assert sent(settings, tmp_path) == 2, "the first waits for its time, and holds up the second no longer"
        monkeypatch.setattr(forwarding, "PATIENCE", 15)
        assert sent(settings, tmp_path, NOON + timedelta(hours=1)) == 0
        assert centre.came == 2


@pytest.mark.django_db
def test_a_site_set_back_to_a_backup_misses_nothing(tmp_path: Path) -> None:
    held, settings = connected(CODES[0]), above(tmp_path, 9)
    names(held, POWER)
    uploads(held, 10)
    with closing(Kept(taking.file_of(taking.units(settings)[0], tmp_path))) as kept:
        kept.set_bookmark(f"end/{held.pk}", 10**9)
    assert [take(settings, tmp_path) for _ in range(2)] == [1, 0]


def test_a_platform_that_stalls_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = above(tmp_path, 1, 2)
    seen: list[str] = []
    goes_on = Event()

    def visit(_: Uplink, centre: object, *__: object) -> tuple[visiting.Hindered, ...]:
        if centre is settings.centres[0]:
            goes_on.wait(30)
        seen.append("visit")
        return ()

    monkeypatch.setattr(running, "visit", visit)
    monkeypatch.setattr(running, "take", lambda *_: seen.append("take"))
    monkeypatch.setattr(running, "forget", lambda *_: seen.append("forget"))
    monkeypatch.setattr(running, "ROUND", 0.01)

    async def play() -> None:
        work = asyncio.create_task(pass_on(settings, tmp_path, lambda: NOON, seen.append))
        async with asyncio.timeout(20):
            while seen.count("visit") < 2 or seen.count("take") < 2:
                await asyncio.sleep(0.01)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    try:
        asyncio.run(play())
    finally:
        goes_on.set()
    assert seen.count("forget") == 1, "once a day"


@pytest.mark.parametrize(
    ("more", "where"), [("units = 7\n", "units"), ("keep_days = 3\n", "keep_days"), ("x = \n", "TOML")]
)
def test_settings_that_cannot_be_used_say_where(
    tmp_path: Path, more: str, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(PlanRefused, match=where):
        above(tmp_path, 9, more=more)
    with pytest.raises(PlanRefused, match="centre"):
        above(tmp_path)
    assert main(["uplink", str(tmp_path / "uplink.toml")]) == 2
    assert "UPL-001" in capsys.readouterr().err
