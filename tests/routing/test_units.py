"""Who answers: the most local body of the line, then the local government, then the others."""

from routing.rules.decision import UnitRole
from routing.rules.units import hotline_of, rank_units


def test_county_body_leads_where_it_exists(catalogue):
    units = rank_units(catalogue.items["12345-020503"], "630102", catalogue)
    assert units[0].code == "630102-housing"
    assert units[0].role is UnitRole.LEAD
    assert units[0].line == "省住房城乡建设厅"


def test_government_joins_where_only_the_province_has_a_body(catalogue):
    units = rank_units(catalogue.items["12345-020503"], "632722", catalogue)
    assert units[0].code == "630000-housing"
    assert (units[1].code, units[1].role) == ("632722", UnitRole.CO)


def test_without_region_the_provincial_member_leads_alone(catalogue):
    units = rank_units(catalogue.items["12345-020503"], None, catalogue)
    assert units[0].code == "630000-housing"
    assert all(unit.code in catalogue.units for unit in units)


def test_police_matter_has_no_unit(catalogue):
    assert rank_units(catalogue.items["110-010103"], "630102", catalogue) == ()
    assert rank_units(None, "630102", catalogue) == ()


def test_every_item_and_region_gives_at_most_one_lead(catalogue):
    for item in catalogue.items.values():
        for region in ("630102", "630121", "632722", "632857", None):
            units = rank_units(item, region, catalogue)
            leads = [unit for unit in units if unit.role is UnitRole.LEAD]
            assert len(leads) == (1 if units else 0)
            assert len({unit.code for unit in units}) == len(units)


def test_member_of_one_place_answers_nowhere_else(catalogue):
    """西宁供水 is a member unit and serves Xining alone."""
    water = catalogue.items["12345-020501"]
    assert "630000-xining-water" in water.co_lines
    in_xining = {unit.code for unit in rank_units(water, "630102", catalogue)}
    in_yushu = {unit.code for unit in rank_units(water, "632722", catalogue)}
    assert "630000-xining-water" in in_xining
    assert "630000-xining-water" not in in_yushu


def test_the_steps_of_the_chain_are_told(catalogue):
    """属地管理、事权管理, 青政办〔2022〕88号 五（五）."""
    heating = catalogue.items["12345-020503"]
    county = rank_units(heating, "630102", catalogue)[0]
    assert county.why == "热力管网抢修属省住房城乡建设厅条线，县（区、市）一级有承办单位"
    province = rank_units(heating, "632722", catalogue)[0]
    assert "杂多县、玉树藏族自治州没有登记该条线的单位，由上一级承接" in province.why


def test_the_matters_own_line_brings_no_co_handler_of_another(catalogue):
    service = catalogue.items["12345-040102"]
    assert service.open_line
    assert service.co_lines
    units = rank_units(service, "630104", catalogue, line="630000-medical-insurance")
    assert [unit.line for unit in units] == ["省医保局"]


def test_professional_hotline_of_the_item_or_of_the_matters_line(catalogue):
    """青政办〔2021〕48号, 附件."""
    assert hotline_of(catalogue.items["12345-020503"], "", catalogue) == "12319"
    service = catalogue.items["12345-040102"]
    assert hotline_of(service, "630000-medical-insurance", catalogue) == "12393"
    assert (
        hotline_of(service, "630000-health", catalogue) is None
    )  # 12320 and 12356: not told apart
    assert hotline_of(service, "", catalogue) is None
    assert hotline_of(None, "", catalogue) is None
