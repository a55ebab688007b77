"""OpenFisca's side of `bench.formulas`: run by a Python that has it, never by ours. Knows nothing of this project.

Reads one line of JSON from standard input for each run ({"rows": …, "chain": …}), answers with one: seconds for the
three variables, and the first results. Same numbers in as on the other side: both are made from the same seed.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter

import numpy as np
from openfisca_core.periods import MONTH, YEAR
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.variables import Variable
from openfisca_country_template import CountryTaxBenefitSystem
from openfisca_country_template.entities import Person

MONTH_ASKED, YEAR_ASKED, YEAR_BEFORE = "2020-01", "2020", "2019"
SHOWN = 1_000


class net_income(Variable):  # noqa: N801 - OpenFisca names variables by their classes
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "What is left of a salary"

    def formula(person, period):  # noqa: N805 - the form that OpenFisca reads
        paid = person("income_tax", period) + person("social_security_contribution", period)
        return person("salary", period) - paid


class consumption(Variable):  # noqa: N801 - OpenFisca names variables by their classes
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Energy consumed"


class product(Variable):  # noqa: N801 - OpenFisca names variables by their classes
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Product at constant prices"


class intensity(Variable):  # noqa: N801 - OpenFisca names variables by their classes
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Energy per product"

    def formula(person, period):  # noqa: N805 - the form that OpenFisca reads
        return person("consumption", period) / person("product", period)


class change(Variable):  # noqa: N801 - OpenFisca names variables by their classes
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Change on the year before"

    def formula(person, period):  # noqa: N805 - the form that OpenFisca reads
        return 100 * (person("intensity", period) / person("intensity", period.last_year) - 1)


class excess(Variable):  # noqa: N801 - OpenFisca names variables by their classes
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "By how much a fall of three per cent is missed"

    def formula(person, period):  # noqa: N805 - the form that OpenFisca reads
        found = person("change", period)
        return np.where(found <= -3, 0, found + 3)


SYSTEM = CountryTaxBenefitSystem()
for variable in (net_income, consumption, product, intensity, change, excess):
    SYSTEM.add_variable(variable)


def inputs(chain, rows):
    """(variable, period, values); the same seeds and ranges as in `bench.formulas`."""
    draw = np.random.default_rng(20).integers
    if chain == "tax":
        return [("salary", MONTH_ASKED, draw(0, 2_000_000, rows) / 100)]
    return [
        (name, period, draw(low, high, rows) / 100)
        for period in (YEAR_BEFORE, YEAR_ASKED)
        for name, low, high in (("consumption", 2 * 10**7, 8 * 10**7), ("product", 5 * 10**11, 10**12))
    ]


def run(chain, rows):
    simulation = SimulationBuilder().build_default_simulation(SYSTEM, rows)
    for name, period, values in inputs(chain, rows):
        simulation.set_input(name, period, values)
    last, period = ("net_income", MONTH_ASKED) if chain == "tax" else ("excess", YEAR_ASKED)
    start = perf_counter()
    found = simulation.calculate(last, period)
    seconds = perf_counter() - start
    return {"seconds": seconds, "first": [float(one) for one in found[:SHOWN]]}


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(run(asked["chain"], asked["rows"])), flush=True)
