"""What the press tells the readers' desk of stories, and what the press and the pages ask it for.

Must not decide anything about a comment or a vote.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connections, transaction

from nashra.bulk_rows import ask, select, upsert
from nashra.edition.content import Link, Publication, ReactionTotals
from nashra.readers.blocks import blocks_standing
from nashra.readers.models import Change, Masthead, Thread, new_vote_key
from nashra.readers.reactions import close_voting
from nashra.readers.router import ALIAS


class ThreadFacts(NamedTuple):
    """What the readers' desk must know of a story."""

    public_id: str
    language: str
    headline: str
    address: str
    is_open: bool
    # The day, as ISO 8601 writes it, from which no comment is taken; and whether it has come.
    closes_on: str | None = None
    is_over: bool = False


def keep_mastheads(publications: Iterable[Publication]) -> None:
    """Bring the publications up to date in whose clothes readers are answered; none is ever removed."""
    standing = dict(Masthead.objects.values_list("language", "publication"))
    for publication in publications:
        facts = dataclasses.asdict(publication)
        facts |= {name: list(facts[name]) for name in ("sections", "siblings")}
        if standing.get(publication.language) != facts:
            Masthead.objects.update_or_create(language=publication.language, defaults={"publication": facts})


def keep_threads(stories: Sequence[ThreadFacts], now: datetime.datetime | None = None) -> None:
    """Make published stories' threads, or bring them up to date; their counts stay. None may be there twice.

    A story that comes back after its withdrawal takes votes again, under a new key. One that takes comments
    no more, or again, has its pages of older comments pressed; ``now`` is the moment from which they are due.
    """
    fields = (*ThreadFacts._fields, "is_withdrawn")
    names = [facts.public_id for facts in stories]
    standing = {row[0]: _plain(row) for row in select(Thread, fields, "public_id", names, using=ALIAS)}
    changed = [facts for facts in stories if standing.get(facts.public_id) != (*facts, False)]
    if not changed:
        return
    with transaction.atomic(using=ALIAS):
        _lock([facts.public_id for facts in changed if facts.public_id in standing])
        _let_return([facts.public_id for facts in changed if standing.get(facts.public_id, (False,))[-1]])
        _keep(changed)
        if now is not None:
            _press_older_comments([facts for facts in changed if _turns(facts, standing)], now)


def _lock(public_ids: list[str]) -> None:
    """Lock threads in the order of their ids, as votes do, so that no two wait for each other.

    SQLite has one writer, and needs none of it.
    """
    if connections[ALIAS].features.has_select_for_update:
        rows = Thread.objects.select_for_update(no_key=True).filter(public_id__in=public_ids).order_by("pk")
        list(rows.values_list("pk", flat=True))


def _turns(facts: ThreadFacts, standing: dict[str, tuple[Any, ...]]) -> bool:
    """Whether a thread that stands takes comments from now on, or no more."""
    if facts.public_id not in standing:
        return False
    before = ThreadFacts._make(standing[facts.public_id][:-1])
    return (before.is_open and not before.is_over) != (facts.is_open and not facts.is_over)


def _press_older_comments(stories: Sequence[ThreadFacts], now: datetime.datetime) -> None:
    names = [facts.public_id for facts in stories]
    rows = select(Thread, ("public_id", "last_position"), "public_id", names, using=ALIAS)
    Change.objects.bulk_create(
        Change(thread=public_id, kind=Change.Kind.COMMENTS, block=block, at=now)
        for public_id, last_position in rows
        for block in range(1, blocks_standing(last_position) + 1)
    )


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A thread's row with its day as text, which is how SQLite gives it and PostgreSQL does not."""
    return tuple(str(value) if isinstance(value, datetime.date) else value for value in row)


def keep_thread(
    *, public_id: str, language: str, headline: str, address: str, is_open: bool, publication: Publication
) -> None:
    """Do both for one story, as whoever loads a comment before any press must."""
    keep_mastheads([publication])
    keep_threads([ThreadFacts(public_id, language, headline, address, is_open)])


