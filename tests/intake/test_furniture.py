"""A news site's own lines are known in three languages, and no sentence of a story is one of them."""

from __future__ import annotations

import pytest

from nashra.intake.date_line import is_date_line
from nashra.intake.furniture import Furniture, furniture_of


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        (
            Furniture.REACTION,
            (
                "Do you like this article?",
                "DID YOU LIKE THIS STORY ?",
                "هل أعجبك هذا المقال؟",
                "هَل أَعجَبَك هذا المقال؟",
                "هل أعجبتك هذه المقالة ؟ نعم / لا",
                "آیا این مقاله را پسندیدید؟",
                "آیا این مطلب را دوست داشتید؟",
            ),
        ),
        (
            Furniture.COMMENT_COUNT,
            (
                "0 Comment(s)",
                "1 comment",
                "1,024 Comments",
                "Comments (3)",
                "No comments",
                "٠ تعليق",
                "12 تعليقات",
                "تعليق (0)",
                "التعليقات (٣)",
                "لا توجد تعليقات",
                "تعليق واحد",
                "۰ دیدگاه",
                "۳ نظر",
                "نظرات (۳)",
                "دیدگاه‌ها (۳)",
            ),
        ),
        (
            Furniture.COMMENT_FORM,
            (
                "Comment Policy * Denotes Required Field 1500 / 1500",
                "Comment policy",
                "* Denotes required field",
                "1500 / 1500",
                "Leave a comment",
                "Name *",
                "سياسة التعليقات * معناه حقل إلزامي 1500 / 1500",
                "سياسة التعليق * تشير إلى حقل مطلوب ١٥٠٠ / ١٥٠٠",
                "أضف تعليقا",
                "سیاست نظردهی * فیلد الزامی ۱۵۰۰ / ۱۵۰۰",
                "خط‌مشی دیدگاه‌ها",
                "ارسال دیدگاه",
            ),
        ),
    ],
)
def test_it_knows_the_pages_furniture(kind: Furniture, lines: tuple[str, ...]) -> None:
    assert [(line, furniture_of(line)) for line in lines] == [(line, kind) for line in lines]


@pytest.mark.parametrize(
    "line",
    [
        "Do you like this article of the constitution? the judge asked.",
        "He made no comments.",
        "No comments came from the council",
        "The council's comment policy was changed",
        "وقال إنه لا توجد تعليقات لديه",
        "او نظر داد",
        "Yes",
        "1500 boats",
        "",
    ],
)
def test_a_sentence_that_mentions_comments_is_no_furniture(line: str) -> None:
    assert furniture_of(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "12 May 2026",
        "May 12th, 2026",
        "Published 2026-05-12 10:30",
        "١٢ مايو ٢٠٢٦",
        "12 آذار 2026",
        "۱۲ مهر ۱۴۰۵",
    ],
)
def test_it_knows_a_date_line(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line", ["In May", "The war of 2026", "12 May 2026 in Port Salam", "2026 boats", "10:30"]
)
def test_words_beside_a_date_make_it_something_else(line: str) -> None:
    assert not is_date_line(line)
