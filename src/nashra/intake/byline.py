"""Bylines: "By NAME in PLACE" and its Arabic and Persian forms → names and a place.

Names stay as they are written. Where the words allow two readings, the byline carries a sentence
that says which one was taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nashra.intake.wording import DIRECTION_SIGNS, bare, quoted

MAX_BYLINE_CHARS = 160
MAX_NAME_WORDS = 7

# Each form: how a byline begins, what stands before its place, and what stands between its names.
_FORMS = (
    (
        re.compile(r"by(?:\s*:\s*|\s+)", re.IGNORECASE),
        re.compile(r"\s+in\s+", re.IGNORECASE),
        re.compile(r"\s*,\s*and\s+|\s+and\s+|\s*[,;]\s*|\s+&\s+", re.IGNORECASE),
    ),
    (
        re.compile(r"(?:بقلم|إعداد|اعداد|كتبت|كتب|تقرير)(?:\s*:\s*|\s+)"),
        re.compile(r"\s+(?:من|في)\s+"),
        re.compile(r"\s*[،,؛]\s*و?\s*|\s+و\s+"),
    ),
    (
        re.compile(
            r"(?:به\s+قلمِ?|به‌قلم|نوشتهٔ|نوشته‌ی|نوشته\s+ی|نوشته|نویسنده|نویسندگان|گزارش\s+از|"
            r"گزارشِ)(?:\s*:\s*|\s+)"
        ),
        re.compile(r"\s+(?:از|در)\s+"),
        re.compile(r"\s*[،,؛]\s*|\s+و\s+"),
    ),
)
_FINAL_STOP = re.compile(r"[.!?؟۔…:;؛]$")
_PARTICLE_WORDS = (
    "al el ad an ar as at az bin ben ibn bint abu abi umm "
    "da de del della der des di do dos du la le van von y e i"
)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_NO_NAMES = re.compile(
    r"\b(?:staff|correspondents?|reporters?|writers?|our|agencies|editors?|desk|newsroom)\b|"
    r"مراسل|مراسلنا|مراسلتنا|وكالات|المحرر|هيئة التحرير|خبرنگار|هیئت تحریریه|تحریریه",
    re.IGNORECASE,
)
# "و" (and) is written as one with the next word, and these names begin with that very letter.
_WAW_WORDS = (
    "وليد وائل وسام وسيم وفاء ورد وردة وداد وجدي وجدان وجيه وحيد وحيدة وهيب وهبة وهبي وضاح ولاء ولي "
    "ونيس وفيق وفيقة وصفي واصف والي وديع وديعة وسن وصال وعد وفا وليم ويليام واثق وافي واعد وجنات وسمية "
    "وهاب ورقاء وطفة وزير وكيل"
)
_NAMES_WITH_WAW = frozenset(_WAW_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """The names of a byline in order, its place or "", and what could be read two ways."""

    authors: tuple[str, ...]
    place: str = ""
    doubts: tuple[str, ...] = ()


def byline_of(text: str) -> Byline | None:
    """The byline that a whole line is, else None: a sentence that begins with "By" is none."""
    line = bare(text.translate({ord(sign): None for sign in DIRECTION_SIGNS}))
    if len(line) > MAX_BYLINE_CHARS or _ends_a_sentence(line):
        return None
    for opening, before_place, between_names in _FORMS:
        match = opening.match(line)
        if match is None:
            continue
        byline = _parts(line[match.end() :], before_place, between_names)
        if byline and all(_may_be_a_name(name) for name in byline.authors):
            return byline
    return None


def declared_byline(text: str) -> Byline:
    """The names and place of a line that is declared to be a byline, whatever stands in it.

    "By NAME in PLACE" is taken apart in each language's form; a line without such an opening is names.
    """
    line = bare(text.translate({ord(sign): None for sign in DIRECTION_SIGNS}))
    for opening, before_place, between_names in _FORMS:
        match = opening.match(line)
        if match and (byline := _parts(line[match.end() :], before_place, between_names)):
            return byline
    _opening, _before_place, between_names = _FORMS[0]
    return Byline(authors=tuple(name for name in between_names.split(line) if name))


def _parts(rest: str, before_place: re.Pattern[str], between_names: re.Pattern[str]) -> Byline | None:
    pieces = before_place.split(rest)
    names, places = pieces[0], pieces[1:]
    doubts: list[str] = []
    place = places[0] if places else ""
    authors = [name for name in between_names.split(names) if name]
    if len(places) > 1:
        authors, place = _with_second_place(authors, rest, before_place, between_names)
        doubts.append(
            f"The byline {quoted(rest)} names more than one place: {quoted(place)} was taken as the dateline."
        )
    elif place and re.search(r"\s(?:and|&|و)\s", place):
        doubts.append(
            f"The byline's place {quoted(place)} may be two places, or a place and a name: it was kept as "
            "one."
        )
    authors, doubt = _split_at_waw(authors)
    doubts += doubt
    doubts += [
        f"The byline's {quoted(name)} may be no person's name." for name in authors if _NO_NAMES.search(name)
    ]
    if not authors:
        return None
    return Byline(authors=tuple(authors), place=place, doubts=tuple(doubts))


def _with_second_place(
    authors: list[str], rest: str, before_place: re.Pattern[str], between_names: re.Pattern[str]
) -> tuple[list[str], str]:
    """Names and first place of "A in X and B in Y"; a place such as "X in Y" stays whole."""
    first, *middles, _last = before_place.split(rest)
    found = list(authors)
    place = ""
    for middle in middles:
        here, *more = [part for part in between_names.split(middle) if part]
        place = place or here
        found += more
    if len(found) == len(authors):
        match = before_place.search(rest, len(first))
        return found, rest[match.end() :] if match else place
    return found, place


def _split_at_waw(authors: list[str]) -> tuple[list[str], list[str]]:
    """Arabic names parted at an "and" that is written as one with the name after it."""
    found: list[str] = []
    doubts: list[str] = []
    for author in authors:
        words = author.split()
        cut = next((i for i in range(2, len(words) - 1) if _begins_with_and(words[i])), None)
        if cut is None:
            found.append(author)
            continue
        first, second = " ".join(words[:cut]), " ".join(words[cut:])[1:]
        doubts.append(
            f"The byline's {quoted(author)} was taken as two names, {quoted(first)} and {quoted(second)}."
        )
        more, more_doubts = _split_at_waw([second])
        found += [first, *more]
        doubts += more_doubts
    return found, doubts


def _begins_with_and(word: str) -> bool:
    return word.startswith("و") and len(word) > 3 and (word.startswith("وو") or word not in _NAMES_WITH_WAW)


def _ends_a_sentence(line: str) -> bool:
    # "By Rana K." and "By Sami Jr." end in an initial or a short title, not in a sentence.
    return bool(_FINAL_STOP.search(line)) and not re.search(r"\b(?:\w|Jr|Sr)\.$", line)


def _may_be_a_name(name: str) -> bool:
    """Whether words can be a person's name: few, and in scripts with capitals each has one."""
    words = name.split()
    if not words or len(words) > MAX_NAME_WORDS or any(char.isdigit() for char in name):
        return False
    if any(char in '"“”«»?!؟،' for char in name):
        return False
    if _NO_NAMES.search(name):
        return True
    return all(_is_capitalised(word) or word.casefold() in _PARTICLES for word in words) and any(
        not word.islower() for word in words
    )


def _is_capitalised(word: str) -> bool:
    first = next((char for char in word if char.isalpha()), "")
    if not first:
        return False
    # "al-Khair" and "d'Arc" have their capital within; letters without case always pass.
    return not first.islower() or any(char.isupper() for char in word)
