"""Personal data made unreadable for whoever does not need it."""

import re

STARS = "****"


def mask_phone(phone: str) -> str:
    """A mobile number as 138****0000, another one with its last four digits hidden.

    Numbers of up to six digits (12345, 110) belong to nobody and stay.
    """
    digits = re.sub(r"\D", "", phone)
    if len(digits) <= 6:
        return phone
    if len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}{STARS}{digits[7:]}"
    return digits[:-4] + STARS


def mask_identity(number: str) -> str:
    """An identity number with its first six characters (the county) and last two left."""
    number = number.strip()
    if len(number) <= 8:
        return "*" * len(number)
    return number[:6] + "*" * (len(number) - 8) + number[-2:]


def mask_name(name: str) -> str:
    """The first character, and a star for each other: 王*, 王**. One character alone is a star."""
    name = name.strip()
    if len(name) == 1:
        return "*"
    return name[:1] + "*" * (len(name) - 1)


# A place down to its county, township or street; what follows tells the door.
_DISTRICT = re.compile(
    r"^.*?(?:省)?.{0,10}?(?:自治州|市|州)?.{0,10}?(?:自治县|行委|行政委员会|县|区|市)"
    r"(?:[^\d]{1,12}?(?:街道|镇|乡))?"
)
_ROAD = re.compile(r"^[^\d]{1,12}?(?:大街|大道|路|街|巷|村)")


def mask_address(address: str) -> str:
    """The district part (down to county, town or township, or else the road), then ****.

    An address in which no such part is found is hidden as a whole.
    """
    address = address.strip()
    if not address:
        return ""
    found = _DISTRICT.match(address) or _ROAD.match(address)
    kept = found.group() if found else ""
    return address if kept == address else kept + STARS


# Longest first: an identity number holds what looks like a telephone number.
_IDENTITY = r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
_OLD_IDENTITY = r"[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
_CARD = r"[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?"
_MOBILE = r"(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:[ -]?\d){8}"
_LANDLINE = r"(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3})[ -]?[2-9]\d{2,3}[ -]?\d{4}"
_NUMBERS = re.compile(
    rf"(?<![\d.])(?:(?P<identity>{_IDENTITY}|{_OLD_IDENTITY})|(?P<card>{_CARD})"
    rf"|(?P<mobile>{_MOBILE})|(?P<landline>{_LANDLINE}))(?!\d)",
    re.ASCII,
)


def mask_numbers(text: str) -> str:
    """`text` with telephone, identity and bank card numbers masked, however they are spaced.

    Short numbers (12345, 110, 96119), dates and sums of money stay. Doing it twice changes nothing.
    """
    return _NUMBERS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    number = found.group()
    if found.lastgroup == "identity":
        return mask_identity(number)
    digits = re.sub(r"\D", "", number)
    if found.lastgroup == "card":
        return digits[:4] + "*" * (len(digits) - 8) + digits[-4:]
    return mask_phone(digits)
