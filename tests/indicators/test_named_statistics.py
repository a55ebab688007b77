"""What the statistics of plans are made of: each figure that plans name has an indicator, and formulas yield theirs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from telling import BOOK, PLACE, engine, published, told

from shuangkong.core.fact import Subject
from shuangkong.policyfile.kinds_indicators import FIELDS

#: Chapter of what is needed → indicators; those that are told and those that a formula yields.
NAMED = {
    "energy": """
        total_consumption consumption_increment coal_total coal_share power_coal_share gas_share non_fossil_share
        non_fossil_primary_share total_consumption_calorific coal_power_capacity local_power_capacity
        coal_power_capacity_share scattered_coal_consumption network_scattered_coal network_scattered_coal_share
        network_area network_area_count network_area_ban_count network_area_ban_rate fuel_ban_area
        fuel_ban_scattered_coal industry_terminal_consumption construction_terminal_consumption
        services_terminal_consumption transport_terminal_consumption construction_value_added_intensity
        transport_value_added_intensity""",
    "intensity": """
        energy_intensity industry_energy_intensity energy_intensity_cumulative_decline steel_unit_consumption
        clinker_unit_consumption ammonia_unit_consumption ethylene_unit_consumption refining_unit_consumption
        copper_unit_consumption pb_unit_consumption glass_unit_consumption paper_unit_consumption
        electrolytic_aluminium_unit_electricity coach_energy_intensity truck_energy_intensity
        urban_transit_energy_intensity civil_building_area_intensity public_building_area_intensity
        residential_building_area_intensity public_institution_area_intensity""",
    "water": """
        water_per_gdp water_per_gdp_decline water_per_industry water_per_industry_decline irrigation_coefficient
        water_reuse_rate reclaimed_water_rate park_water_per_industry public_leakage_rate water_saving_enterprise_count
        water_saving_community_count water_saving_public_building_count water_saving_public_building_rate
        water_saving_county_count""",
    "sewage and waste": """
        urban_sewage_rate county_sewage_rate urban_central_sewage_rate rural_sewage_rate sludge_disposal_rate
        urban_sludge_disposal_rate county_sludge_disposal_rate village_garbage_treated_share garbage_safe_rate
        county_garbage_safe_rate garbage_burning_share""",
    "recovered, renewable, circular": """
        recovered_energy_total recovered_energy_share renewable_consumption renewable_power_consumption renewable_share
        solid_waste_use_rate straw_use_rate national_park_circular_share provincial_park_circular_share
        park_energy_consumption park_renewable_consumption park_renewable_share""",
    "agriculture": """
        manure_use_rate farm_sewage_use_rate farm_facility_share large_farm_count large_farm_facility_count
        large_farm_facility_share fertiliser_growth pesticide_growth fertiliser_use_efficiency pesticide_use_efficiency
        green_control_coverage unified_control_coverage rural_power_coverage""",
    "buildings": """
        green_building_share prefabricated_building_share green_material_new_share green_material_green_share
        green_material_retrofit_share residential_design_saving_rate public_design_saving_rate residential_retrofit_rate
        roof_photovoltaic_area civil_building_energy public_building_energy residential_building_energy
        civil_building_electricity civil_building_heat civil_building_floor_area""",
    "transport": """
        public_transport_share coach_carbon_intensity truck_carbon_intensity urban_transit_carbon_intensity
        new_heavy_truck_clean_share new_coach_clean_energy_share new_taxi_clean_energy_share fuel_consumption
        new_energy_vehicle_output new_energy_vehicle_revenue oil_vapour_recovery_rate""",
    "solvents and economy": """
        solvent_coating_share solvent_ink_share solvent_adhesive_share high_tech_output_share services_share
        strategic_industry_share saving_services_output smart_factory_count digital_workshop_count
        cloud_enterprise_count efficient_appliance_share benchmark_capacity_share baseline_capacity_share""",
    "carbon": """
        forest_carbon_sink grassland_carbon_sink wetland_carbon_sink carbon_sink_total carbon_sink_traded
        market_emission market_quota market_surrendered market_offset market_quota_gap market_due""",
}
TOWNS = (Subject("region", "990001"), Subject("region", "990002"))


@pytest.mark.parametrize("chapter", NAMED)
def test_what_plans_name_has_an_indicator(chapter: str) -> None:
    assert [each for each in NAMED[chapter].split() if each not in BOOK.indicator_rules()] == []


def test_each_field_has_indicators() -> None:
    assert {rule.field for rule in BOOK.indicator_rules().values() if rule.field} == set(FIELDS)


def test_energy_of_a_field_comes_from_its_rows_of_the_balance() -> None:
    found = engine(
        [
            told(f"energy_balance_equivalent.{row}.all", 2024, figure, "万吨标准煤")
            for row, figure in (("industry", "40"), ("construction", "3"), ("trade", "5"), ("other", "7"))
        ]
        + [told("construction_value_added", 2024, "60", "亿元")]
    )
    assert published(found, "industry_terminal_consumption", 2024) == 40
    assert published(found, "services_terminal_consumption", 2024) == 12
    assert published(found, "construction_value_added_intensity", 2024) == Decimal("0.05")


def test_an_intensity_of_a_whole_weighs_its_parts_and_what_is_told_comes_first() -> None:
    one, other = TOWNS
    facts = [
        told("clinker_energy", 2024, "10", "万吨标准煤", one), told("clinker_output", 2024, "100", "万吨", one),
        told("clinker_energy", 2024, "36", "万吨标准煤", other), told("clinker_output", 2024, "300", "万吨", other),
    ]  # fmt: skip
    assert published(engine(facts, {PLACE: TOWNS}), "clinker_unit_consumption", 2024) == 115
    printed = told("clinker_unit_consumption", 2024, "112", "千克标准煤/吨")
    assert published(engine([*facts, printed], {PLACE: TOWNS}), "clinker_unit_consumption", 2024) == 112


def test_a_surplus_of_one_emitter_does_not_hide_who_lacks_quota() -> None:
    one, other = (Subject("unit", code) for code in ("U1", "U2"))
    form = "吨二氧化碳当量"
    found = engine(
        [
            told("market_emission", 2024, "120", form, one), told("market_quota", 2024, "100", form, one),
            told("market_emission", 2024, "80", form, other), told("market_quota", 2024, "100", form, other),
        ]
    )  # fmt: skip
    assert [published(found, "market_quota_gap", 2024, unit) for unit in (one, other)] == [20, -20]
