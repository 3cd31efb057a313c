"""What went wrong elsewhere, tried here by the same way in: one test for each line of the design's list.

Each name says whose fault it was; none of their code or words is here. Faults of limits, puzzles, counts and
crowds are tried in ``test_went_wrong_in_a_crowd``.
"""

from __future__ import annotations

import html
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from nashra.edition.content import Link
from nashra.edition.pages import CommentsPage
from nashra.readers import commenter, editors, receipts, receive
from nashra.readers.models import Comment, ModerationEntry, Report, Thread
from nashra.readers.moderation import approve
from nashra.readers.printed import comments_on_stories
from nashra.theme.rendering import render
from tests.readers.conftest import NOON, Reader, make_thread, publication
from tests.readers.forms import hidden_fields, page_text
from tests.readers.queue_desk import hidden, standing, waiting

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

WORDS = "Behind the blue door."


def written(thread: Thread, **changes: str) -> dict[str, str]:
    return {"story": thread.public_id, "name": "Lina", "text": WORDS} | changes


def sent(reader: Reader, thread: Thread, **changes: str) -> tuple[Comment, str]:
    """A comment that was previewed and accepted, and its receipt."""
    fields = hidden_fields(reader.post("/readers/comment", written(thread, **changes)))
    assert "Thank you: your comment is with us" in page_text(reader.post("/readers/comment", fields))
    return Comment.objects.latest("pk"), fields["receipt"]


def edit(reader: Reader, receipt: str, **words: str) -> Any:
    fields = {"receipt": receipt, "language": "en", "step": "save", "name": "Lina", "text": WORDS}
    return reader.post("/readers/receipt", fields | words)


