"""Who is told of a notice, by which way, and where a message goes."""

from __future__ import annotations

from catalog.models import Region, Staff, Unit
from catalog.rules.roles import UNIT_ROLES, Role
from hotline.models import Message
from hotline.rules.messages import MessageChannel


class NoAddress(LookupError):
    """The person has no address for this way, or an account that is closed; the text says which."""


def recipients_of(audience: Role, unit: Unit | None, center: Region) -> list[Staff]:
    """The active people that a notice is for.

    Of a unit: those of the role, or, where there are none, everybody of the unit. Of the hotline and
    the government: those of the centre's region, or, where there are none, of its province.
    """
    people = Staff.objects.filter(is_active=True).order_by("pk")
    people = people.select_related("contact").defer("contact__mobile")
    if audience in UNIT_ROLES:
        body = people.filter(unit=unit, role__in=UNIT_ROLES)
        return list(body.filter(role=audience) or body)
    role = people.filter(role=audience)
    return list(role.filter(region=center) or role.filter(region=_top(center)))


def channel_of(person: Staff) -> MessageChannel | None:
    """A text message where there is a mobile number, else e-mail, else nothing but the inbox."""
    if hasattr(person, "contact"):
        return MessageChannel.SMS
    return MessageChannel.EMAIL if person.email else None


def address_of(message: Message) -> str:
    """Where the message goes, looked up now. Raises NoAddress."""
    if message.caller is not None:
        return message.caller.phone
    person = message.staff
    assert person is not None  # the constraint message_has_one_recipient
    if not person.is_active:
        raise NoAddress("账号已停用")
    if message.channel == MessageChannel.SMS:
        if not hasattr(person, "contact"):
            raise NoAddress("没有登记手机号码")
        return str(person.contact.mobile)
    if not person.email:
        raise NoAddress("没有登记邮箱地址")
    return person.email


def _top(region: Region) -> Region:
    while region.parent is not None:
        region = region.parent
    return region
