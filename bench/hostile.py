"""Files that mean harm, through the fence: what is answered, how soon, and the memory of the process and its child."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bench.ground import Row, fresh, peak_megabytes

TITLE = "Hostile and huge files through the fence"
NOTE = "One run each; memory is the higher of the asking process and its child. The fence allows 20 s and 1 GiB."


def rows() -> Iterator[Row]:
    from hostile_files import HOSTILE

    for name in HOSTILE:
        told = fresh("hostile", name)
        yield Row(
            name, f"{told['answer']} in {told['seconds']:.1f} s, peak {told['megabytes']:.0f} MB", "≤ 20 s, ≤ 1 GiB"
        )


def _measure(name: str) -> dict[str, object]:
    from hostile_files import HOSTILE

    from shuangkong.papers.fence import fenced_file
    from shuangkong.plans.document import DocumentRefused

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        HOSTILE[name][0](path)
        start = perf_counter()
        try:
            answer = f"read, {len(fenced_file(path).document.text):,} characters"
        except DocumentRefused as refused:
            answer = f"refused {refused.code}"
        seconds = perf_counter() - start
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"answer": answer, "seconds": seconds, "megabytes": max(child, peak_megabytes())}


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1])))
