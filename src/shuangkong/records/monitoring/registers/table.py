"""全部登记册, by key, in the order of pages."""

from __future__ import annotations

from collections.abc import Mapping

from shuangkong.records.monitoring.registers import (
    boilers,
    equipment,
    labels,
    machines,
    manual,
    metering,
    places,
    prices,
    publishing,
    quality,
    rural,
    waste,
)
from shuangkong.records.monitoring.registers.register import Register

REGISTERS: Mapping[str, Register] = {
    each.key: each
    for each in (
        places.OUTLETS,
        places.FACTORS,
        equipment.DEVICES,
        equipment.CONNECTIONS,
        equipment.DEVICE_UNITS,
        places.STANDARDS,
        places.LIMITS,
        places.REFERENCE_OXYGENS,
        metering.METERS,
        metering.SWAPS,
        equipment.SERVICES,
        manual.MANUAL_RESULTS,
        places.BOILERS,
        boilers.CERTIFICATES,
        boilers.REMOVALS,
        boilers.INSPECTIONS,
        machines.MACHINES,
        machines.TESTS,
        machines.OPERATORS,
        labels.MODELS,
        labels.FILINGS,
        labels.SALES,
        places.SEWAGE_PLANTS,
        rural.OPERATIONS,
        rural.VILLAGES,
        rural.SETTLEMENTS,
        rural.CHAINS,
        waste.FACILITIES,
        waste.AMOUNTS,
        waste.DUMPS,
        waste.DUMP_CHECKS,
        places.TEST_STATIONS,
        places.KEY_DISCHARGERS,
        publishing.MONITORING_PLANS,
        places.PUBLICATIONS,
        quality.AIR_DAYS,
        quality.SECTION_TARGETS,
        quality.WATER_ZONES,
        prices.POWER_PRICES,
    )
}
