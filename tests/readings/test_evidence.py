"""The evidence log: what was made durable is read back byte for byte, whatever happened to its end."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.readings.evidence import Address, Damage, Evidence, Kind, Log, NoEvidence, NoRoom, Record, expire
from shuangkong.readings.evidence.files import segment_numbers, segment_path
from shuangkong.readings.evidence.log import AlreadyWritten
from shuangkong.readings.evidence.reading import START
from shuangkong.readings.evidence.record import RECORD_BYTES, SEGMENT_BYTES, pack
from trials import tries

PAYLOADS = st.lists(st.lists(st.binary(max_size=200), min_size=1, max_size=4), max_size=8)


def packed(payloads: list[bytes], first: int = 1) -> list[bytes]:
    return [pack(Kind.FRAME, each, first + at, 7, 2, 3) for at, each in enumerate(payloads)]


def payloads(told: list[Record | Damage]) -> list[bytes]:
    return [each.payload for each in told if isinstance(each, Record)]


def everything(folder: Path, most: int = 1 << 20) -> list[Record | Damage]:
    evidence, place, told = Evidence(folder), START, []
    while (batch := evidence.batch(place, most))[0]:
        told += batch[0]
        place = batch[1]
    return told


@given(PAYLOADS, st.integers(100, 2000), st.integers(1, 700))
@tries(30, 2000)
def test_all_that_was_written_is_read_in_its_order(groups: list[list[bytes]], limit: int, most: int) -> None:
    with TemporaryDirectory() as name:
        log = Log(Path(name), limit)
        for group in groups:
            log.write(packed(group))
        told = everything(Path(name), most)
        assert [each.payload for each in told if isinstance(each, Record)] == [
            each for group in groups for each in group
        ]
        assert len(told) == sum(map(len, groups))
        for each in told:
            assert isinstance(each, Record)
            assert Evidence(Path(name)).read(*each.address) == each
            assert (each.kind, each.connection, each.mark, each.listener) == (Kind.FRAME, 7, 2, 3)
        log.close()


@given(PAYLOADS.filter(bool), st.lists(st.binary(max_size=80), min_size=1, max_size=5), st.data())
@tries(40, 5000)
def test_what_was_durable_survives_a_torn_end(
    groups: list[list[bytes]], last: list[bytes], data: st.DataObject
) -> None:
    """The machine loses its power while a group is written: of its bytes any part may be there, or other bytes."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        log = Log(folder, 1500)
        for group in groups:
            end = log.write(packed(group))
        log.close()
        before = everything(folder)
        torn = b"".join(packed(last))
        torn = torn[: data.draw(st.integers(0, len(torn)))] + data.draw(st.binary(max_size=60))
        with segment_path(folder, end.segment).open("ab") as file:
            file.write(torn)
        again = Log(folder, 1500)
        kept = everything(folder)
        assert kept[: len(before)] == before
        more = payloads(kept[len(before) :])
        assert more == last[: len(more)]
        place = again.write(packed([b"after"]))
        assert place.segment > end.segment
        assert everything(folder)[-1] == Evidence(folder).read(place.segment, SEGMENT_BYTES)
        again.close()