def _keep(stories: Sequence[ThreadFacts]) -> None:
    blank = {
        "is_withdrawn": False,
        "voting_open": True,
        "frozen": False,
        **dict.fromkeys(("comment_count", "last_position", "yes_count", "no_count", "votes_looked_at"), 0),
    }
    upsert(
        Thread,
        [*ThreadFacts._fields, "vote_key", *blank],
        [(*facts, new_vote_key(), *blank.values()) for facts in stories],
        key=["public_id"],
        update=ThreadFacts._fields[1:],
        using=ALIAS,
    )


def _let_return(public_ids: list[str]) -> None:
    for public_id in public_ids:
        Thread.objects.filter(public_id=public_id).update(
            is_withdrawn=False, voting_open=True, vote_key=new_vote_key()
        )


def close_thread(*, public_id: str) -> None:
    """Take neither comments nor votes any more, since the story was withdrawn; unknown ids are nothing."""
    with transaction.atomic(using=ALIAS):
        thread = Thread.objects.filter(public_id=public_id).first()
        if thread is None:
            return
        Thread.objects.filter(pk=thread.pk).update(is_open=False, is_withdrawn=True)
        close_voting(thread)


def find(public_id: str) -> Thread | None:
    """A story's thread, where the press has told of it; without what only moderators and votes need."""
    # Read past the ORM, together with its publication: every post of a reader asks for both.
    rows = ask(_FIND, (public_id,), using=ALIAS)
    if not rows:
        return None
    *values, publication = rows[0]
    thread = Thread.from_db(ALIAS, _FOUND_FIELDS, values)
    if publication is not None:
        thread._publication = _read_publication(publication)
    return thread


_FOUND_FIELDS = ("id", "public_id", "language", "headline", "address", "is_open", "is_over", "voting_open")
_FIND = """
    SELECT t.id, t.public_id, t.language, t.headline, t.address, t.is_open, t.is_over, t.voting_open,
        m.publication
    FROM readers_thread t LEFT JOIN readers_masthead m ON m.language = t.language WHERE t.public_id = %s
"""


def thread_publication(thread: Thread) -> Publication:
    """The publication that a thread's story stands in, as the press last told it."""
    # Asked for more than once in one request, and read once.
    if not hasattr(thread, "_publication"):
        thread._publication = masthead(thread.language)
    found: Publication = thread._publication
    return found


def masthead(language: str) -> Publication:
    """A publication as the press last told it.

    Raises:
        Masthead.DoesNotExist: the press never told of it.
    """
    rows = ask("SELECT publication FROM readers_masthead WHERE language = %s", (language,), using=ALIAS)
    if not rows:
        raise Masthead.DoesNotExist
    return _read_publication(rows[0][0])


@lru_cache(maxsize=64)
def _read_publication(text: str) -> Publication:
    """What is kept decides nothing: it is found by the very text that the database gave just now."""
    facts = json.loads(text)
    for name in ("sections", "siblings"):
        facts[name] = tuple(Link(**link) for link in facts.get(name, ()))
    return Publication(**facts)


def thread_link(thread: Thread) -> Link:
    """The thread's story, to lead back to."""
    return Link(text=thread.headline, address=thread.address, language=thread.language)


def comment_counts(public_ids: Collection[str]) -> dict[str, int]:
    """How many comments stand under each of these stories, in their order; withdrawn ones are left out."""
    rows = Thread.objects.filter(public_id__in=public_ids, is_withdrawn=False)
    found = dict(rows.values_list("public_id", "comment_count"))
    return {name: found[name] for name in public_ids if name in found}


def published_totals(public_ids: Collection[str]) -> dict[str, ReactionTotals]:
    """Each story's published totals; stories with too few votes to show are left out."""
    if not public_ids:
        return {}
    # By those that have any: most stories need not be asked for them.
    rows = ask(_WITH_TOTALS.format(names=", ".join(["%s"] * len(public_ids))), public_ids, using=ALIAS)
    return {story: ReactionTotals(yes=yes, no=no) for story, yes, no in rows}


_WITH_TOTALS = """
    SELECT public_id, published_yes, published_no FROM readers_thread
    WHERE published_yes IS NOT NULL AND public_id IN ({names})
"""
