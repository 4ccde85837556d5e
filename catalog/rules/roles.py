"""Who works with the system."""

from enum import StrEnum


class Role(StrEnum):
    """A person's workplace. One role a person; what each may do stands in the transition table."""

    OPERATOR = "operator"
    UNIT_CLERK = "unit_clerk"
    UNIT_LEADER = "unit_leader"
    SUPERVISOR = "supervisor"
    GOVERNMENT = "government"
    ADMINISTRATOR = "administrator"
    MACHINE = "machine"


ROLE_NAMES: dict[Role, str] = {
    Role.OPERATOR: "话务员",
    Role.UNIT_CLERK: "承办单位经办人",
    Role.UNIT_LEADER: "承办单位负责人",
    Role.SUPERVISOR: "热线督办员",
    Role.GOVERNMENT: "政府办督查员",
    Role.ADMINISTRATOR: "系统管理员",
    Role.MACHINE: "对接系统",
}

# Who works for a unit, and sees that unit's tickets alone.
UNIT_ROLES = frozenset({Role.UNIT_CLERK, Role.UNIT_LEADER})
# Who works for the hotline, and sees the tickets of the hotline's own region.
HOTLINE_ROLES = frozenset({Role.OPERATOR, Role.SUPERVISOR})
# Who reads the tickets of a region without acting in them: the government office above the hotline
# (青政办〔2021〕48号 四（一）).
READING_ROLES = HOTLINE_ROLES | {Role.GOVERNMENT}
