"""A receipt: shown to whoever wrote, kept nowhere, and enough to look, to change the words and to erase."""

from __future__ import annotations

import datetime
import secrets
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from nashra.readers import commenter, receipts, receive
from nashra.readers.models import Change, Comment, ModerationEntry, Thread
from nashra.readers.moderation import AlreadyDecided, approve, erase, reject
from nashra.readers.printed import comments_on_stories
from tests.readers.conftest import NOON, Reader, make_thread
from tests.readers.forms import hidden_fields, page_text

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

WORDS = "I saw it come in."
LOCAL_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def a_receipt() -> str:
    return receipts.new_receipt(secrets.token_bytes(receipts.RANDOM_BYTES))


def sent(reader: Reader, thread: Thread, text: str = WORDS) -> str:
    """A comment sent as a browser sends it; gives its receipt."""
    preview = reader.post("/readers/comment", {"story": thread.public_id, "name": "Lina", "text": text})
    fields = hidden_fields(preview)
    assert reader.post("/readers/comment", fields).status_code == 200
    return fields["receipt"]


def ask(reader: Reader, receipt: str, **fields: str) -> Any:
    return reader.post("/readers/receipt", {"receipt": receipt, "language": "en", **fields})


@given(st.binary(min_size=receipts.RANDOM_BYTES, max_size=receipts.RANDOM_BYTES))
def test_it_is_read_as_it_was_shown_however_it_is_typed(random_bytes: bytes) -> None:
    receipt = receipts.new_receipt(random_bytes)
    assert len(receipt) == 34
    for typed in (
        receipt,
        receipt.upper(),
        receipt.replace("-", ""),
        receipt.replace("-", " \u2013 "),
        f"  {receipt}\r\n",
        receipt.replace("0", "O").replace("1", "l"),
        receipt.translate(LOCAL_DIGITS),
        "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in receipt),
    ):
        assert receipts.read_receipt(typed) == receipt


@pytest.mark.parametrize(
    "typed", ["", "7k2m", "u" * 28, "7" * 27, "7" * 29, "\u0000" * 28, "7" * 100_000, "😀" * 28]
)
def test_what_can_be_no_receipt_is_none(typed: str) -> None:
    assert receipts.read_receipt(typed) == ""


def test_it_is_shown_before_and_after_sending_and_kept_nowhere(reader: Reader, thread: Thread) -> None:
    preview = reader.post("/readers/comment", {"story": thread.public_id, "name": "Lina", "text": WORDS})
    fields = hidden_fields(preview)
    assert fields["receipt"] in page_text(preview)
    received = reader.post("/readers/comment", fields)
    assert fields["receipt"] in page_text(received)
    plain = fields["receipt"].replace("-", "")
    row = str(Comment.objects.values().get())
    assert fields["receipt"] not in row
    assert plain not in row


def test_a_receipt_of_somebody_elses_choice_is_not_shown_as_if_it_were_one(
    reader: Reader, thread: Thread
) -> None:
    preview = reader.post("/readers/comment", {"story": thread.public_id, "name": "Lina", "text": WORDS})
    foreign = a_receipt()
    received = reader.post("/readers/comment", hidden_fields(preview) | {"receipt": foreign})
    assert received.status_code == 200
    assert foreign not in page_text(received)
    assert Comment.objects.count() == 1


