"""The few words that a bundle says itself, in each language.

Must not claim that a bundle vouches for itself: none can.
"""

from __future__ import annotations

from dataclasses import dataclass

RIGHT_TO_LEFT = frozenset(["ar", "fa", "ur", "he", "ckb", "ps"])


@dataclass(frozen=True, slots=True)
class Wording:
    """A bundle's own words in one language; ``check`` is told of the file and of the newsroom's key."""

    contents: str
    edition: str
    back: str
    check_title: str
    check: str


_WORDS = {
    "en": Wording(
        contents="Contents",
        edition="Edition {number}, {date}",
        back="Contents",
        check_title="Is this really ours?",
        check="Nothing in this file can vouch for it: whoever changes a word can change this sentence too. "
        "Beside it came a small file whose name ends in .minisig. With that and our key, which you should "
        "have by another road (on paper, by voice, from a friend), type: minisign -V -P KEY -m FILE, or "
        "nashra verify FILE --key KEY.",
    ),
    "ar": Wording(
        contents="المحتويات",
        edition="العدد {number}، {date}",
        back="المحتويات",
        check_title="هل هذا منّا حقًا؟",
        check="لا شيء في هذا الملف يشهد له: من يغيّر كلمة يستطيع أن يغيّر هذه الجملة أيضًا. وصل معه ملف صغير "
        "ينتهي اسمه بـ .minisig. بذلك الملف وبمفتاحنا، الذي ينبغي أن يصلك بطريق آخر (على ورق أو بصوت أو من "
        "صديق)، اكتب: minisign -V -P KEY -m FILE أو nashra verify FILE --key KEY.",
    ),
    "fa": Wording(
        contents="فهرست",
        edition="شمارهٔ {number}، {date}",
        back="فهرست",
        check_title="آیا این به‌راستی از ماست؟",
        check="هیچ چیز در این پرونده آن را تأیید نمی‌کند: هر که واژه‌ای را تغییر دهد، این جمله را هم می‌تواند. "
        "همراه آن پروندهٔ کوچکی آمده که نامش به .minisig پایان می‌یابد. با آن و کلید ما، که باید از راهی دیگر "
        "به شما رسیده باشد (روی کاغذ، با صدا، از یک دوست)، بنویسید: minisign -V -P KEY -m FILE یا "
        "nashra verify FILE --key KEY.",
    ),
}


def wording(language: str) -> Wording:
    """The words of a language, or of English where we have none of it."""
    return _WORDS.get(language.partition("-")[0], _WORDS["en"])


def direction(language: str) -> str:
    """How a language is written: ``rtl`` or ``ltr``."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
