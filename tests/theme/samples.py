"""A made-up newsroom in three languages: the pages that the theme's tests render."""

# ruff: noqa: E501 -- paragraphs of prose read best unbroken.

from __future__ import annotations

import datetime
from dataclasses import replace
from types import MappingProxyType

from nashra.edition import pages
from nashra.edition.content import (
    Author,
    Comment,
    CommentLink,
    Correction,
    Link,
    Photo,
    Publication,
    ReactionTotals,
    Rendition,
    Story,
    StoryCard,
    StoryComments,
    Translation,
)
from nashra.theme.rendering import card_fragment

LANGUAGES = ("en", "ar", "fa")
UTC = datetime.UTC
PUBLISHED = datetime.datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
UPDATED = datetime.datetime(2026, 11, 23, 6, 30, tzinfo=UTC)

NAMES = {"en": "Nashra", "ar": "نشرة", "fa": "نشره"}
STRAPLINES = {
    "en": "News from the valley, for those who live in it",
    "ar": "أخبار الوادي لأهله",
    "fa": "خبرهای دره برای مردم دره",
}
ZONES = {"en": "Asia/Damascus", "ar": "Asia/Damascus", "fa": "Asia/Tehran"}
SECTIONS = {
    "en": (("Water", "water"), ("Town", "town"), ("Markets", "markets")),
    "ar": (("المياه", "المياه"), ("البلدة", "البلدة"), ("الأسواق", "الأسواق")),
    "fa": (("آب", "آب"), ("شهر", "شهر"), ("بازار", "بازار")),
}
HEADLINES = {
    "en": (
        "The old mill at Qasr Marun turns again after eleven dry years",
        "Bakers agree on one price for bread until spring",
        "A night bus for the upper villages",
        "School library opens with four thousand donated books",
        "Bridge at Wadi Sahl closed to lorries",
        "Olive harvest is late, and better than feared",
        "Market hall gets its roof back",
    ),
    "ar": (
        "طاحونة قصر مارون القديمة تدور من جديد بعد أحد عشر عامًا من الجفاف",
        "الخبازون يتفقون على سعر واحد للخبز حتى الربيع",
        "حافلة ليلية للقرى العليا",
        "مكتبة المدرسة تفتح أبوابها بأربعة آلاف كتاب مهدى",
        "إغلاق جسر وادي سهل أمام الشاحنات",
        "موسم الزيتون يتأخر لكنه أفضل من المتوقع",
        "سقف السوق المسقوف يعود إلى مكانه",
    ),
    "fa": (
        "آسیاب کهنهٔ قصر مارون پس از یازده سال خشکی دوباره چرخید",
        "نانوایان بر سر یک بهای نان تا بهار به توافق رسیدند",
        "اتوبوس شبانه برای روستاهای بالادست",
        "کتابخانهٔ مدرسه با چهار هزار کتاب اهدایی گشایش یافت",
        "پل وادی سهل به روی کامیون‌ها بسته شد",
        "برداشت زیتون دیر آغاز شد، اما بهتر از آن بود که بیم می‌رفت",
        "سقف بازارچه سر جای خود برگشت",
    ),
}
STANDFIRSTS = {
    "en": "The stream came back in the night. By noon half the village stood on the wall to watch the wheel.",
    "ar": "عاد الماء إلى الجدول ليلًا، وعند الظهر كان نصف القرية واقفًا على السور يراقب العجلة.",
    "fa": "آب شبانه به جوی برگشت. تا نیمروز نیمی از ده روی دیوار ایستاده بودند و چرخ را تماشا می‌کردند.",
}
PEOPLE = {
    "en": ("Rima Haddad", "Karim Najjar"),
    "ar": ("ريما حداد", "كريم نجار"),
    "fa": ("ریما حداد", "کریم نجار"),
}
PLACES = {"en": "Qasr Marun", "ar": "قصر مارون", "fa": "قصر مارون"}
CAPTIONS = {
    "en": "The wheel of the mill, seen from the wall of the upper garden.",
    "ar": "عجلة الطاحونة كما تبدو من سور البستان العلوي.",
    "fa": "چرخ آسیاب، از روی دیوار باغ بالا.",
}
PARAGRAPHS = {
    "en": (
        "The miller, Salim Darwish, had oiled the axle every autumn for eleven years, though nothing turned. "
        "“You do not let a wheel rust because the stream is late,” he said, standing up to his knees in it.",
        "Rain fell on the upper valley for nine days. On the tenth the spring under the walnut trees, which had "
        "been a damp patch of stones, began to run, first brown, then clear, and by evening it had found its bed.",
        "The council says that the mill may grind for whoever brings grain, against one sack in twenty. Until now "
        "people took their wheat to the town, four hours there and back, and paid one sack in eight.",
    ),
    "ar": (
        "ظل الطحان سليم درويش يزيّت المحور كل خريف أحد عشر عامًا مع أن شيئًا لم يكن يدور. وقال وهو واقف في الماء "
        "إلى ركبتيه: «لا يُترك دولاب للصدأ لأن الجدول تأخر».",
        "هطل المطر على أعلى الوادي تسعة أيام. وفي اليوم العاشر بدأ النبع تحت أشجار الجوز يجري، عكرًا أول الأمر ثم صافيًا، "
        "وعند المساء كان قد عاد إلى مجراه.",
        "ويقول المجلس المحلي إن الطاحونة ستطحن لكل من يأتي بحبّه لقاء كيس من كل عشرين كيسًا. وكان الناس حتى الآن "
        "يحملون قمحهم إلى البلدة، أربع ساعات ذهابًا وإيابًا، ويدفعون كيسًا من كل ثمانية.",
    ),
    "fa": (
        "سلیم درویش، آسیابان، یازده پاییز پیاپی محور را روغن زده بود، هرچند چیزی نمی‌چرخید. او که تا زانو در آب ایستاده بود "
        "گفت: «چرخ را که نمی‌گذارند زنگ بزند، چون جوی دیر کرده است.»",
        "نُه روز بر بالای دره باران بارید. روز دهم چشمهٔ زیر درختان گردو، که تنها سنگ‌هایی نمناک از آن مانده بود، روان شد؛ "
        "نخست گل‌آلود و سپس زلال، و تا شامگاه بستر خود را بازیافته بود.",
        "شورای ده می‌گوید آسیاب برای هر که گندم بیاورد کار می‌کند و از هر بیست کیسه یکی برمی‌دارد. تا امروز مردم گندم خود را "
        "به شهر می‌بردند، چهار ساعت رفت‌وبرگشت، و از هر هشت کیسه یکی می‌دادند.",
    ),
}
SUBHEADINGS = {"en": "One sack in twenty", "ar": "كيس من كل عشرين", "fa": "از هر بیست کیسه یکی"}
QUOTES = {
    "en": ("The sound woke me. I thought of my mother.", "Umm Yusuf", "a neighbour"),
    "ar": ("أيقظني الصوت، فتذكرت أمي.", "أم يوسف", "جارة الطاحونة"),
    "fa": ("صدا بیدارم کرد. یاد مادرم افتادم.", "ام‌یوسف", "همسایه"),
}
COMMENTS = {
    "en": (
        "Nur",
        "My grandfather carried flour from there.\nHe would have liked this.\n\nThank you for the picture.",
    ),
    "ar": ("نور", "كان جدي يحمل الطحين من هناك.\nكان سيفرح بهذا الخبر.\n\nشكرًا على الصورة."),
    "fa": ("نور", "پدربزرگم از همین‌جا آرد می‌برد.\nاگر بود، خوشحال می‌شد.\n\nممنون برای عکس."),
}


