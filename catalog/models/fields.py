"""How lists of words are kept."""

import json
from typing import Any


class ReadableEncoder(json.JSONEncoder):
    """Keeps Chinese as it is: SQLite searches the stored text, where an escaped word is not found."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"ensure_ascii": False})
