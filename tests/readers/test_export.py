"""The export: what readers see unless more is asked for, nothing that tells who wrote it, and in again."""

from __future__ import annotations

import datetime
import io
import json
import tracemalloc
from typing import Any

import pytest
from django.contrib.auth.models import User

from nashra.intake.comments.command import Wishes, import_comments
from nashra.readers import commenter, editors, moderation, receipts, receive
from nashra.readers.arriving import Arrival, bring_in
from nashra.readers.exporting import Choice, UnknownStory, export_lines
from nashra.readers.models import Comment, ModerationEntry, Thread
from nashra.readers.tidying import purge
from tests.readers.conftest import NOON, make_thread

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

LATER = NOON + datetime.timedelta(minutes=5)


def exported(**choice: Any) -> list[dict[str, Any]]:
    """The document as any program reads it."""
    return json.loads("".join(export_lines(Choice(**choice), now=NOON)))


def comments(**choice: Any) -> list[dict[str, Any]]:
    return [each for each in exported(**choice) if each.get("kind") == "comment"]


def send(thread: Thread, words: str, number: int = 0) -> str:
    """A reader's comment, as it is received; gives its receipt."""
    receipt = receipts.new_receipt((abs(hash(words)) + number).to_bytes(receipts.RANDOM_BYTES))
    nonce = receipts.nonce_of(receipt)
    typed = receive.Typed(name="Lina", text=words)
    token = receive.preview_comment(thread=thread, typed=typed, now=NOON, nonce=nonce).token
    done = receive.accept_comment(thread=thread, typed=typed, token=token, now=NOON, nonce=nonce)
    assert done.step is receive.Step.RECEIVED
    return receipt


def stand(thread: Thread, words: str, moderator: User) -> str:
    """A comment on the page; gives its receipt."""
    receipt = send(thread, words)
    public_id = commenter.find(receipt).public_id
    moderation.approve(public_id=public_id, version=1, moderator=moderator, now=NOON)
    return receipt


def bring_back(document: str, **wishes: Any) -> dict[str, int]:
    report = import_comments(
        io.BytesIO(document.encode()),
        file_name="comments.json",
        wishes=Wishes(source="nashra", **wishes),
        now=LATER,
        say=lambda sentence: None,
    )
    return dict(+report.counts)


def document(**choice: Any) -> str:
    return "".join(export_lines(Choice(**choice), now=NOON))


def test_it_has_a_head_the_stories_their_comments_and_an_end(thread, moderator):
    stand(thread, "I saw it come in.", moderator)
    Thread.objects.update(published_yes=12, published_no=3)
    head, story, comment, end = exported()
    assert head == {
        "format": "nashra-comments",
        "version": 1,
        "states": ["approved"],
        "exported_on": "2026-11-03",
    }
    assert story == {
        "kind": "story",
        "id": "st0ry",
        "language": "en",
        "address": "/en/harbour/the-ferry-returns/",
        "headline": "The ferry returns to Lumen Bay",
        "reactions": {"yes": 12, "no": 3},
    }
    assert comment == {
        "kind": "comment",
        "id": Comment.objects.get().public_id,
        "story": "st0ry",
        "address": "/en/harbour/the-ferry-returns/",
        "name": "Lina",
        "text": "I saw it come in.",
        "day": "2026-11-03",
        "state": "approved",
        "position": 1,
        "answers": None,
        "is_staff": False,
        "is_pick": False,
    }
    assert end == {"kind": "end", "stories": 1, "comments": 1}


def test_it_holds_no_nonce_fingerprint_moderator_or_reason(thread, moderator):
    send(thread, "Look at http://shop.example/")
    moderation.reject(
        public_id=Comment.objects.get().public_id, version=1, moderator=moderator, now=NOON, told="Be kind."
    )
    row = Comment.objects.get()
    text = document(all_states=True)
    assert row.reasons == ["links"]
    for unseen in (row.nonce, row.fingerprint, "maryam", "Be kind.", "links", "decided", 'version": 2'):
        assert unseen not in text


def test_without_a_wish_for_more_it_holds_what_readers_see(thread, moderator):
    stand(thread, "on the page", moderator)
    send(thread, "waits")
    rejected = commenter.find(send(thread, "rejected")).public_id
    moderation.reject(public_id=rejected, version=1, moderator=moderator, now=NOON)
    held = commenter.find(send(thread, "held")).public_id
    moderation.approve(public_id=held, version=1, moderator=moderator, now=NOON, held_until=LATER)
    withdrawn = make_thread("gone", address="/en/harbour/gone/")
    stand(withdrawn, "under a withdrawn story", moderator)
    Thread.objects.filter(pk=withdrawn.pk).update(is_withdrawn=True)
    assert [each["text"] for each in comments()] == ["on the page"]
    assert {each["text"]: each["state"] for each in comments(all_states=True)} == {
        "on the page": "approved",
        "under a withdrawn story": "approved",
        "waits": "waiting",
        "rejected": "rejected",
        "held": "waiting",
    }


def test_totals_that_are_not_published_are_not_told(thread, moderator):
    stand(thread, "on the page", moderator)
    Thread.objects.update(yes_count=4, no_count=2)
    assert exported()[1]["reactions"] is None


def test_it_can_be_of_one_story_or_one_language(thread, moderator):
    other = make_thread("other", "fa", address="/fa/harbour/other/")
    stand(thread, "one", moderator)
    stand(other, "other", moderator)
    assert [each["text"] for each in comments()] == ["one", "other"]
    assert [each["text"] for each in comments(story="other")] == ["other"]
    assert [each["text"] for each in comments(language="en")] == ["one"]
    assert comments(story="other", language="en") == []
    with pytest.raises(UnknownStory):
        export_lines(Choice(story="nowhere"), now=NOON)


