"""Date lines: "12 May 2026" under a byline, in English, Arabic and Persian.

A line is one only if nothing is left of it once numbers, names of months and days, and the few words
that go with them are taken away.
"""

from __future__ import annotations

import re
from functools import cache

from babel.dates import get_day_names, get_month_names, get_period_names

from nashra.intake.wording import comparable

MAX_DATE_LINE_CHARS = 80

# Arabic names its months in four ways, by country. Babel has no names for the Persian calendar.
_LOCALES = ("en", "ar_EG", "ar_SY", "ar_DZ", "ar_MA", "fa")
_PERSIAN_MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_OTHER_WORDS = (
    "published updated posted last on at date time gmt utc am pm a p m st nd rd th h sept "
    "نشر نشرت تاريخ النشر آخر تحديث في الساعة يوم بتوقيت غرينتش ص م هـ "
    "منتشر شده به روز شده تاریخ انتشار ساعت در روز"
)
_YEAR = re.compile(r"(?<![0-9])(?:1[34]|19|20)[0-9]{2}(?![0-9])")
_WORD = re.compile(r"[^\W\d_]+")


def is_date_line(text: str) -> bool:
    """Whether a whole line is a date with a year, and perhaps a time of day."""
    if len(text) > MAX_DATE_LINE_CHARS:
        return False
    line = comparable(text)
    return bool(_YEAR.search(line)) and all(word in _date_words() for word in _WORD.findall(line))


@cache
def _date_words() -> frozenset[str]:
    names = [_PERSIAN_MONTHS, _OTHER_WORDS]
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            names += get_month_names(width, locale=locale).values()
            names += get_day_names(width, locale=locale).values()
        names += get_period_names(locale=locale).values()
    return frozenset(_WORD.findall(comparable(" ".join(names))))