def publication(language: str = "en", **changes: object) -> Publication:
    """One of the three papers, or that of another language in English words."""
    base = f"/{language}/"
    words = language if language in LANGUAGES else "en"
    values: dict = {
        "language": language,
        "name": NAMES[words],
        "strapline": STRAPLINES[words],
        "address": base,
        "time_zone": ZONES[words],
        "site_url": "https://news.example",
        "sections": tuple(Link(text=name, address=f"{base}{slug}/") for name, slug in SECTIONS[words]),
        "siblings": tuple(
            Link(text=NAMES[other], address=f"/{other}/", language=other)
            for other in LANGUAGES
            if other != language
        ),
        "policy_address": f"{base}comment-policy/",
        "receipt_address": f"{base}receipt/",
        "about_address": f"{base}about/",
        "corrections_address": f"{base}corrections/",
    }
    return Publication(**values | changes)


def photo(language: str = "en", name: str = "mill", *, with_files: bool = True) -> Photo:
    """A photo with its words, in three types and two widths."""
    digest = (name.encode().hex() * 20)[:20]
    files = tuple(
        Rendition(
            address=f"/photos/{digest}-{width}.{ending}",
            media_type=f"image/{kind}",
            width_px=width,
            height_px=width * 9 // 16,
        )
        for kind, ending in (("avif", "avif"), ("webp", "webp"), ("jpeg", "jpg"))
        for width in (480, 960, 1600)
    )
    return Photo(
        public_id=f"photo{name}",
        alt_text=CAPTIONS[language],
        caption=CAPTIONS[language],
        credit="Lina Sabbagh/Valley Pictures",
        copyright_notice="© 2026 Valley Pictures",
        renditions=files if with_files else (),
    )


