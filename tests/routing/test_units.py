"""Who answers: the most local body of the line, then the local government, then the others."""

from routing.rules.decision import UnitRole
from routing.rules.units import rank_units


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
