"""Moments, days and months as a publication's readers write them.

Arabic: the Gregorian calendar in Arabic-Indic digits. Persian: the Jalali calendar in Persian digits.
Everything else: day, month, year by Babel's month names. Must not ask what time it is.
"""

from __future__ import annotations

import calendar
import datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from persiantools.jdatetime import JalaliDate

from nashra.theme.digits import local_digits, primary

# The Solar Hijri months in Persian; persiantools' own names carry a Latin or an English-keyboard variant.
_JALALI_MONTHS = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"]
_JALALI_MONTHS += ["مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
# Latin letters before local digits would be torn apart by the rules of bidirectional text.
_MEAN_TIME = {"ar": "غرينتش", "fa": "گرینویچ"}
_COMMA = {"ar": "،", "fa": "،", "ur": "،", "ps": "،", "ckb": "،"}


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def _month_names(language: str) -> dict[int, str]:
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return dict(locale.months["format"]["wide"])


def in_zone(moment: datetime.datetime, time_zone: str) -> datetime.datetime:
    """The same moment on the publication's own clock."""
    return moment.astimezone(_zone(time_zone))


@lru_cache(maxsize=4096)
def format_date(day: datetime.date, language: str) -> str:
    """A day with its month in words: ``22 November 2026``, ``٢٢ نوفمبر ٢٠٢٦``, ``۱ آذر ۱۴۰۵``."""
    if primary(language) == "fa":
        jalali = JalaliDate(day)
        text = f"{jalali.day} {_JALALI_MONTHS[jalali.month - 1]} {jalali.year}"
    else:
        text = f"{day.day} {_month_names(language)[day.month]} {day.year}"
    return local_digits(text, language)


def format_local_day(moment: datetime.datetime, language: str, time_zone: str) -> str:
    """The day that a moment falls on, by the publication's own clock."""
    return format_date(in_zone(moment, time_zone).date(), language)


def format_moment(moment: datetime.datetime, language: str, time_zone: str) -> str:
    """A moment to the minute with its offset from UTC: ``22 November 2026, 17:05 (UTC+2)``."""
    local = in_zone(moment, time_zone)
    clock = _clock(local.hour, local.minute, local.utcoffset(), language)
    return f"{format_date(local.date(), language)}{clock}"


@lru_cache(maxsize=1024)
def format_month(year: int, month: int, language: str) -> str:
    """A Gregorian month; in Persian with the Jalali months that it spans, as readers there count them."""
    text = local_digits(f"{_month_names(language)[month]} {year}", language)
    return f"{text} ({_jalali_span(year, month)})" if primary(language) == "fa" else text


def _jalali_span(year: int, month: int) -> str:
    first = JalaliDate(datetime.date(year, month, 1))
    last = JalaliDate(datetime.date(year, month, calendar.monthrange(year, month)[1]))
    first_year = "" if first.year == last.year else f" {first.year}"
    names = _JALALI_MONTHS[first.month - 1], _JALALI_MONTHS[last.month - 1]
    return local_digits(f"{names[0]}{first_year} تا {names[1]} {last.year}", "fa")


@lru_cache(maxsize=16384)
def _clock(hour: int, minute: int, offset: datetime.timedelta | None, language: str) -> str:
    """What follows the day: ``, 17:05 (UTC+2)``. There are 1,440 of them for a language and an offset."""
    comma = _COMMA.get(primary(language), ",")
    offset_words = _offset(offset or datetime.timedelta(), language)
    return f"{comma} " + local_digits(f"{hour:02}:{minute:02} ({offset_words})", language)


def _offset(offset: datetime.timedelta, language: str) -> str:
    minutes = int(offset.total_seconds()) // 60
    name = _MEAN_TIME.get(primary(language), "UTC")
    if not minutes:
        return name
    sign = "+" if minutes > 0 else "−"
    hours, rest = divmod(abs(minutes), 60)
    return f"{name}{sign}{hours}" + (f":{rest:02}" if rest else "")
