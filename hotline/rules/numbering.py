"""Ticket numbers."""

import datetime as dt
import re

NUMBER = re.compile(r"\d{12,13}")


def format_number(day: dt.date, serial: int) -> str:
    """Six digits of the day of receipt and six of the day's serial: 261120000017.

    Short enough to be read out on the telephone. The serial may grow past a million on one day: the
    number then has a digit more and still sorts and stays unique.
    """
    return f"{day:%y%m%d}{serial:06d}"
