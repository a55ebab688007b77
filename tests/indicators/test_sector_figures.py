"""What plans ask of the sectors is told by somebody: by a form, or by a formula over figures that forms tell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from telling import BOOK, engine, published, told

from shuangkong.core.fact import Fact
from shuangkong.core.period import Period
from shuangkong.reporting.checks.cases import content_of
from shuangkong.reporting.derive import values
from shuangkong.reporting.forms.spans import covered

DAY = date(2025, 12, 31)
FORMS = {form.id: form for form in BOOK.forms_on(DAY)}
FED = {field.fact.indicator for form in FORMS.values() for field in form.fields.values() if field.fact}
#: Row of the list of sector statistics → its indicators.
ASKED = {
    "water": """
        water_per_gdp_decline water_per_industry_decline irrigation_coefficient water_reuse_rate reclaimed_water_rate
        park_water_per_industry public_leakage_rate water_saving_enterprise_count water_saving_community_count
        water_saving_public_building_rate water_saving_county_count""",
    "sewage and sludge": """
        urban_sewage_rate county_sewage_rate urban_central_sewage_rate rural_sewage_rate sludge_disposal_rate
        urban_sludge_disposal_rate county_sludge_disposal_rate""",
    "waste": """
        village_garbage_treated_share garbage_safe_rate garbage_safe_plain_rate county_garbage_safe_rate
        garbage_burning_share""",
    "circular": "solid_waste_use_rate straw_use_rate national_park_circular_share provincial_park_circular_share",
    "agriculture": """
        manure_use_rate farm_sewage_use_rate farm_facility_share large_farm_facility_share fertiliser_growth
        pesticide_growth fertiliser_efficiency pesticide_efficiency fertiliser_use_efficiency pesticide_use_efficiency
        green_control_coverage unified_control_coverage rural_power_coverage""",
    "buildings": """
        green_building_share prefabricated_building_share green_material_new_share green_material_green_share
        green_material_retrofit_share residential_design_saving_rate public_design_saving_rate building_standard_rate
        residential_retrofit_rate retrofit_area roof_photovoltaic_area""",
    "transport": """
        public_transport_share coach_energy_intensity truck_energy_intensity urban_transit_energy_intensity
        coach_carbon_intensity truck_carbon_intensity urban_transit_carbon_intensity new_heavy_truck_clean_share
        new_coach_clean_energy_share new_bus_new_energy_share new_taxi_clean_energy_share fuel_consumption
        new_car_fuel_consumption new_energy_vehicle_output new_energy_vehicle_revenue
        new_energy_vehicle_industry_revenue oil_vapour_recovery_rate""",
    "institutions": """
        public_institution_area_intensity public_institution_person_intensity public_institution_person_water
        public_institution_green_building_rate water_saving_unit_share office_water_saving_unit_share
        service_water_saving_unit_share saving_institution_share new_official_car_new_energy_share
        new_energy_official_car_share public_institution_charging_space_share model_institution_count
        national_model_institution_count provincial_model_institution_count municipal_model_institution_count""",
    "solvents": "solvent_coating_share solvent_ink_share solvent_adhesive_share solvent_adhesive_total",
    "economy and industry": """
        high_tech_output_share high_tech_output_designated_share services_share strategic_industry_share
        saving_services_output smart_factory_count digital_workshop_count smart_workshop_count cloud_enterprise_count
        efficient_appliance_share benchmark_capacity_share baseline_capacity_share""",
}
#: A year's returns of a form, as far as a share needs them, and the share worked by hand.
WORKED = [
    ("environment_department", "2025", "solvent.coating.total 400, solvent.coating.solvent 100",
     "solvent_coating_share", 25),
    ("environment_department", "2025", "solvent.adhesive.total 50, solvent.adhesive.solvent 7.5",
     "solvent_adhesive_share", 15),
    ("energy_department", "2025", "village.village_count.value 200, village.rural_power_village_count.value 190",
     "rural_power_coverage", 95),
    # 40 of 50 stations, 3 of 4 depots, 5 of 6 tankers: 48 of 60 together.
    ("commerce_department", "2025-H2",
     "oil_vapour.station.count 50, oil_vapour.station.recovered 40, oil_vapour.depot.count 4, "
     "oil_vapour.depot.recovered 3, oil_vapour.tanker.count 6, oil_vapour.tanker.recovered 5",
     "oil_vapour_recovery_rate", 80),
    # 30 of 30 offices, 45 of 90 public service units: 75 of 120 together.
    ("institution_department", "2025-H2",
     "water_saving.office.count 30, water_saving.office.saving 30, "
     "water_saving.service.count 90, water_saving.service.saving 45",
     "water_saving_unit_share", Decimal("62.5")),
    ("institution_department", "2025-H2",
     "replacement.public_institution_new_area.value 8, replacement.public_institution_new_green_area.value 6",
     "public_institution_green_building_rate", 75),
    ("housing_department", "2025",
     "building.green_material_new_value.value 6000, building.material_new_value.value 15000",
     "green_material_new_share", 40),
    # 1.2 and 0.3 million square metres.
    ("housing_department", "2025",
     "retrofit.residential_retrofit_area.value 120, retrofit.public_retrofit_area.value 30",
     "retrofit_area", 1_500_000),
    ("agriculture_department", "2025", "farming.green_control_area.value 45, farming.treated_area.value 90",
     "green_control_coverage", 50),
    ("urban_department", "2025", "sewage.county_sludge_total.value 500, sewage.county_sludge_disposed.value 300",
     "county_sludge_disposal_rate", 60),
    ("industry_department", "2025", "vehicle.fuel_consumption.value 4.96", "fuel_consumption", Decimal("4.96")),
]  # fmt: skip


def lacking(indicator: str, above: frozenset[str] = frozenset()) -> set[str]:
    """Indicators at the bottom of one, that no form tells. ``x@2020`` is x at the prices of 2020."""
    indicator = indicator.partition("@")[0]
    if indicator in FED or indicator in above:
        return set()
    formulas = [each for each in BOOK.every_rule()[indicator].formulas if each.validity.holds_on(DAY)]
    if not formulas:
        return {indicator}
    inputs = {each.indicator for formula in formulas for each in formula.inputs.values()}
    return set().union(*(lacking(each, above | {indicator}) for each in inputs))


@pytest.mark.parametrize("row", ASKED)
def test_each_figure_of_the_sectors_comes_from_a_form(row: str) -> None:
    nobody = {each: sorted(found) for each in ASKED[row].split() if (found := lacking(each))}
    assert nobody == {}


@pytest.mark.parametrize(("form", "period", "entered", "indicator", "expected"), WORKED)
def test_a_share_follows_from_what_the_form_tells(
    form: str, period: str, entered: str, indicator: str, expected: Decimal | int
) -> None:
    found = engine(facts_of(form, period, entered))
    assert published(found, indicator, 2025) == expected


@pytest.mark.parametrize(
    ("form", "period", "entered", "total"),
    [
        ("institution_department", "2025-H2", "water_saving.office.count 100, water_saving.office.saving 50",
         {"water_unit_count", "water_saving_unit_count"}),
        ("commerce_department", "2025-H2", "oil_vapour.station.count 50, oil_vapour.station.recovered 40",
         {"oil_station_count", "oil_vapour_station_count"}),
        ("housing_department", "2025", "retrofit.residential_retrofit_area.value 120", {"retrofit_area"}),
    ],
)  # fmt: skip
def test_a_part_is_no_total(form: str, period: str, entered: str, total: set[str]) -> None:
    assert total & {each.cell.indicator for each in facts_of(form, period, entered)} == set()


def facts_of(form: str, period: str, entered: str) -> list[Fact]:
    """What a return of these lines tells, each figure of the time that its field covers."""
    made = FORMS[form]
    figures = values(made, content_of(made, entered.replace(", ", "\n")))
    return [
        told(field.fact.indicator, str(covered(field.span, Period.parse(period))), str(figure), field.printed or "个")
        for address, field in made.fields.items()
        if field.fact and isinstance(figure := figures.get(address), Decimal)
    ]
