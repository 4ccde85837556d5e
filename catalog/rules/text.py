"""One form for text from every channel, so that rules and models compare like with like."""

import re
import unicodedata

# Full-width ASCII (digits, letters, signs) lies at a fixed distance from ASCII. Chinese punctuation
# that merely has an ASCII look-alike stays, since rules split sentences at it.
_CHINESE_PUNCTUATION = "，。！？；：（）“”‘’、《》〈〉【】〔〕…—～·「」『』"
_HALF_WIDTH = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in _CHINESE_PUNCTUATION
}
# Cc control, Cf format (zero-width, direction marks), Cs lone surrogates, which cannot be stored.
# Outside of these ranges Unicode has ideographs and private characters alone.
_INVISIBLE = dict.fromkeys(
    code
    for code in (*range(0x20000), *range(0xE0000, 0xE0200))
    if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs") and chr(code) not in "\n\t"
)
_FORM = _HALF_WIDTH | _INVISIBLE
_BLANKS = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r"[^\S\n]*\n\s*")


def normalise(text: str) -> str:
    """`text` with full-width digits, letters and signs made half-width, control and invisible format
    characters taken out, every run of blanks one space, and blank lines and margins removed.

    Chinese punctuation and the words stay as they are. Doing it twice changes nothing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_FORM)
    return _LINE_ENDS.sub("\n", _BLANKS.sub(" ", text)).strip()
