"""Counts in memory: what is over an allowance waits longer, and nobody is ever turned away."""

from __future__ import annotations

import base64
import datetime
import hashlib
import html
import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User

from nashra.readers import checks, holding, limits, moderation, slowing
from nashra.readers.limits import ALLOWANCES, BUCKET, FAST_S, MOST_COUNTS, ONION, WINDOW_S, Act, Crowd, Limits
from nashra.readers.models import Comment, Report, Thread
from tests.readers.conftest import NOON, Reader
from tests.readers.forms import hidden_fields, page_text

TOWN = "5c" * 16
VILLAGE = "a0" * 16
COMMENTS = ALLOWANCES[Act.COMMENT]


def counted(counts: Limits, act: Act, bucket: str, times: int, now_s: float = 0.0) -> list[Crowd]:
    return [counts.count(act, bucket, now_s) for _ in range(times)]


def test_it_says_when_one_network_is_over_its_allowance() -> None:
    counts = Limits()
    said = counted(counts, Act.COMMENT, TOWN, COMMENTS.network + 2)
    assert said == [Crowd.NONE] * COMMENTS.network + [Crowd.BURST] * 2
    assert counts.count(Act.COMMENT, VILLAGE, 0.0) is Crowd.NONE
    assert counts.count(Act.VOTE, TOWN, 0.0) is Crowd.NONE


@pytest.mark.parametrize("bucket", [ONION, ""])
def test_a_way_that_many_share_has_an_allowance_of_its_own(bucket: str) -> None:
    said = counted(Limits(), Act.COMMENT, bucket, COMMENTS.shared + 1)
    assert said == [Crowd.NONE] * COMMENTS.shared + [Crowd.BURST]


def test_a_flood_from_everywhere_is_noticed_too() -> None:
    counts = Limits()
    said = [counts.count(Act.COMMENT, f"{number:032x}", 0.0) for number in range(COMMENTS.desk + 2)]
    assert said == [Crowd.NONE] * COMMENTS.desk + [Crowd.FLOOD] * 2


def test_each_hour_begins_anew() -> None:
    counts = Limits()
    counted(counts, Act.COMMENT, TOWN, COMMENTS.network + 1, WINDOW_S - 1)
    assert counts.count(Act.COMMENT, TOWN, WINDOW_S - 0.5) is Crowd.BURST
    assert counts.count(Act.COMMENT, TOWN, WINDOW_S) is Crowd.NONE
    assert TOWN in repr(vars(counts))
    assert not counts.is_filling(Act.COMMENT, TOWN, 2 * WINDOW_S)
    assert TOWN not in repr(vars(counts))


def test_puzzles_come_before_the_allowance_is_used_up() -> None:
    counts = Limits()
    half = COMMENTS.network // 2
    counted(counts, Act.COMMENT, TOWN, half - 1)
    assert not counts.is_filling(Act.COMMENT, TOWN, 0.0)
    counts.count(Act.COMMENT, TOWN, 0.0)
    assert counts.is_filling(Act.COMMENT, TOWN, 0.0)
    assert not counts.is_filling(Act.COMMENT, VILLAGE, 0.0)


def test_its_memory_is_bounded_whoever_asks() -> None:
    counts = Limits()
    for number in range(2 * MOST_COUNTS):
        counts.count(Act.VOTE, f"{number:032x}", 0.0)
    assert len(counts._counts) <= MOST_COUNTS + 2 * len(Act)
    assert sum(map(sys.getsizeof, counts._counts)) + sys.getsizeof(counts._counts) < 5_000_000
    # Who was there before is still told apart; who came after shares.
    assert counts.count(Act.VOTE, f"{0:032x}", 0.0) is not Crowd.BURST
    assert counts.count(Act.VOTE, f"{MOST_COUNTS + 5:032x}", 0.0) is Crowd.BURST
    for number in range(20_000):
        counts.note_preview(str(number), 1.0)
    assert len(counts._previews) <= 5_000


def test_no_count_is_lost_among_threads() -> None:
    counts = Limits()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: counted(counts, Act.VOTE, TOWN, 500), range(8)))
    assert counts._counts[Act.VOTE, TOWN] == 4_000


def test_what_comes_faster_than_anybody_reads_is_known_for_two_seconds_only() -> None:
    counts = Limits()
    counts.note_preview("one", 10.0)
    assert counts.is_fast("one", 10.0 + FAST_S - 0.1)
    assert not counts.is_fast("one", 10.0 + FAST_S)
    assert not counts.is_fast("another", 10.0)
    counts.note_preview("two", 10.0 + FAST_S)
    assert list(counts._previews) == ["two"]


def written(thread: Thread, number: int = 0) -> dict[str, str]:
    return {"story": thread.public_id, "name": "Lina", "text": f"I saw it come in, with {number} on board."}


