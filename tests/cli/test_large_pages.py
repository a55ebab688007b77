"""Memory in large pages: which of a process's memory is asked for, and that asking harms nothing."""

from __future__ import annotations

import mmap
import subprocess
import sys

from shuangkong.cli import large_pages

MAPS = """\
5581a0000000-5581a0c00000 rw-p 00000000 00:00 0                          [heap]
7f0000001000-7f0000600000 rw-p 00000000 00:00 0
7f0001000000-7f0001200000 rw-p 00000000 fe:00 260850                     /lib/some.so
7f0002000000-7f0002400000 r--p 00000000 00:00 0
7f0003000000-7f0003400000 rw-s 00000000 00:01 7                          /dev/zero (deleted)
7f0004100000-7f00042fffff rw-p 00000000 00:00 0
7ffe00000000-7ffe00400000 rw-p 00000000 00:00 0                          [stack]
"""


def test_only_own_memory_that_holds_a_whole_large_page_is_asked_for() -> None:
    found = [(hex(start), size // large_pages.SIZE) for start, size in large_pages._own(MAPS)]
    assert found == [("0x5581a0000000", 6), ("0x7f0000200000", 2)]


def test_what_lay_in_memory_lies_there_after() -> None:
    told = (
        "from shuangkong.cli.large_pages import SIZE, lay\n"
        "held = [bytes([each % 251]) * 4096 for each in range(4 * SIZE // 4096)]\n"
        "lay(); lay()\n"
        "assert held == [bytes([each % 251]) * 4096 for each in range(len(held))]\n"
    )
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0


def test_a_system_without_maps_is_left_as_it_is(monkeypatch) -> None:
    monkeypatch.setattr(large_pages, "_MAPS", large_pages.Path("/nowhere/maps"))
    assert large_pages.lay() == 0


def test_a_large_page_is_some_small_ones() -> None:
    assert large_pages.SIZE % mmap.PAGESIZE == 0