def authors(language: str = "en") -> tuple[Author, ...]:
    """Two who may be named."""
    return tuple(
        Author(name=name, address=f"/{language}/people/{name.replace(' ', '-').lower()}/")
        for name in PEOPLE[language]
    )


def body_html(language: str = "en") -> str:
    """A body with everything that the desk can put into one."""
    first, second, third = PARAGRAPHS[language]
    words, speaker, role = QUOTES[language]
    return (
        f"<p>{first}</p><p>{second}</p>"
        f'<blockquote class="pull-quote"><p>{words}</p><footer><cite><bdi>{speaker}</bdi></cite>, '
        f'<span class="role">{role}</span></footer></blockquote>'
        f"<h2>{SUBHEADINGS[language]}</h2><p>{third}</p>"
        '<nashra-photo id="photogarden"></nashra-photo>'
        f"<ul><li>{SECTIONS[language][0][0]}</li><li>{SECTIONS[language][1][0]}</li></ul>"
        f'<p><a href="nashra:bridge">{HEADLINES[language][4]}</a>, <a href="nashra:gone">{PLACES[language]}</a></p>'
        '<nashra-related id="bridge"></nashra-related><nashra-related id="gone"></nashra-related>'
        '<nashra-photo id="gone"></nashra-photo>'
        f"<p>{second}</p><p>{third}</p>"
    )


def story(language: str = "en", **changes: object) -> Story:
    """The lead story, with everything that a story can have."""
    paper = publication(language)
    section = paper.sections[0]
    values: dict = {
        "public_id": f"story{language}",
        "publication": paper,
        "address": section.address + HEADLINES[language][0].split()[0].lower() + "/",
        "headline": HEADLINES[language][0],
        "standfirst": STANDFIRSTS[language],
        "section": section,
        "authors": authors(language),
        "place": PLACES[language],
        "published_at": PUBLISHED,
        "updated_at": UPDATED,
        "lead_photo": photo(language),
        "body_html": body_html(language),
        "word_count": 240,
        "photos": MappingProxyType({"photogarden": photo(language, "garden")}),
        "related": MappingProxyType(
            {"bridge": Link(text=HEADLINES[language][4], address=f"/{language}/town/bridge/")}
        ),
        "topics": (Link(text=PLACES[language], address=f"/{language}/topics/mills/"),),
        "translations": tuple(
            Translation(
                language=other,
                headline=HEADLINES[other][0],
                address=f"/{other}/water/mill/",
                is_older_than_original=other == "fa",
            )
            for other in LANGUAGES
            if other != language
        ),
        "corrections": (
            Correction(corrected_at=UPDATED, text=PARAGRAPHS[language][1], is_grave=True),
            Correction(corrected_at=UPDATED, text=PARAGRAPHS[language][2]),
        ),
    }
    return Story(**values | changes)


def card(language: str = "en", number: int = 0, *, with_photo: bool = True) -> StoryCard:
    """One of the seven stories, as lists show it."""
    section = publication(language).sections[number % 3]
    return StoryCard(
        public_id=f"card{number}",
        address=f"{section.address}story-{number}/",
        language=language,
        headline=HEADLINES[language][number],
        standfirst=STANDFIRSTS[language],
        section=section,
        authors=authors(language)[: 1 + number % 2] if number != 3 else (Author(name=""),),
        place=PLACES[language],
        published_at=PUBLISHED - datetime.timedelta(hours=7 * number),
        photo=photo(language, f"photo-{number}") if with_photo else None,
    )


