"""pandera's and DuckDB's side of `bench.checks`: run by a Python that has them, never by ours. Knows nothing of this
project.

Asked on the command line for a Parquet file of whole numbers; answers with one line of JSON: seconds, failing rows and
version of each. Both judge the same six rules and give a line for every row that fails one.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from statistics import median
from time import perf_counter

import duckdb
import pandera.polars as pa
import polars as pl

RULES = {
    "R1": "opening + purchased = used + closing",
    "R2": "closing >= 0",
    "R3": "used <= opening + purchased",
    "R4": "money >= 200 * purchased and money <= 2500 * purchased",
    "R5": "abs(used - before) * 100 <= 30 * before",
    "R6": "used * 12 >= closing",
}
o, p, u, c, m, b = (pl.col(name) for name in ("opening", "purchased", "used", "closing", "money", "before"))
CHECKS = (
    o + p == u + c, c >= 0, u <= o + p, (m >= 200 * p) & (m <= 2500 * p), (u - b).abs() * 100 <= 30 * b, u * 12 >= c,
)  # fmt: skip


def with_duckdb(file):
    parts = (
        f"select unit, '{code}' as code, '{code}: opening ' || opening || ', closing ' || closing as words"
        f" from judged where not ({rule})"
        for code, rule in RULES.items()
    )
    connection = duckdb.connect()
    connection.execute("create table judged as select * from read_parquet(?)", [file])
    query = " union all ".join(parts)
    connection.execute(query).fetchnumpy()
    start = perf_counter()
    found = connection.execute(query).fetchnumpy()
    return perf_counter() - start, len(found["unit"])


def with_pandera(file):
    frame = pl.read_parquet(file)
    checks = [
        pa.Check(lambda data, rule=rule: data.lazyframe.select(rule), name=f"R{at + 1}")
        for at, rule in enumerate(CHECKS)
    ]
    schema = pa.DataFrameSchema({name: pa.Column(pl.Int64) for name in frame.columns}, checks=checks)
    start = perf_counter()
    try:
        schema.validate(frame, lazy=True)
        found = 0
    except pa.errors.SchemaErrors as errors:
        found = len(errors.failure_cases)
    return perf_counter() - start, found


def measured(run, file, runs=3):
    told = [run(file) for _ in range(runs)]
    return {"seconds": median(seconds for seconds, _ in told), "found": told[0][1]}


file = sys.argv[1]
answer = {
    "pandera": measured(with_pandera, file) | {"version": version("pandera")},
    "duckdb": measured(with_duckdb, file) | {"version": version("duckdb")},
}
print(json.dumps(answer))