def test_a_segment_of_which_only_part_of_the_header_was_written_goes(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.write(packed([b"one"]))
    log.close()
    segment_path(tmp_path, 2).write_bytes(b"SKEVLOG1\x02")
    log = Log(tmp_path)
    assert segment_numbers(tmp_path) == [1]
    assert log.cut == 9
    assert payloads(everything(tmp_path)) == [b"one"]
    log.write(packed([b"two"]))
    assert segment_numbers(tmp_path) == [1, 3]
    assert payloads(everything(tmp_path)) == [b"one", b"two"]


def test_damage_is_told_and_passed_over(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.write(packed([b"first", b"second", b"third"]))
    path = segment_path(tmp_path, 1)
    content = bytearray(path.read_bytes())
    content[SEGMENT_BYTES + 2 * RECORD_BYTES + len("first") + 1] ^= 1
    path.write_bytes(content)
    first, damage, third = everything(tmp_path)
    assert isinstance(first, Record)
    assert isinstance(third, Record)
    assert (first.payload, third.payload) == (b"first", b"third")
    assert damage == Damage(Address(1, SEGMENT_BYTES + RECORD_BYTES + 5), RECORD_BYTES + 6)
    with pytest.raises(NoEvidence, match="no whole record"):
        Evidence(tmp_path).read(*damage.address)
    with pytest.raises(NoEvidence, match="its time is over"):
        Evidence(tmp_path).read(8, SEGMENT_BYTES)


def test_nothing_is_read_before_it_is_durable(tmp_path: Path) -> None:
    log = Log(tmp_path)
    end = log.write(packed([b"durable"]))
    with segment_path(tmp_path, 1).open("ab") as file:
        file.write(b"".join(packed([b"not yet"])))
    evidence = Evidence(tmp_path)
    told, place = evidence.batch(START)
    assert [each.payload for each in told if isinstance(each, Record)] == [b"durable"]
    assert place == end == evidence.end()
    assert evidence.batch(place) == ([], end)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_cut_behind_the_writer_s_back_is_read_to_its_end(tmp_path: Path, is_there: bool) -> None:
    """As of a folder that was brought back from a copy; the next writer goes on in a segment of its own."""
    log = Log(tmp_path)
    log.write(packed([b"there"]))
    cut = log.end.offset
    log.write(packed([b"gone", b"gone too"]))
    log.close()
    if is_there:
        os.truncate(segment_path(tmp_path, 1), cut + 3)
    else:
        segment_path(tmp_path, 1).unlink()
    evidence = Evidence(tmp_path)
    told, place = evidence.batch(START)
    assert payloads(told) == ([b"there"] if is_there else [])
    assert evidence.batch(place)[0] == []
    Log(tmp_path).write(packed([b"after"]))
    told, _ = evidence.batch(place)
    assert payloads(told) == [b"after"]


@contextmanager
def files_no_longer_than(length: int) -> Iterator[None]:
    """A disk that is full, as far as this process can tell."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_keeps_nothing_of_the_group_and_takes_it_later(tmp_path: Path) -> None:
    log = Log(tmp_path)
    end = log.write(packed([b"a" * 100]))
    group = packed([b"b" * 100, b"c" * 100])
    with files_no_longer_than(end.offset + 150):
        for _ in range(3):
            with pytest.raises(NoRoom):
                log.write(group)
        assert segment_path(tmp_path, 1).stat().st_size == end.offset
        assert log.end == end == Evidence(tmp_path).end()
    log.write(group)
    assert [each.payload[:1] for each in everything(tmp_path) if isinstance(each, Record)] == [b"a", b"b", b"c"]


def test_after_a_failed_sync_the_segment_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(tmp_path)
    log.write(packed([b"one"]))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", _failing)
        with pytest.raises(OSError, match="broken"):
            log.write(packed([b"lost"]))
    log.write(packed([b"two"]))
    assert segment_numbers(tmp_path) == [1, 2]
    assert payloads(everything(tmp_path)) == [b"one", b"two"]


def test_a_torn_end_that_cannot_be_cut_off_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(tmp_path)
    end = log.write(packed([b"one"]))
    with monkeypatch.context() as patch, files_no_longer_than(end.offset + 40):
        patch.setattr(os, "ftruncate", lambda *_: _failing(0))
        with pytest.raises(NoRoom):
            log.write(packed([b"lost" * 20]))
    assert log.write(packed([b"two"])).segment == 2
    assert payloads(everything(tmp_path)) == [b"one", b"two"]


def _failing(_: int) -> None:
    raise OSError(5, "broken")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    log = Log(tmp_path)
    with pytest.raises(AlreadyWritten):
        Log(tmp_path)
    log.close()
    Log(tmp_path).close()


def test_what_is_over_goes_but_never_what_is_still_to_be_read(tmp_path: Path) -> None:
    moments = iter(range(10, 100, 10))
    log = Log(tmp_path, 1, lambda: next(moments))
    for number in range(4):
        log.write(packed([b"%d" % number]))
    assert segment_numbers(tmp_path) == [1, 2, 3, 4]  # begun at 10, 20, 30, 40
    assert expire(tmp_path, 30, 1) == []
    assert expire(tmp_path, 30, 4) == [1]
    assert expire(tmp_path, 31, 4) == [2]
    assert expire(tmp_path, 10**9, 9) == [3]
    assert payloads(everything(tmp_path)) == [b"3"]