def cards(language: str = "en", count: int = 7) -> tuple[StoryCard, ...]:
    """The newest stories; every third has no photo."""
    return tuple(card(language, number, with_photo=number % 3 != 2) for number in range(count))


def cards_html(language: str = "en", count: int = 7) -> tuple[str, ...]:
    """The same stories as the fragments that lists are made of."""
    return tuple(card_fragment(each, publication(language)) for each in cards(language, count))


def comments(language: str = "en", count: int = 2) -> tuple[Comment, ...]:
    """Approved comments, oldest first."""
    name, text = COMMENTS[language]
    return tuple(
        Comment(public_id=f"c{number}", name=name, text=text, day=PUBLISHED.date()) for number in range(count)
    )


def readers(shown: tuple[Comment, ...], **changes: object) -> StoryComments:
    """What a story's page shows of its readers, when these comments are all that there are."""
    return StoryComments(**{"comments": shown, "count": len(shown), **changes})


def conversation(language: str = "en") -> tuple[Comment, ...]:
    """A picked comment, the newsroom's answer to it, one to a comment elsewhere, one to an erased one."""
    name, _text = COMMENTS[language]
    first, second, third, fourth = comments(language, 4)
    elsewhere = CommentLink(public_id="c9", name=name, address=f"{story(language).address}comments/1/")
    return (
        replace(first, is_pick=True),
        replace(second, is_staff=True, answers=CommentLink(public_id="c0", name=name)),
        replace(third, answers=elsewhere),
        replace(fourth, answers=CommentLink(public_id="c8")),
    )


def older_comments(language: str = "en", **changes: object) -> pages.CommentsPage:
    """A page of older comments between two others."""
    address = story(language).address
    values: dict = {
        "publication": publication(language),
        "story": Link(text=HEADLINES[language][0], address=address),
        "address": f"{address}comments/2/",
        "first": 51,
        "last": 100,
        "comments": conversation(language),
        "newer_address": f"{address}comments/3/",
        "older_address": f"{address}comments/1/",
    }
    return pages.CommentsPage(**values | changes)


RECEIPT = "7k2m-q4tz-0000-abcd-efgh-jkmn-pqrs"
ANSWER_KINDS = [
    "comment-received",
    "comment-closed",
    "comment-erased",
    "comment-gone",
    "report-received",
    "reaction-counted",
    "reaction-confirm",
    "reaction-closed",
    "bad-request",
    "too-large",
    "not-found",
    "foreign",
    "method",
    "busy",
    "error",
]


def story_page(language: str = "en", **changes: object) -> pages.StoryPage:
    """The lead story's page with comments and totals."""
    values: dict = {
        "story": story(language),
        "readers": readers(changes.pop("comments", comments(language))),
        "totals": ReactionTotals(yes=128, no=7),
    }
    return pages.StoryPage(**values | changes)


def comment_form(language: str = "en") -> pages.CommentForm:
    """A form that somebody must mend."""
    name, text = COMMENTS[language]
    return pages.CommentForm(
        name=name, text=text, errors=("A first sentence.",), name_error="A second.", text_error="A third."
    )