class Attributes(HTMLParser):
    """Every attribute that a page's elements have, and the elements whose names somebody could have typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.elements: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.names.update(name for name, _value in attrs)


def stays_text(name: str, page: str) -> None:
    """The page shows it, and no element or attribute of the page comes from it."""
    assert name in html.unescape(page)
    found = Attributes(page)
    assert not {"onfocus", "x"} & found.names
    assert "marquee" not in found.elements


breaking_out = pytest.mark.parametrize(
    "name",
    ['" onfocus="alert(1)" autofocus x="', "' onfocus='alert(1)' autofocus x='", '"><marquee onfocus=1>'],
)


@breaking_out
def test_isso_pull_request_1083_a_name_that_breaks_out_of_its_attribute_when_it_is_edited(
    name: str, reader: Reader, thread: Thread, moderator: User
) -> None:
    """Isso cleaned what was posted, and let a name or website through that was put in later, by an edit."""
    comment, receipt = sent(reader, thread)
    pages = [edit(reader, receipt, name=name, website=name), edit(reader, receipt, name=name, text="")]
    pages.append(reader.post("/readers/receipt", {"receipt": receipt, "step": "change"}))
    approve(public_id=comment.public_id, version=2, moderator=moderator, now=NOON)
    comment.refresh_from_db()
    assert comment.name == name
    contents = comments_on_stories([thread.public_id])[thread.public_id].comments
    printed = render(
        CommentsPage(
            publication=publication(),
            story=Link(text=thread.headline, address=thread.address),
            address=f"{thread.address}comments/1/",
            first=1,
            last=50,
            comments=contents,
            comments_open=True,
        )
    ).decode()
    for page in [printed, *(answer.content.decode() for answer in pages)]:
        stays_text(name, page)


@breaking_out
def test_isso_pull_request_1083_such_a_name_at_the_desk(name: str, thread: Thread, desk: Client) -> None:
    """The same name, put in by an edit, before the moderator who reads it."""
    receipt = receipts.new_receipt(bytes(receipts.RANDOM_BYTES))
    comment = waiting(thread, "Words that wait.")
    Comment.objects.update(nonce=receipts.nonce_of(receipt))
    typed = receive.Typed(name=name, text=name)
    assert commenter.change_words(receipt=receipt, typed=typed, now=NOON).result is commenter.Changed.WAITS
    for path in ("/comments/", f"/comments/{comment.public_id}/erase/"):
        # The desk's own header opens a search with this.
        page = desk.get(path).content.decode().split("<main", 1)[1].split("</main>", 1)[0]
        stays_text(name, page)


@pytest.mark.parametrize("length", [6_001, 30_000, 64 * 1024, 70_000])
@pytest.mark.parametrize("way", ["post", "edit"])
def test_wordpress_421_a_long_text_cut_where_its_markup_was_safe(
    length: int, way: str, reader: Reader, thread: Thread
) -> None:
    """WordPress checked a whole comment, and its database cut it at 64 KB: what was left was unsafe."""
    text = f"<a title='x onmouseover=alert(1) {'A' * length}'>"
    comment, receipt = sent(reader, thread)
    if way == "post":
        answer = reader.post("/readers/comment", written(thread, text=text))
    else:
        answer = edit(reader, receipt, text=text)
    assert answer.status_code in {422, 413}
    assert (
        answer.status_code == 413
        or html.escape(text, quote=False) in answer.content.decode()
        or (text in page_text(answer))
    )
    comment.refresh_from_db()
    assert (Comment.objects.count(), comment.text) == (1, WORDS)
    # The longest that is taken is kept to its last character.
    longest = "<" + "x" * 1_498 + ">"
    assert sent(reader, thread, text=longest)[0].text == longest


@pytest.mark.parametrize("missing", ["story", "token", "name", "text"])
def test_remark42_a_check_that_is_skipped_when_its_parameter_is_missing(
    missing: str, reader: Reader, thread: Thread
) -> None:
    """Remark42 asked whether a caller might touch a site only where the call named one."""
    other = make_thread("0ther")
    fields = hidden_fields(reader.post("/readers/comment", written(thread)))
    reader.post("/readers/comment", {name: value for name, value in fields.items() if name != missing})
    reader.post("/readers/comment", fields | {"story": other.public_id})
    reader.post("/readers/comment", fields | {missing: ""})
    assert not Comment.objects.exists()


def test_remark42_a_missing_parameter_at_the_desk(desk: Client, thread: Thread, moderator: User) -> None:
    """The same at the moderators' door: without a version or a state nothing is decided."""
    stands, waits = standing(thread, "Words that stand.", moderator), waiting(thread, "Words that wait.")
    before = ModerationEntry.objects.count()
    own = f"/comments/{waits.public_id}/"
    token = {"csrfmiddlewaretoken": hidden(desk.get("/comments/"), own)["csrfmiddlewaretoken"]}
    for path, fields in (
        (own, {"verb": "approve"}),
        (own, {"verb": "reject"}),
        (f"{own}erase/", {}),
        (f"/comments/{stands.public_id}/", {"verb": "reopen"}),
        ("/comments/undo/", {}),
        ("/comments/chosen/decide/", {"verb": "approve", "chosen": waits.public_id}),
    ):
        assert desk.post(path, token | fields).status_code == 302
    states = set(Comment.objects.values_list("public_id", "state"))
    assert states == {(stands.public_id, "approved"), (waits.public_id, "waiting")}
    assert ModerationEntry.objects.count() == before


def test_remark42_a_missing_parameter_among_receipts_reports_and_votes(
    reader: Reader, thread: Thread, moderator: User
) -> None:
    """The same at the readers' other doors."""
    standing(thread, "Words that stand.", moderator)
    for path, fields in (
        ("/readers/receipt", {"step": "erase-now"}),
        ("/readers/receipt", {"step": "erase-now", "receipt": ""}),
        ("/readers/report", {"kind": "hate"}),
        ("/readers/reaction", {"value": "yes"}),
        ("/readers/reaction", {"story": thread.public_id}),
    ):
        assert reader.post(path, fields).status_code in {400, 404}
    assert (Comment.objects.count(), Report.objects.count()) == (1, 0)


def test_wordpress_51_a_waiting_comment_that_anybody_could_read_by_a_get(
    reader: Reader, thread: Thread
) -> None:
    """WordPress showed a comment that nobody had approved to whoever asked with a hash of its row."""
    comment, receipt = sent(reader, thread)
    names = (comment.public_id, comment.nonce, receipt, str(comment.pk), comment.fingerprint)
    for path in ("comment", "receipt", "answer", "report", "reaction"):
        for field in ("comment", "receipt", "answers", "unapproved", "moderation-hash", "token"):
            for name in names:
                answer = reader.client.get(f"/readers/{path}", {"story": thread.public_id, field: name})
                assert answer.status_code == 405
                assert WORDS not in page_text(answer)
    for name in set(names) - {receipt}:
        for path, field in (("answer", "comment"), ("report", "comment"), ("receipt", "receipt")):
            answer = reader.post(f"/readers/{path}", {field: name})
            assert answer.status_code == 404
            assert WORDS not in page_text(answer)
        answer = reader.post("/readers/comment", written(thread, text="Mine.", answers=name))
        assert WORDS not in page_text(answer)
    assert WORDS in page_text(reader.post("/readers/receipt", {"receipt": receipt}))


