"""statsforecast's side of `bench.forecast`: run by a Python that has it, never by ours. Knows nothing of this project.

Reads one line of JSON from standard input for each run ({"file": …, "season": …, "horizon": …}, the file holding
series × periods for numpy), answers with one: seconds, and the file that holds the forecasts of AutoTheta.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from time import perf_counter

import numpy as np
from statsforecast.models import AutoTheta


def run(file, season, horizon):
    series = np.load(file)
    model = AutoTheta(season_length=season)
    model.forecast(y=series[0].copy(), h=horizon)  # the first call compiles
    start = perf_counter()
    found = np.stack([model.forecast(y=one.copy(), h=horizon)["mean"] for one in series])
    seconds = perf_counter() - start
    written = file.replace(".npy", ".forecast.npy")
    np.save(written, found)
    return {"seconds": seconds, "file": written, "version": version("statsforecast")}


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(run(asked["file"], asked["season"], asked["horizon"])), flush=True)
