"""Which numbered scope clause an item falls under (青政办〔2022〕88号 三（一）). The document does not
join the two itself: the join is ours, by the clauses' own words."""

from collections.abc import Mapping

from catalog.rules.entries import Catalogue

# Keys are codes cut at any length; the longest that fits counts.
_CLAUSES: Mapping[str, str] = {
    "12345-01": "12345-1",
    "12345-02": "12345-6",
    "12345-0204": "12345-2",
    "12345-0206": "12345-2",
    "12345-03": "12345-2",
    "12345-0401": "12345-5",
    "12345-0402": "12345-3",
    "12345-0403": "12345-4",
    "12345-0404": "12345-4",
    "12345-05": "12345-6",
    "110-01": "110-1",
    "110-02": "110-1",
    "110-03": "110-1",
    "110-04": "110-1",
    "110-05": "110-2",
    "110-0601": "110-6",
    "110-060101": "110-4",
    "110-060102": "110-4",
    "110-060104": "110-4",
    "110-060106": "110-5",
    "110-060107": "110-5",
    "110-060108": "110-5",
    "110-060109": "110-5",
    "110-060110": "110-7",
    "110-060111": "110-3",
    "110-060114": "110-7",
    "110-060115": "110-3",
    "110-0602": "110-9",
    "110-060201": "110-3",
    "110-060203": "110-7",
    "110-060213": "110-7",
    "110-060214": "110-7",
    "110-0603": "110-1",
    "110-0604": "110-9",
    "110-07": "110-8",
    "110-08": "110-9",
}


def clause_code_of(item_code: str) -> str:
    """The clause's code, or an empty string for a code of no list."""
    for length in range(len(item_code), 3, -1):
        found = _CLAUSES.get(item_code[:length])
        if found:
            return found
    return ""


def clause_words(code: str, catalogue: Catalogue) -> str:
    """Document and place as one reads them: 青政办〔2022〕88号 三（一）2（3）."""
    if code == "48-3-1":
        return "青政办〔2021〕48号 三（一）"
    clause = catalogue.clauses.get(code)
    return f"{clause.source.document} {clause.label}" if clause else ""
