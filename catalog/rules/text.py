"""One form for text from every channel, so that rules and models compare like with like."""

import re
import unicodedata

# Full-width ASCII (digits, letters, signs) lies at a fixed distance from ASCII. Chinese punctuation
# that merely has an ASCII look-alike stays, since rules split sentences at it.
_CHINESE_PUNCTUATION = "，。！？；：（）“”‘’、《》〈〉【】〔〕…—～·「」『』"
_HALF_WIDTH = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in _CHINESE_PUNCTUATION
}
_BLANKS = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r"[^\S\n]*\n\s*")


def normalise(text: str) -> str:
    """`text` with full-width digits, letters and signs made half-width, control and invisible format
    characters taken out, every run of blanks one space, and blank lines and margins removed.

    Chinese punctuation and the words stay as they are. Doing it twice changes nothing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_HALF_WIDTH)
    text = "".join(char for char in text if char in "\n\t" or not _is_invisible(char))
    return _LINE_ENDS.sub("\n", _BLANKS.sub(" ", text)).strip()


def _is_invisible(char: str) -> bool:
    # Cc control, Cf format (zero-width, direction marks), Cs lone surrogates, which cannot be stored.
    return unicodedata.category(char) in ("Cc", "Cf", "Cs")
