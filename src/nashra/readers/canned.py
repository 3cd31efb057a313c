"""The sentences from which a moderator chooses when a commenter shall know why: one list a language.

Nobody types a reason by hand, so that nothing careless is written to somebody who may be in danger.
Must not reject a comment: ``moderation`` does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from nashra.readers import text
from nashra.readers.models import CannedReasons, Comment, Masthead, Thread
from nashra.readers.moderation import Moderator, require_moderator
from nashra.readers.router import ALIAS
from nashra.readers.suggested_reasons import suggested_for

MOST_SENTENCES = 30
MAX_SENTENCE_GRAPHEMES = 300


class NotListed(ValueError):
    """A reason is none of the language's sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A list as somebody typed it, normalised, and what is wrong with it; nothing is kept then."""

    sentences: tuple[str, ...]
    faults: tuple[str, ...] = ()


def languages() -> list[str]:
    """The languages that have a list: those of all publications and all stories."""
    told = set(Masthead.objects.values_list("language", flat=True))
    return sorted(told | set(Thread.objects.order_by().values_list("language", flat=True).distinct()))


def sentences_in(wanted: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Each language's sentences: the newsroom's own, or those that we suggest."""
    kept = dict(CannedReasons.objects.filter(language__in=wanted).values_list("language", "sentences"))
    return {tag: tuple(kept[tag]) if tag in kept else suggested_for(tag) for tag in wanted}


def require_listed(told: str, *, language: str) -> None:
    """Stop a reason that is none of the language's sentences; none at all may always be given.

    Raises:
        NotListed: somebody changed the list meanwhile, or the form.
    """
    if told and told not in sentences_in([language])[language]:
        raise NotListed(told)


def require_listed_for(public_id: str, told: str) -> None:
    """The same, in the language of a comment; one that is erased is for others to find.

    Raises:
        NotListed: somebody changed the list meanwhile, or the form.
    """
    if not told:
        return
    found = Comment.objects.filter(public_id=public_id).values_list("thread__language", flat=True).first()
    if found is not None:
        require_listed(told, language=found)


def read(typed: str) -> Typed:
    """A list as it would be kept: one sentence a line, none twice."""
    lines = [text.normalise_name(line) for line in text.normalise(typed).split("\n")]
    sentences = tuple(dict.fromkeys(line for line in lines if line))
    faults = [fault for number, line in enumerate(lines, start=1) if line and (fault := _fault(line, number))]
    if len(sentences) > MOST_SENTENCES:
        faults.append(_("Please keep no more than %(most)d sentences.") % {"most": MOST_SENTENCES})
    return Typed(sentences=sentences, faults=tuple(faults))


def keep(*, language: str, typed: str, moderator: Moderator) -> Typed:
    """Keep a language's list, where nothing is wrong with it.

    Raises:
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    wanted = read(typed)
    if not wanted.faults:
        with transaction.atomic(using=ALIAS):
            CannedReasons.objects.update_or_create(
                language=language, defaults={"sentences": list(wanted.sentences)}
            )
    return wanted


def take_suggested(*, language: str, moderator: Moderator) -> None:
    """Go back to the sentences that we suggest.

    Raises:
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    CannedReasons.objects.filter(language=language).delete()


def _fault(sentence: str, number: int) -> str:
    if not text.has_visible_character(sentence):
        return _("Line %(number)d has nothing that can be seen.") % {"number": number}
    if text.count_graphemes(sentence) > MAX_SENTENCE_GRAPHEMES:
        return _("Line %(number)d is too long. Please shorten it to %(most)d characters.") % {
            "number": number,
            "most": MAX_SENTENCE_GRAPHEMES,
        }
    return ""
