"""Our own article, in the forms in which a browser or an editor may save it. All of it is made up."""

from __future__ import annotations

HEADLINE = "Fishermen of Port Salam put to sea again after the storm"
BYLINE = "By Rana Odeh in Port Salam"
CAPTION = "Boats wait at the quay of Port Salam on Monday."
CREDITED = f"{CAPTION} [Sami Tarek/GNA]"
OPENING = (
    "The boats of Port Salam left their harbour on Monday for the first time in a month.",
    '"We had mended every net twice," said Idris Nur, who has fished here for forty years.',
    "The council had closed the harbour when a storm broke its long breakwater -- and two piers.",
)
SUBHEADING = "A breakwater of rubble"
CLOSING = (
    "Masons from three villages filled the gap with rubble from the old customs house.",
    "“It will hold for one winter,” said Lina Aswad, the harbour's engineer.",
    "She asked for a wall of stone, which the council is to discuss in the spring.",
)
PARAGRAPHS = (*OPENING, *CLOSING)
FURNITURE = (
    "Do you like this article?",
    "0 Comment(s)",
    "Comment Policy * Denotes Required Field 1500 / 1500",
)

AR_HEADLINE = "صيادو مرفأ سلام يعودون إلى البحر بعد العاصفة"
AR_BYLINE = "بقلم رنا عودة من مرفأ سلام"
AR_CAPTION = "قوارب تنتظر على رصيف مرفأ سلام يوم الاثنين."
AR_PARAGRAPHS = (
    "غادرت قوارب مرفأ سلام يوم الاثنين للمرة الأولى منذ شهر.",
    "وقال إدريس نور: «رتقنا كل شبكة مرتين».",
    "وكان المجلس قد أغلق المرفأ حين كسرت عاصفة حاجز الأمواج الطويل.",
    "وملأ البناؤون الثغرة بحجارة من دار الجمارك القديمة.",
)
AR_SUBHEADING = "حاجز من الركام"
AR_FURNITURE = ("هل أعجبك هذا المقال؟", "٠ تعليق", "سياسة التعليقات * معناه حقل إلزامي 1500 / 1500")

FA_HEADLINE = "ماهیگیران بندر سلام پس از توفان به دریا بازگشتند"
FA_BYLINE = "نوشتهٔ رعنا عوده از بندر سلام"
FA_PARAGRAPHS = (
    "قایق‌های بندر سلام روز دوشنبه پس از یک ماه به دریا رفتند.",
    "ادریس نور گفت: «همهٔ تورها را دو بار وصله کردیم.»",
    "شورا بندر را پس از شکستن موج‌شکن بسته بود.",
)
FA_FURNITURE = ("آیا این مقاله را پسندیدید؟", "۰ دیدگاه", "سیاست نظردهی * فیلد الزامی ۱۵۰۰ / ۱۵۰۰")


def as_text(*lines: str) -> bytes:
    """The lines as a browser shows them, with a blank line between, and no line end at the last."""
    return "\n\n".join(lines).encode()


def page_of_text() -> bytes:
    """The English article as a browser shows it: the caption twice, the furniture below."""
    return as_text(HEADLINE, BYLINE, CREDITED, CREDITED, *OPENING, SUBHEADING, *CLOSING, *FURNITURE)


def page_of_html(*, language: str = "en", head: str = "", charset: str = "utf-8", extra: str = "") -> str:
    """The English article as a news site sends it, with menus, scripts and readers' comments around it."""
    opening = "\n".join(f"<p>{escaped(text)}</p>" for text in OPENING)
    closing = "\n".join(f"<p>{escaped(text)}</p>" for text in CLOSING)
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="{charset}"><title>{HEADLINE} | The Gull</title>
<style>p {{ color: black }}</style>
<script>var shown = "<p>Never a part of the story at all.</p>";</script>{head}</head>
<body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/sea">Sea and harbour</a></li></ul></nav></header>
<main><article>
<h1>{HEADLINE}</h1>
<p class="byline">By <a rel="author" href="/people/rana">Rana Odeh</a> in Port Salam</p>
<p><time datetime="2026-05-12">12 May 2026</time></p>
<figure><img src="boats.jpg" alt="IMG_1.JPG">
<figcaption>{CAPTION} <span>[Sami Tarek/GNA]</span></figcaption></figure>
{opening}
<h2>{SUBHEADING}</h2>
{closing}
{extra}
</article></main>
<aside><h3>Most read</h3><p>The lighthouse keeper who counts ships</p></aside>
<p>Do you like this article?</p>
<section id="comments" class="comments"><h3>2 Comment(s)</h3>
<p>My uncle was on the first boat out, and he says that the sea was calm all day.</p>
<p>Let us hope that the council finds the money for a wall before the next winter.</p></section>
<footer><p>Copyright The Gull. All rights reserved.</p></footer>
<script>document.body.append("Subscribe to our newsletter for more");</script>
</body></html>"""


def escaped(text: str) -> str:
    """The text as HTML, with entities where an editor's program may write them."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("“", "&ldquo;").replace("”", "&#8221;")
