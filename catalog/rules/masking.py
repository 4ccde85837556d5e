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
    mobile = re.fullmatch(r"(?:0{0,2}86)?(1\d{10})", digits)
    if mobile:
        return f"{mobile[1][:3]}{STARS}{mobile[1][7:]}"
    return digits[:-4] + STARS


def mask_email(address: str) -> str:
    """The first character and the domain: w****@example.com."""
    name, at, domain = address.strip().rpartition("@")
    return f"{name[:1]}{STARS}{at}{domain}" if at else STARS


def mask_identity(number: str) -> str:
    """An identity number with its first six characters (the county) and last two left."""
    number = re.sub(r"[\s-]", "", number)
    if len(number) <= 8:
        return "*" * len(number)
    return number[:6] + "*" * (len(number) - 8) + number[-2:]


def mask_name(name: str) -> str:
    """The first character, and a star for each other: 王*, 王**. One character alone is a star."""
    name = name.strip()
    if len(name) == 1:
        return "*"
    return name[:1] + "*" * (len(name) - 1)


_WORD = "[^0-9０-９省市州县区镇乡路街巷号村]"  # noqa: RUF001 - full-width digits are meant
_DISTRICT = re.compile(
    rf"(?:{_WORD}{{1,4}}省)?"
    rf"(?:{_WORD}{{1,10}}(?:州|市))?"
    rf"(?:{_WORD}{{1,10}}(?:县|(?<!小)区|市|行委|行政委员会))?"
    r"(?:[^0-9０-９省市州县区镇乡号村]{1,10}(?:街道|镇|乡))?"  # noqa: RUF001
)
_ROAD = re.compile(rf"{_WORD}{{1,10}}(?:大街|路|街|巷|村)")


def mask_address(address: str) -> str:
    """The district part (down to county, town or township, or else the road), then ****.

    An address in which no such part is found is hidden as a whole.
    """
    address = address.strip()
    if not address:
        return ""
    district = _DISTRICT.match(address)
    kept = district.group() if district else ""
    if not kept:
        road = _ROAD.match(address)
        kept = road.group() if road else ""
    return address if kept == address else kept + STARS


_GAP = "[ -]?"
_DAY = rf"(?:0[1-9]|1[0-2]){_GAP}(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = rf"[1-9]\d{{5}}{_GAP}(?:19|20)\d{{2}}{_GAP}{_DAY}{_GAP}\d{{3}}[\dXx]"
_OLD_IDENTITY = rf"[1-9]\d{{7}}{_DAY}\d{{3}}"  # fifteen digits, issued before 1999
_CARD = rf"[3-6]\d{{3}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?"
# Eleven digits in the groups in which people say and write them, so that a date followed by a number
# (1998-10-10 120) is not taken for one.
_MOBILE = (
    rf"(?:(?:\+|00)?86{_GAP})?"
    rf"(?:1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}|1[3-9]\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{3}}"
    rf"|1[3-9]\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{4}}|1 [3-9](?: \d){{9}})"
)
_LANDLINE = rf"(?:\(0\d{{2,3}}\)|（0\d{{2,3}}）|0\d{{2,3}}){_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}"
# Longest kind first: an identity number holds what looks like a telephone number.
_NUMBERS = re.compile(
    rf"(?<![\d.*])(?:(?P<identity>{_IDENTITY}|{_OLD_IDENTITY})|(?P<card>{_CARD})"
    rf"|(?P<mobile>{_MOBILE})|(?P<landline>{_LANDLINE}))(?!\d|(?:\.\d+)?\s*[元块万亿])"
)
# One character for one, so that a place in the flat text is the same place in the text.
_FLAT = str.maketrans("０１２３４５６７８９－—–\u3000\u00a0＋Ｘｘ", "0123456789---  +Xx")  # noqa: RUF001


def mask_numbers(text: str) -> str:
    """`text` with telephone, identity and bank card numbers masked, however they are spaced and
    whether half- or full-width.

    Short numbers (12345, 110, 96119), dates and sums of money stay. Doing it twice changes nothing.
    """
    parts = []
    end = 0
    for found in _NUMBERS.finditer(text.translate(_FLAT)):
        parts += [text[end : found.start()], _masked(found)]
        end = found.end()
    return "".join([*parts, text[end:]])


def _masked(found: re.Match[str]) -> str:
    number = found.group()
    if found.lastgroup == "identity":
        return mask_identity(number)
    if found.lastgroup == "card":
        digits = re.sub(r"\D", "", number)
        return digits[:4] + "*" * (len(digits) - 8) + digits[-4:]
    return mask_phone(number)
