"""The stand's own few pages, for when no pressed page fits: in three languages, in the theme's style.

Must name neither the reader nor anything that they sent: a broken address is never shown again.
"""

from __future__ import annotations

import html

from nashra.theme.assets import STYLE

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>{title}</title>
{style}</head>
<body>
<main id="main">
<div class="text notice">
<h1 class="page-title">{title}</h1>
<p>{english}</p>
<p lang="ar" dir="rtl">{arabic}</p>
<p lang="fa" dir="rtl">{persian}</p>
<p><a href="{link}">{link_text}</a></p>
</div>
</main>
</body>
</html>
"""

_WORDS = {
    400: (
        "This address is broken",
        "The address holds something that no page here has. Please check it, or begin at the front page.",
        "العنوان الذي طلبتموه غير صالح. تحققوا منه أو ابدأوا من الصفحة الأولى.",
        "این نشانی درست نیست. آن را بررسی کنید یا از صفحهٔ نخست آغاز کنید.",
    ),
    404: (
        "There is no page here",
        "Nothing was ever published at this address, or the address was mistyped.",
        "لا توجد صفحة في هذا العنوان، أو كُتب العنوان خطأً.",
        "در این نشانی صفحه‌ای نیست، یا نشانی اشتباه نوشته شده است.",
    ),
    405: (
        "This page can only be read",
        "Nothing can be sent to this address. Please go back to the story and try again there.",
        "لا يمكن إرسال شيء إلى هذا العنوان. عودوا إلى المقال وحاولوا من هناك.",
        "به این نشانی چیزی نمی‌توان فرستاد. به گزارش بازگردید و از آنجا دوباره تلاش کنید.",
    ),
    406: (
        "Your browser refuses every form of this page",
        "It asked for a compression that we do not offer, and for nothing else.",
        "طلب متصفحكم صيغة ضغط لا نقدمها ورفض غيرها.",
        "مرورگر شما فشرده‌سازی‌ای خواست که نداریم و چیز دیگری نپذیرفت.",
    ),
    413: (
        "This is too much to send at once",
        "What was sent is longer than any comment may be. Please go back, shorten it, and send it again.",
        "ما أُرسل أطول من أي تعليق مسموح. عودوا واختصروه ثم أرسلوه من جديد.",
        "آنچه فرستاده شد از هر دیدگاه مجازی بلندتر است. بازگردید، کوتاهش کنید و دوباره بفرستید.",
    ),
    416: (
        "This part of the file does not exist",
        "The file is shorter than the part that was asked for. Please load it again from its beginning.",
        "الملف أقصر من الجزء المطلوب. حمّلوه من أوله.",
        "پرونده از بخش خواسته‌شده کوتاه‌تر است. آن را از آغاز بار کنید.",
    ),
    503: (
        "This page cannot be shown just now",
        "Something is wrong on our side. Please try again in a few minutes.",
        "حدث خلل لدينا. حاولوا مجددًا بعد دقائق.",
        "مشکلی از سوی ماست. چند دقیقهٔ دیگر دوباره تلاش کنید.",
    ),
}
_MOVED = (
    "This page has moved",
    "It now has another address:",
    "انتقلت هذه الصفحة إلى عنوان آخر:",
    "این صفحه نشانی تازه‌ای دارد:",
)


def notice(status: int) -> bytes:
    """A whole page that says what a status means and leads to the front page."""
    link_text = "Front page · الصفحة الأولى · صفحهٔ نخست"
    return _page(_WORDS[status], style=f"<style>{STYLE}</style>\n", link="/", link_text=link_text)


def moved_notice(location: str) -> bytes:
    """The body of a redirect, for those whose program does not follow it: short, and without style."""
    shown = html.escape(location)
    return _page(_MOVED, style="", link=shown, link_text=shown)


def _page(words: tuple[str, str, str, str], *, style: str, link: str, link_text: str) -> bytes:
    title, english, arabic, persian = words
    return _PAGE.format(
        title=title,
        english=english,
        arabic=arabic,
        persian=persian,
        style=style,
        link=link,
        link_text=link_text,
    ).encode()