def comment(reader: Reader, thread: Thread, number: int, bucket: str = TOWN, **fields: str) -> list[str]:
    """Send a comment as a browser without scripts does; the reasons under which it waits."""
    way = {BUCKET: bucket}
    preview = reader.post("/readers/comment", written(thread, number), **way)
    assert preview.status_code == 200
    received = reader.post("/readers/comment", hidden_fields(preview) | fields, **way)
    assert received.status_code == 200
    assert "Thank you: your comment is with us" in page_text(received)
    return Comment.objects.latest("pk").reasons


def asked_puzzle(answer: Any) -> dict[str, Any] | None:
    found = re.search(r'data-puzzle="([^"]*)"', answer.content.decode())
    return json.loads(html.unescape(found[1])) if found else None


def solution(asked: dict[str, Any]) -> str:
    """What the page's script makes of a puzzle."""
    number = next(
        number
        for number in range(asked["maxnumber"] + 1)
        if hashlib.sha256(f"{asked['salt']}{number}".encode()).hexdigest() == asked["challenge"]
    )
    fields = {name: value for name, value in asked.items() if name != "maxnumber"}
    return base64.b64encode(json.dumps({**fields, "number": number}).encode()).decode()


def use_up(act: Act, bucket: str = TOWN, *, times: int | None = None) -> None:
    counted(limits.HERE, act, bucket, times or ALLOWANCES[act].network, time.monotonic())


