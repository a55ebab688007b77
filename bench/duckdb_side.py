"""DuckDB's side of `bench.readings`: run by a Python that has it, never by ours. Knows nothing of this project.

Argument: a folder with Parquet files. Prints seconds of the load, seconds of the hours, bytes of the database.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

import duckdb

folder = Path(sys.argv[1])
place = folder / "peer.duckdb"
peer = duckdb.connect(str(place))
start = perf_counter()
peer.execute(f"CREATE TABLE told AS SELECT * FROM read_parquet('{folder}/*.parquet') ORDER BY point, \"at\", stat")
peer.execute("CHECKPOINT")
loaded = perf_counter() - start
start = perf_counter()
peer.execute(
    "SELECT count(*) FROM (SELECT point, date_trunc('hour', \"at\") AS hour, stat,"
    " sum(value) FILTER (flag IN ('', 'N')) AS total, min(value) FILTER (flag IN ('', 'N')) AS low,"
    ' count(DISTINCT "at") AS times FROM told GROUP BY ALL)'
).fetchall()
added = perf_counter() - start
peer.close()
print(loaded, added, place.stat().st_size)