@pytest.mark.parametrize("who", ["commenter", "moderator"])
def test_an_erased_comment_is_not_in_it_and_an_older_export_does_not_bring_it_back(thread, moderator, who):
    receipt = stand(thread, "erase me", moderator)
    stand(thread, "keep me", moderator)
    older = document()
    if who == "commenter":
        commenter.erase(receipt=receipt, now=NOON)
    else:
        public_id = Comment.objects.get(text="erase me").public_id
        moderation.erase(public_id=public_id, version=1, moderator=moderator, now=NOON)
    assert "erase me" not in document(all_states=True)
    assert bring_back(older) == {"gone": 1, "known": 1}
    # The erasure is forgotten after some days; that somebody once decided about the comment is not.
    purge(NOON + datetime.timedelta(days=30))
    assert bring_back(older) == {"gone": 1, "known": 1}
    assert "erase me" not in document(all_states=True)


def test_what_a_commenter_erased_before_anybody_decided_does_not_come_back(thread):
    receipt = send(thread, "erase me")
    older = document(all_states=True)
    commenter.erase(receipt=receipt, now=NOON)
    assert not ModerationEntry.objects.exists()
    assert bring_back(older) == {"gone": 1}
    assert not Comment.objects.exists()


def test_it_comes_into_another_newsroom_as_it_was(thread, moderator):
    stand(thread, "First.\n\nWith two paragraphs, “quoted” and < & >", moderator)
    top = Comment.objects.get()
    editors.answer(
        public_id=top.public_id,
        name="The desk",
        words="Thank you.",
        random_bytes=b"1",
        moderator=moderator,
        now=NOON,
    )
    editors.pick(public_id=top.public_id, is_pick=True, moderator=moderator, now=NOON)
    send(thread, "waits")
    rejected = commenter.find(send(thread, "rejected")).public_id
    moderation.reject(public_id=rejected, version=1, moderator=moderator, now=NOON)
    before = document(all_states=True)
    kept = [each for each in comments(all_states=True) if each["state"] != "rejected"]

    Comment.objects.all().delete()
    ModerationEntry.objects.all()._raw_delete("readers")
    Thread.objects.update(comment_count=0, last_position=0)
    assert bring_back(before) == {"approved": 2, "waiting": 1}
    assert comments(all_states=True) == kept
    assert Thread.objects.get().comment_count == 2
    assert bring_back(before) == {"known": 3}


def test_its_lines_may_come_without_the_array(thread, moderator):
    stand(thread, "one", moderator)
    lines = "\n".join(json.dumps(each) for each in exported())
    Comment.objects.all().delete()
    ModerationEntry.objects.all()._raw_delete("readers")
    Thread.objects.update(comment_count=0, last_position=0)
    assert bring_back(lines) == {"approved": 1}


def test_the_words_of_a_file_pass_the_same_door_as_any_others(thread):
    facts = {"kind": "comment", "story": "st0ry", "day": "2026-11-03", "state": "approved"}
    document = [
        {"format": "nashra-comments", "version": 1},
        {"kind": "story", "id": "st0ry"},
        facts | {"id": "aaa", "name": "Li\u202ena", "text": "a\u202eb\r\n\r\n\r\nc\u0000", "position": 2},
        facts | {"id": "bbb", "name": "\ud800x", "text": "first", "position": 1, "is_staff": "yes"},
        facts | {"id": "ccc", "name": 7, "text": ["no text"], "position": 10**400},
        facts | {"id": "../x", "name": "n", "text": "t"},
        facts | {"id": "ddd", "name": "n", "text": "t", "state": "published"},
        facts | {"id": "eee", "name": "n", "text": "t", "day": "3 November"},
        {"kind": "end"},
    ]
    assert bring_back(json.dumps(document)) == {"approved": 2, "refused": 4}
    first, second = Comment.objects.order_by("position")
    assert (first.name, first.text, first.is_staff) == ("x", "first", False)
    assert (second.name, second.text) == ("Lina", "ab\n\nc")


def test_two_imports_at_once_store_each_comment_once(thread):
    arrivals = [
        Arrival(
            public_id=f"c{number}",
            nonce=f"n{number}",
            name="Lina",
            text="x",
            day=NOON.date(),
            is_approved=True,
        )
        for number in range(5)
    ]
    assert bring_in(thread_pk=thread.pk, arrivals=arrivals[:3], now=NOON) == 3
    assert bring_in(thread_pk=thread.pk, arrivals=arrivals, now=NOON) == 2
    assert list(Comment.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    assert Thread.objects.get().comment_count == 5


def test_it_reads_very_many_comments_without_holding_them(thread):
    for start in range(0, 6000, 1000):
        arrivals = [
            Arrival(
                public_id=f"c{number}",
                nonce=f"n{number}",
                name="Lina",
                text=f"Nr {number} " + "x" * 1000,
                day=NOON.date(),
                is_approved=number % 3 > 0,
            )
            for number in range(start, start + 1000)
        ]
        bring_in(thread_pk=thread.pk, arrivals=arrivals, now=NOON)
    tracemalloc.start()
    try:
        size_bytes = sum(len(line) for line in export_lines(Choice(all_states=True), now=NOON))
        _now, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size_bytes > 6_000_000
    assert peak_bytes < 6_000_000
    found = comments(all_states=True)
    assert len({each["id"] for each in found}) == 6000
    positions = [each["position"] for each in found if each["position"]]
    assert positions == list(range(1, 4001))