def test_it_tells_what_became_of_the_comment(reader: Reader, thread: Thread, moderator: User) -> None:
    receipt = sent(reader, thread)
    assert "It waits until a person of ours has read it." in page_text(ask(reader, receipt.upper()))
    comment = Comment.objects.get()
    approve(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    shown = page_text(ask(reader, receipt))
    assert "It stands under the story." in shown
    assert WORDS in shown
    assert thread.address in shown


def test_it_tells_that_a_comment_was_rejected(reader: Reader, thread: Thread, moderator: User) -> None:
    receipt = sent(reader, thread)
    reject(public_id=Comment.objects.get().public_id, version=1, moderator=moderator, now=NOON)
    assert "decided not to print it" in page_text(ask(reader, receipt))


def test_changed_words_leave_the_page_until_a_person_has_read_them(
    reader: Reader, thread: Thread, moderator: User
) -> None:
    receipt = sent(reader, thread)
    public_id = Comment.objects.get().public_id
    approve(public_id=public_id, version=1, moderator=moderator, now=NOON)
    Change.objects.all().delete()

    form = ask(reader, receipt, step="change")
    assert WORDS in page_text(form)
    saved = ask(reader, receipt, step="save", name="Lina", text="I saw it\r\nleave.")
    assert "Your words are changed." in page_text(saved)

    comment = Comment.objects.get()
    assert (comment.text, comment.state, comment.position) == ("I saw it\nleave.", "waiting", None)
    assert (comment.version, comment.decided_by, comment.public_id) == (2, "", public_id)
    assert Thread.objects.get().comment_count == 0
    assert comments_on_stories([thread.public_id]) == {}
    assert Change.objects.get().thread == thread.public_id

    approve(public_id=public_id, version=2, moderator=moderator, now=NOON)
    (content,) = comments_on_stories([thread.public_id])[thread.public_id].comments
    assert content.text == "I saw it\nleave."
    assert Thread.objects.get().comment_count == 1


def test_nobody_approves_or_rejects_words_that_they_have_not_seen(
    reader: Reader, thread: Thread, moderator: User
) -> None:
    receipt = sent(reader, thread)
    public_id = Comment.objects.get().public_id
    ask(reader, receipt, step="save", name="Lina", text="Something quite different.")
    for decide in (approve, reject):
        with pytest.raises(AlreadyDecided) as earlier:
            decide(public_id=public_id, version=1, moderator=moderator, now=NOON)
        assert earlier.value.state == "waiting"
    assert Comment.objects.get().state == "waiting"
    assert Thread.objects.get().comment_count == 0
    assert not ModerationEntry.objects.exists()


def test_the_same_words_change_nothing(reader: Reader, thread: Thread, moderator: User) -> None:
    receipt = sent(reader, thread)
    approve(public_id=Comment.objects.get().public_id, version=1, moderator=moderator, now=NOON)
    again = ask(reader, receipt, step="save", name=" Lina ", text=f"{WORDS}\r\n")
    assert "nothing was changed" in page_text(again)
    assert Comment.objects.get().state == "approved"


def test_changed_words_that_do_not_pass_come_back_whole(reader: Reader, thread: Thread) -> None:
    receipt = sent(reader, thread)
    long = "ا" * 1501
    answer = ask(reader, receipt, step="save", name="\u200b", text=long)
    assert answer.status_code == 422
    assert long in page_text(answer)
    assert "Please give a name" in page_text(answer)
    assert Comment.objects.get().text == WORDS


def test_words_are_normalised_on_this_way_too(reader: Reader, thread: Thread) -> None:
    receipt = sent(reader, thread)
    ask(reader, receipt, step="save", name="Li\u202ena", text="ا\u202eb\r\n\r\n\r\n\r\nc")
    comment = Comment.objects.get()
    assert (comment.name, comment.text) == ("Lina", "اb\n\nc")


def test_an_erased_comment_is_gone_from_everywhere_and_its_receipt_opens_nothing(
    reader: Reader, thread: Thread, moderator: User
) -> None:
    receipt = sent(reader, thread)
    approve(public_id=Comment.objects.get().public_id, version=1, moderator=moderator, now=NOON)
    Change.objects.all().delete()
    asked = ask(reader, receipt, step="erase")
    assert "Erase this comment for good?" in page_text(asked)
    assert Comment.objects.exists()
    assert "Your comment is erased" in page_text(ask(reader, receipt, step="erase-now"))
    assert not Comment.objects.exists()
    assert Thread.objects.get().comment_count == 0
    assert Change.objects.get().thread == thread.public_id
    for step in ("", "change", "save", "erase", "erase-now"):
        answer = ask(reader, receipt, step=step, name="Lina", text=WORDS)
        assert answer.status_code == 404
        assert "No comment is kept under this receipt." in page_text(answer)


@pytest.mark.parametrize("who", ["commenter", "moderator"])
def test_a_repeated_post_does_not_bring_an_erased_comment_back(
    reader: Reader, thread: Thread, moderator: User, who: str
) -> None:
    preview = reader.post("/readers/comment", {"story": thread.public_id, "name": "Lina", "text": WORDS})
    fields = hidden_fields(preview)
    reader.post("/readers/comment", fields)
    if who == "commenter":
        ask(reader, fields["receipt"], step="erase-now")
    else:
        erase(public_id=Comment.objects.get().public_id, version=1, moderator=moderator, now=NOON)
    again = reader.post("/readers/comment", fields)
    assert "has been erased" in page_text(again)
    assert WORDS in page_text(again)
    assert not Comment.objects.exists()
    # Whoever means it sends it as a new comment, with a receipt of its own.
    fresh = hidden_fields(again)
    assert fresh["receipt"] != fields["receipt"]
    reader.post("/readers/comment", fresh)
    assert Comment.objects.count() == 1


def test_a_closed_story_lets_nobody_change_words_and_everybody_erase_them(
    reader: Reader, thread: Thread
) -> None:
    receipt = sent(reader, thread)
    Thread.objects.update(is_open=False)
    assert 'value="change"' not in page_text(ask(reader, receipt))
    refused = ask(reader, receipt, step="save", name="Lina", text="Too late.")
    assert refused.status_code == 403
    assert "Too late." in page_text(refused)
    assert Comment.objects.get().text == WORDS
    ask(reader, receipt, step="erase-now")
    assert not Comment.objects.exists()


def test_what_a_commenter_does_leaves_no_line_and_no_moment(reader: Reader, thread: Thread) -> None:
    receipt = sent(reader, thread)
    ask(reader, receipt, step="save", name="Lina", text="Other words.")
    ask(reader, receipt, step="erase-now")
    assert not ModerationEntry.objects.exists()


def test_an_unknown_receipt_is_answered_in_the_language_of_its_form(reader: Reader, thread: Thread) -> None:
    make_thread(public_id="ar1", language="ar")
    answer = reader.post("/readers/receipt", {"receipt": a_receipt(), "language": "ar"})
    assert answer.status_code == 404
    assert "لا تعليق محفوظ بهذا الإيصال" in page_text(answer)
    assert 'lang="ar" dir="rtl"' in page_text(answer)
    for language in ("xx", "", "../../etc", "\u202e"):
        assert reader.post("/readers/receipt", {"receipt": "7k2m", "language": language}).status_code == 404


@pytest.mark.parametrize("step", ["", "change", "save", "erase", "erase-now", "unknown", "\u0000"])
def test_damaged_receipts_harm_nothing_and_come_back_to_be_mended(
    reader: Reader, thread: Thread, step: str
) -> None:
    sent(reader, thread)
    answer = ask(reader, "<script>alert(1)</script>", step=step)
    assert answer.status_code == 404
    assert b"<script>alert" not in answer.content
    assert Comment.objects.count() == 1


def test_a_receipt_is_never_taken_from_an_address(reader: Reader, thread: Thread) -> None:
    receipt = sent(reader, thread)
    assert reader.client.get(f"/readers/receipt?receipt={receipt}").status_code == 405
    assert reader.post(f"/readers/receipt?receipt={receipt}", {"step": "erase-now"}).status_code == 404
    assert Comment.objects.exists()


def test_another_site_cannot_use_a_receipt_in_a_readers_name(reader: Reader, thread: Thread) -> None:
    receipt = sent(reader, thread)
    foreign = Reader(**{"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"})
    assert ask(foreign, receipt, step="erase-now").status_code == 403
    assert Comment.objects.exists()


def test_the_verbs_say_that_there_is_no_such_comment(thread: Thread) -> None:
    typed = receive.Typed(name="Lina", text=WORDS)
    with pytest.raises(commenter.NoSuchComment):
        commenter.find(a_receipt())
    with pytest.raises(commenter.NoSuchComment):
        commenter.change_words(receipt=a_receipt(), typed=typed, now=NOON)
    with pytest.raises(commenter.NoSuchComment):
        commenter.erase(receipt=a_receipt(), now=NOON)


def test_a_changed_comment_carries_the_day_of_its_newer_words(thread: Thread) -> None:
    receipt = a_receipt()
    typed = receive.Typed(name="Lina", text=WORDS)
    nonce = receipts.nonce_of(receipt)
    token = receive.preview_comment(thread=thread, typed=typed, now=NOON, nonce=nonce).token
    receive.accept_comment(thread=thread, typed=typed, token=token, now=NOON, nonce="unused")
    later = NOON + datetime.timedelta(days=2)
    commenter.change_words(receipt=receipt, typed=receive.Typed(name="Lina", text="Newer."), now=later)
    assert Comment.objects.get().day == later.date()


@pytest.mark.parametrize("receipt", ["7k2m", a_receipt()])
def test_words_for_a_comment_that_is_not_there_come_back_whole(
    reader: Reader, thread: Thread, receipt: str
) -> None:
    answer = ask(reader, receipt, step="save", name="Lina", text="Words that took an hour.\r\n\r\nTwo.")
    assert answer.status_code == 404
    page = page_text(answer)
    assert "Words that took an hour.\n\nTwo.</textarea>" in page
    assert 'value="Lina"' in page


def test_words_come_back_whole_when_the_database_is_busy(
    reader: Reader, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = sent(reader, thread)

    def busy(**_facts: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(commenter, "change_words", busy)
    answer = ask(reader, receipt, step="save", name="Lina", text="Words that took an hour.")
    assert answer.status_code == 503
    assert "Words that took an hour.</textarea>" in page_text(answer)
    assert Comment.objects.get().text == WORDS


def test_a_nul_in_the_forms_language_is_answered_like_any_unknown_one(reader: Reader, thread: Thread) -> None:
    assert reader.post("/readers/receipt", {"receipt": "7k2m", "language": "\x00"}).status_code == 404


def test_nobody_erases_words_that_they_have_not_seen(reader: Reader, thread: Thread, moderator: User) -> None:
    receipt = sent(reader, thread)
    public_id = Comment.objects.get().public_id
    ask(reader, receipt, step="save", name="Lina", text="Something quite different.")
    with pytest.raises(AlreadyDecided):
        erase(public_id=public_id, version=1, moderator=moderator, now=NOON)
    erase(public_id=public_id, version=2, moderator=moderator, now=NOON)
    assert not Comment.objects.exists()


def test_no_row_tells_the_moment_at_which_a_commenter_was_here(
    reader: Reader, thread: Thread, moderator: User
) -> None:
    receipt = sent(reader, thread)
    approve(public_id=Comment.objects.get().public_id, version=1, moderator=moderator, now=NOON)
    Change.objects.all().delete()
    ask(reader, receipt, step="erase-now")
    at = Change.objects.get().at
    assert (at.minute, at.second, at.microsecond) == (0, 0, 0)
    assert at <= datetime.datetime.now(datetime.UTC)
