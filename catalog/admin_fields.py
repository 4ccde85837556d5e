"""Lists of words as people write them: one a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class WordsField(forms.CharField):
    """A list of words, one a line; the same word twice is refused."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, **options: Any) -> None:
        # The database column's own options (encoder, decoder) mean nothing to lines of text.
        options.pop("encoder", None)
        options.pop("decoder", None)
        options["help_text"] = options.get("help_text") or "每行一个"
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = [line.strip() for line in (value or "").splitlines() if line.strip()]
        doubled = sorted({word for word in words if words.count(word) > 1})
        if doubled:
            raise ValidationError(f"重复：{'、'.join(doubled)}，请只保留一个。")
        return words

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        return list(initial or []) != [
            line.strip() for line in (data or "").splitlines() if line.strip()
        ]