def every_page(language: str = "en") -> dict[str, pages.Page]:
    """One page of each kind (and each kind of notice) in a language, by a name for it."""
    paper = publication(language)
    papers = tuple(publication(each) for each in (language, *(x for x in LANGUAGES if x != language)))
    section = paper.sections[0]
    month = pages.Month(year=2026, month=11, address=f"{section.address}2026/11/")
    bare = story(
        language, standfirst="", updated_at=None, lead_photo=None, body_html="<p>x</p>", place="",
        authors=(), topics=(), translations=(), corrections=(),
    )  # fmt: skip
    link = Link(text=HEADLINES[language][0], address=story(language).address)
    reader = {"publication": paper, "story": link, "story_public_id": "story1"}
    talk = readers(
        conversation(language),
        count=104,
        older_address=f"{story(language).address}comments/2/",
        picks=(
            CommentLink(public_id="c0", name=COMMENTS[language][0]),
            CommentLink(
                public_id="c9",
                name=COMMENTS[language][0],
                address=f"{story(language).address}comments/1/",
            ),
        ),
    )
    answering = replace(comment_form(language), answered=comments(language)[0])
    made: dict[str, pages.Page] = {
        "story": story_page(language),
        "story-conversation": story_page(language, readers=talk),
        "story-closed": story_page(language, readers=talk, comments_open=False),
        "comments": older_comments(language),
        "comments-first-and-erased": older_comments(
            language, comments=(), older_address="", newer_address=""
        ),
        "story-bare": pages.StoryPage(story=bare, comments_open=False),
        "story-photo-without-files": pages.StoryPage(
            story=story(language, lead_photo=photo(language, with_files=False))
        ),
        "front-door": pages.FrontDoorPage(publications=papers),
        "home": pages.HomePage(
            publication=paper,
            newest=cards(language),
            sections=tuple(
                pages.SectionCards(section=each, cards=cards(language)) for each in paper.sections
            ),
        ),
        "home-empty": pages.HomePage(publication=paper, newest=(), sections=()),
        "section": pages.SectionPage(
            publication=paper, section=section, cards_html=cards_html(language), months=(month,)
        ),
        "month": pages.MonthPage(
            publication=paper, section=section, month=month, cards_html=cards_html(language)
        ),
        "topic": pages.TopicPage(
            publication=paper,
            topic=Link(text="X", address=f"/{language}/topics/x/"),
            cards_html=cards_html(language),
        ),
        "person": pages.PersonPage(
            publication=paper,
            person=Link(text=PEOPLE[language][0], address=f"/{language}/people/x/"),
            biography_html=f"<p>{STANDFIRSTS[language]}</p>",
            portrait=photo(language, "portrait"),
            cards_html=cards_html(language, 3),
        ),
        "corrections": pages.CorrectionsPage(
            publication=paper,
            corrections=(Correction(corrected_at=UPDATED, text=STANDFIRSTS[language], story=link),),
        ),
        "corrections-empty": pages.CorrectionsPage(publication=paper, corrections=()),
        "form": pages.CommentFormPage(**reader, form=comment_form(language)),
        "form-answering": pages.CommentFormPage(**reader, form=answering),
        "preview-answering": pages.CommentPreviewPage(**reader, form=answering, token="signed.token"),
        "report": pages.ReportPage(
            publication=paper,
            story=link,
            comment=comments(language)[0],
            kinds=tuple((f"kind{number}", each) for number, each in enumerate(HEADLINES[language])),
            error=HEADLINES[language][1],
        ),
        "preview": pages.CommentPreviewPage(
            **reader, form=comment_form(language), token="signed.token", receipt=RECEIPT
        ),
        "receipt-form": pages.ReceiptFormPage(publication=paper),
        "receipt-unknown": pages.ReceiptFormPage(
            publication=paper, receipt="7k2m", error=HEADLINES[language][1]
        ),
        "answer-with-receipt": pages.ReadersNoticePage(**reader, kind="comment-received", receipt=RECEIPT),
    }
    own = {"publication": paper, "story": link, "receipt": RECEIPT, "form": comment_form(language)}
    for state in ("waiting", "approved", "rejected"):
        made[f"own-{state}"] = pages.OwnCommentPage(**own, state=state, note="changed")
    made["own-told"] = pages.OwnCommentPage(
        **own, state="rejected", told=STANDFIRSTS[language], replies=conversation(language)[1:]
    )
    for step in ("change", "erase"):
        made[f"own-{step}"] = pages.OwnCommentPage(**own, state="approved", step=step)
    made["own-closed"] = pages.OwnCommentPage(**own, state="approved", is_open=False, note="same")
    for kind in ("policy", "about"):
        made[kind] = pages.TextPage(
            publication=paper,
            kind=kind,
            address=f"/{language}/{kind}/",
            body_html=f"<p>{STANDFIRSTS[language]}</p>",
        )
    for kind in ("not-found", "gone"):
        made[f"notice-{kind}"] = pages.NoticePage(publication=paper, kind=kind)
    for kind in ("verify", "mirrors"):
        made[kind] = pages.TrustPage(kind=kind, publications=papers)
    for kind in ANSWER_KINDS:
        made[f"answer-{kind}"] = pages.ReadersNoticePage(**reader, kind=kind, choice="yes")
    return made