@pytest.mark.parametrize(
    "text", ["ا\u202egnp.exe", "\u202e ا", "ab\u202eا\u2067\u200f\u061cc", "ا\u2066\u202d"]
)
def test_one_arabic_letter_that_lets_u202e_through_a_bidi_filter(
    text: str, reader: Reader, thread: Thread, moderator: User
) -> None:
    """A filter elsewhere dropped direction controls only from texts without a letter written leftwards."""
    comment, receipt = sent(reader, thread, name=text, text=text)
    edited = edit(reader, receipt, name=f"{text} again", text=f"{text} again")
    stands = standing(thread, "Words that stand.", moderator)
    editors.answer(
        public_id=stands.public_id, name=text, words=text, random_bytes=b"16", moderator=moderator, now=NOON
    )
    rows = Comment.objects.values_list("name", "text")
    assert len(rows) == 3
    controls = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
    typed = text.translate(dict.fromkeys(map(ord, controls)))
    assert (f"{typed} again".strip(), f"{typed} again".strip()) in rows
    assert not controls & set("".join(part for row in rows for part in row))
    # Our own templates isolate what was typed, with controls of their own; what was typed has none.
    assert text not in page_text(edited)
    assert comment.public_id


@pytest.mark.parametrize(
    "word",
    [
        "cas\u200bino",
        "c\u0430sin\u043e",
        "c\u00adas\u2060ino",
        "ｃａｓｉｎｏ",
        "c\u0336a\u0336s\u0336ino",
        "𝐜𝐚𝐬𝐢𝐧𝐨",
    ],
)
def test_word_lists_that_unseen_characters_and_look_alikes_evade(
    word: str, reader: Reader, thread: Thread
) -> None:
    """Lists of words elsewhere are passed by a sign that nobody sees, or by letters of another script."""
    assert "suspect-words" in sent(reader, thread, text=f"Our {word} pays.")[0].reasons
    comment, receipt = sent(reader, thread, text="Our harbour.")
    edit(reader, receipt, text=f"Our {word} pays.")
    comment.refresh_from_db()
    assert "suspect-words" in comment.reasons


@pytest.mark.parametrize("mark", ["\u0301", "\u0489", "\u0670", "\u20dd"])
def test_combining_marks_that_are_stacked_without_bound(mark: str, reader: Reader, thread: Thread) -> None:
    """Piles of marks elsewhere climb over the lines above and below; here no letter bears more than 8."""
    pile = f"one a{mark * 4_000}b end"
    comment, receipt = sent(reader, thread, name=pile[:200], text=pile)
    assert len(comment.text) <= len("one ab end") + 8
    assert len(comment.name) <= len("one ab end") + 8
    edit(reader, receipt, text=f"Again: {pile}")
    comment.refresh_from_db()
    assert comment.text.startswith("Again: one ")
    assert len(comment.text) <= len("Again: one ab end") + 8


def test_django_comments_xtd_issue_167_mail_to_somebody_who_asked_for_none(
    reader: Reader, thread: Thread, moderator: User
) -> None:
    """django-comments-xtd sent a confirmation to whatever address a form named: mail to anybody, at will."""
    to = {"email": "victim@lumen.example", "mail": "victim@lumen.example", "followup": "on"}
    comment, receipt = sent(reader, thread, **to)
    answers = [
        reader.post("/readers/comment", written(thread) | to),
        edit(reader, receipt, **to),
        reader.post("/readers/receipt", {"receipt": receipt} | to),
        reader.post("/readers/reaction", {"story": thread.public_id, "value": "yes"} | to),
    ]
    comment.refresh_from_db()
    approve(public_id=comment.public_id, version=comment.version, moderator=moderator, now=NOON)
    answers.append(reader.post("/readers/report", {"comment": comment.public_id, "kind": "hate"} | to))
    for answer in answers:
        assert 'type="email"' not in answer.content.decode()
        assert "victim" not in answer.content.decode()
    assert mail.outbox == []
    fields = [field for model in apps.get_app_config("readers").get_models() for field in model._meta.fields]
    assert not [field for field in fields if "mail" in field.name]
