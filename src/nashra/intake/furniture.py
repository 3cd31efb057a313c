"""The page's furniture: lines that belong to a news site and not to its story.

Knows the reaction question, the comment count, the comment policy line and the comment form's own
lines in English, Arabic and Persian. It compares whole lines only, so that no sentence of a story
which merely mentions comments is taken for furniture.
"""

from __future__ import annotations

import re
from enum import Enum

from nashra.intake.wording import comparable

MAX_FURNITURE_CHARS = 160


class Furniture(Enum):
    """What a line of furniture is."""

    REACTION = "reaction question"
    COMMENT_COUNT = "comment count"
    COMMENT_FORM = "comment form"


# Patterns see ``comparable`` text: plain digits, lower case, no Arabic vowels, one form of each
# letter (ی for ي, ک for ك, ا for أ, ه for ة).
_COUNTER = r"[0-9][0-9,.]* ?/ ?[0-9][0-9,.]*"
_REQUIRED = (
    r"denotes (?:a )?required fields?|required fields?(?: are marked)?|"
    r"معناه حقل الزامی|(?:تشیر|یشیر) الی (?:ال)?(?:حقل|حقول) (?:ال)?(?:مطلوب|الزامی)ه?|"
    r"(?:ال)?(?:حقل|حقول) (?:ال)?(?:مطلوب|الزامی)ه?|"
    r"نشان ?دهنده (?:فیلد )?(?:لازم|الزامی)(?: است)?|(?:فیلد|فیلدهای|پر کردن این فیلد) (?:الزامی|ضروری|"
    r"اجباری)(?: است)?"
)
_POLICY = (
    r"comment(?:s|ing)? (?:policy|guidelines|rules)|"
    r"(?:سیاسه|سیاسات|نهج|قواعد|ضوابط) (?:ال)?(?:تعلیق|تعلیقات)|"
    r"(?:سیاست|خط ?مشی|قوانین|مقررات|راهنمای) (?:های )?(?:نظر ?دهی|نظرات|نظر|دیدگاه ?ها|دیدگاه|تبصره|کامنت)"
)
_PATTERNS: tuple[tuple[Furniture, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            Furniture.REACTION,
            r"(?:do|did) you (?:like|enjoy) (?:this|the) (?:article|story|report)\s?\??(?: yes\W+no)?",
        ),
        (
            Furniture.REACTION,
            r"هل (?:اعجبک|اعجبتک) (?:هذا|هذه) (?:المقال|المقاله|الخبر|التقریر|"
            r"القصه) ?[؟?]?(?: نعم\W+(?:لا|کلا))?",
        ),
        (
            Furniture.REACTION,
            r"(?:ایا )?(?:از )?این (?:مقاله|مطلب|گزارش|خبر) (?:را )?"
            r"(?:پسندیدید|می پسندید|دوست داشتید|دوست دارید|خوشتان امد) ?[؟?]?(?: (?:بله|بلی)\W+(?:خیر|نه))?",
        ),
        (
            Furniture.COMMENT_COUNT,
            r"\(?(?:[0-9][0-9,.]*|no) ?\)? comments?(?:\(s\))?(?: so far)?|"
            r"comments? ?\(? ?[0-9][0-9,.]* ?\)?",
        ),
        (
            Furniture.COMMENT_COUNT,
            r"\(?[0-9][0-9,.]* ?\)? (?:تعلیقا?|تعلیقات)(?: ?\((?:ات|ان)\))?|"
            r"(?:ال)?تعلیق(?:ات)? ?:? ?\(?[0-9][0-9,.]*\)?",
        ),
        (Furniture.COMMENT_COUNT, r"تعلیق واحد|تعلیقان|لا (?:توجد|یوجد) (?:ای )?تعلیقات?|لا تعلیقات"),
        (
            Furniture.COMMENT_COUNT,
            r"\(?[0-9][0-9,.]* ?\)? (?:نظر|نظرات|دیدگاه|دیدگاه ?ها|کامنت)|(?:نظرات|"
            r"دیدگاه ?ها) ?:? ?\(?[0-9][0-9,.]*\)?",
        ),
        (
            Furniture.COMMENT_COUNT,
            r"(?:هیچ )?(?:نظری|دیدگاهی) (?:وجود ندارد|ثبت نشده است|داده نشده است)|بدون (?:نظر|دیدگاه)",
        ),
        (Furniture.COMMENT_FORM, rf"(?:{_POLICY})(?: ?\*? ?(?:{_REQUIRED}))?(?: ?{_COUNTER})?"),
        (Furniture.COMMENT_FORM, rf"\* ?(?:{_REQUIRED})(?: ?{_COUNTER})?|{_COUNTER}"),
        (
            Furniture.COMMENT_FORM,
            r"(?:leave|add|post|write) a comment|be the first to comment|post comment|(?:your )?(?:name|"
            r"e-?mail|comment) ?\*",
        ),
        (
            Furniture.COMMENT_FORM,
            r"(?:اترک|اضف|اکتب) تعلیقا? ?(?:ک)?|اضافه تعلیق|(?:الاسم|التعلیق|البرید الالکترونی) ?\*",
        ),
        (
            Furniture.COMMENT_FORM,
            r"(?:نظر|دیدگاه) (?:خود را )?(?:بنویسید|بگذارید|ارسال کنید)|ارسال (?:نظر|دیدگاه)|(?:نام|نظر|"
            r"دیدگاه|ایمیل) ?\*",
        ),
    )
)
# The reaction's two answers; they are furniture only right after its question.
_ANSWERS = frozenset(
    {"yes", "no", "yes no", "yes / no", "نعم", "لا", "کلا", "نعم لا", "بله", "بلی", "خیر", "نه", "بله خیر"}
)


def furniture_of(text: str) -> Furniture | None:
    """What furniture a whole line is, or None where it may belong to the story."""
    if len(text) > MAX_FURNITURE_CHARS:
        return None
    line = comparable(text)
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(line)), None)


def is_reaction_answer(text: str) -> bool:
    """Whether a line is one of the reaction's answers, such as "Yes"."""
    return comparable(text) in _ANSWERS