@pytest.mark.django_db(databases=["default", "readers"])
class TestAtTheReadersDesk:
    def test_a_comment_too_many_is_taken_and_waits_after_the_others(
        self, reader: Reader, thread: Thread
    ) -> None:
        use_up(Act.COMMENT, times=COMMENTS.network - 2)
        assert [comment(reader, thread, number) for number in range(5)] == [[], [], *[["burst"]] * 3]
        assert comment(reader, thread, 9, bucket=VILLAGE) == []
        assert comment(reader, thread, 10, bucket=ONION) == []

    def test_only_a_crowd_gets_puzzles(self, reader: Reader, thread: Thread) -> None:
        for bucket, is_asked in ((VILLAGE, False), (TOWN, True)):
            use_up(Act.COMMENT)
            preview = reader.post("/readers/comment", written(thread), **{BUCKET: bucket})
            assert (asked_puzzle(preview) is not None) is is_asked
            assert ("solution" in hidden_fields(preview)) is is_asked

    def test_a_solved_puzzle_spares_the_wait_and_only_for_its_own_comment(
        self, reader: Reader, thread: Thread
    ) -> None:
        use_up(Act.COMMENT)
        previews = [
            reader.post("/readers/comment", written(thread, number), **{BUCKET: TOWN}) for number in (1, 2)
        ]
        solved = solution(asked_puzzle(previews[0]))
        for preview in previews:
            reader.post("/readers/comment", hidden_fields(preview) | {"solution": solved}, **{BUCKET: TOWN})
        assert list(Comment.objects.order_by("pk").values_list("reasons", flat=True)) == [[], ["burst"]]

    @pytest.mark.parametrize("wrong", ["", "x", "e30=", "\x00", "é", "A" * 10_000])
    def test_a_wrong_answer_is_as_good_as_none(self, wrong: str, reader: Reader, thread: Thread) -> None:
        use_up(Act.COMMENT)
        assert comment(reader, thread, 1, solution=wrong) == ["burst"]

    def test_a_flood_from_everywhere_slows_whoever_solves_nothing(
        self, reader: Reader, thread: Thread
    ) -> None:
        for number in range(COMMENTS.desk):
            limits.HERE.count(Act.COMMENT, f"{number:032x}", time.monotonic())
        assert comment(reader, thread, 1, bucket=VILLAGE) == ["flood"]
        preview = reader.post("/readers/comment", written(thread, 2), **{BUCKET: VILLAGE})
        solved = {"solution": solution(asked_puzzle(preview))}
        reader.post("/readers/comment", hidden_fields(preview) | solved, **{BUCKET: VILLAGE})
        assert Comment.objects.latest("pk").reasons == []

    def test_what_nobody_can_have_read_is_marked(
        self, reader: Reader, thread: Thread, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "HERE", Limits())
        assert comment(reader, thread, 1) == ["speed"]
        clock = [50.0]
        monkeypatch.setattr(slowing.time, "monotonic", lambda: clock[0])
        preview = reader.post("/readers/comment", written(thread, 2))
        clock[0] += FAST_S
        reader.post("/readers/comment", hidden_fields(preview))
        assert Comment.objects.latest("pk").reasons == []

    def test_other_words_do_not_undo_how_a_comment_came(self, reader: Reader, thread: Thread) -> None:
        use_up(Act.COMMENT)
        preview = reader.post("/readers/comment", written(thread), **{BUCKET: TOWN})
        fields = hidden_fields(preview)
        reader.post("/readers/comment", fields, **{BUCKET: TOWN})
        changed = {"step": "save", "name": "Lina", "text": "See www.lantern.example"}
        reader.post("/readers/receipt", {"receipt": fields["receipt"], **changed}, **{BUCKET: TOWN})
        assert Comment.objects.get().reasons == ["links", "burst"]

    def test_a_repeated_form_is_answered_as_the_first_in_any_crowd(
        self, reader: Reader, thread: Thread
    ) -> None:
        fields = hidden_fields(reader.post("/readers/comment", written(thread), **{BUCKET: TOWN}))
        for _ in range(COMMENTS.network + 5):
            answer = reader.post("/readers/comment", fields, **{BUCKET: TOWN})
            assert "Thank you: your comment is with us" in page_text(answer)
        assert Comment.objects.get().reasons == []

    def test_without_a_token_of_its_way_a_post_counts_with_all_such(
        self, reader: Reader, thread: Thread
    ) -> None:
        use_up(Act.COMMENT, "", times=COMMENTS.shared)
        preview = reader.post("/readers/comment", written(thread))
        reader.post("/readers/comment", hidden_fields(preview))
        assert Comment.objects.get().reasons == ["burst"]

    def test_no_header_puts_a_post_into_another_crowd(self, reader: Reader, thread: Thread) -> None:
        use_up(Act.COMMENT)
        spoofed = {"x-forwarded-for": "192.0.2.1", "nashra.bucket": VILLAGE, "nashra-bucket": VILLAGE}
        preview = reader.post("/readers/comment", written(thread), headers=spoofed, **{BUCKET: TOWN})
        reader.post("/readers/comment", hidden_fields(preview), headers=spoofed, **{BUCKET: TOWN})
        assert Comment.objects.get().reasons == ["burst"]

    def test_every_vote_counts_and_a_crowds_let_the_totals_wait_for_a_person(
        self, readers_origin: None, thread: Thread
    ) -> None:
        use_up(Act.VOTE)
        use_up(Act.CROWDED_VOTE, thread.public_id, times=ALLOWANCES[Act.CROWDED_VOTE].network - 1)
        frozen = []
        for _ in range(2):
            voter = Reader(**{"sec-fetch-site": "same-origin"})
            for _click in range(2):
                fields = {"story": thread.public_id, "value": "yes"}
                assert voter.post("/readers/reaction", fields, **{BUCKET: TOWN}).status_code == 200
            frozen.append(Thread.objects.get().frozen)
        assert frozen == [False, True]
        assert Thread.objects.get().yes_count == 2
        # Once a person has looked, it takes as many again.
        Thread.objects.update(frozen=False)
        voter.post("/readers/reaction", {"story": thread.public_id, "value": "no"}, **{BUCKET: TOWN})
        assert not Thread.objects.get().frozen

    def test_votes_of_a_few_neighbours_freeze_nothing(self, readers_origin: None, thread: Thread) -> None:
        use_up(Act.VOTE, VILLAGE)
        use_up(Act.CROWDED_VOTE, thread.public_id)
        voter = Reader(**{"sec-fetch-site": "same-origin"})
        for _click in range(2):
            voter.post("/readers/reaction", {"story": thread.public_id, "value": "yes"}, **{BUCKET: TOWN})
        assert Thread.objects.get().yes_count == 1
        assert not Thread.objects.get().frozen

    def test_a_report_too_many_brings_the_comment_before_a_person_and_adds_to_no_number(
        self, reader: Reader, thread: Thread, moderator: User
    ) -> None:
        comment(reader, thread, 1)
        moderation.approve(
            public_id=Comment.objects.get().public_id, version=1, moderator=moderator, now=NOON
        )
        holding.carry_out(NOON + datetime.timedelta(hours=1))
        use_up(Act.REPORT)
        for kind in ("threat", "threat", "hate"):
            fields = {"comment": Comment.objects.get().public_id, "kind": kind}
            assert reader.post("/readers/report", fields, **{BUCKET: TOWN}).status_code == 200
        assert Comment.objects.get().is_reported
        counts = Report.objects.order_by("kind").values_list("kind", "count")
        assert list(counts) == [("hate", 1), ("threat", 1)]
        reader.post("/readers/report", fields, **{BUCKET: VILLAGE})
        assert Report.objects.get(kind="hate").count == 2


def test_no_reason_is_without_its_sentence() -> None:
    codes = {crowd.value for crowd in Crowd if crowd is not Crowd.NONE} | {slowing.SPEED}
    assert codes == set(checks.HOW_IT_CAME)
    assert checks.HOW_IT_CAME <= set(checks.REASONS)


def test_each_act_has_its_allowance() -> None:
    assert set(ALLOWANCES) == set(Act)
    for allowance in ALLOWANCES.values():
        assert allowance.network <= allowance.shared <= allowance.desk
