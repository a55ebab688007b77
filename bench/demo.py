"""`make demo` in a clone of its own: cold (no environment, empty package caches) and warm, until the site answers."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from bench.ground import ROOT, NotMeasured, Row

TITLE = "`make demo` until the site answers"
NOTE = "A clone of the last commit; the log-in page is asked for every 50 ms."
ADDRESS = "127.0.0.1:8719"
PATIENCE = 600
WARM_RUNS = 3


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        caches = {"UV_CACHE_DIR": f"{folder}/uv", "npm_config_cache": f"{folder}/npm", "PIP_CACHE_DIR": f"{folder}/pip"}
        yield Row(
            "cold (one run, packages downloaded)", f"{_seconds_to_answer(clone, caches):.0f} s", "< 5 min on 2 cores"
        )
        warm = [_seconds_to_answer(clone, caches) for _ in range(WARM_RUNS)]
        yield Row(f"warm (median of {WARM_RUNS})", f"{median(warm):.1f} s", "< 10 s")


def _seconds_to_answer(clone: Path, caches: dict[str, str]) -> float:
    start = monotonic()
    log = clone.parent / "demo.log"
    with log.open("wb") as out:
        site = subprocess.Popen(
            ["make", "demo", f"ADDRESS={ADDRESS}"],
            cwd=clone,
            env={name: value for name, value in os.environ.items() if not name.startswith("SHUANGKONG_")} | caches,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            while not _answers():
                if site.poll() is not None or monotonic() - start > PATIENCE:
                    raise NotMeasured(f"make demo did not come up: {log.read_text('utf-8')[-300:]}")
                sleep(0.05)
            return monotonic() - start
        finally:
            with suppress(ProcessLookupError):
                os.killpg(site.pid, signal.SIGINT)
            site.wait(PATIENCE)


def _answers() -> bool:
    try:
        with urlopen(f"http://{ADDRESS}/login/", timeout=2) as answer:
            return answer.status == 200
    except (URLError, ConnectionError, TimeoutError):
        return False
