"""The mirrors' rows: adding and removing one, what an edition may list, and what pushes and looks found.

Must not ask the network.
"""

from __future__ import annotations

import datetime
import re

from django.db import transaction

from nashra.edition.mirrors import BadMirrors, check_mirror_url, mirrors_bytes
from nashra.mirrors.health import Look
from nashra.mirrors.models import Mirror, MirrorHealth, MirrorPush
from nashra.mirrors.push import CannotPush, Outcome, check_target

KEPT = 50
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,58}")


class BadMirror(ValueError):
    """A mirror that cannot be added, or that is not there; the message says why."""


def add_mirror(name: str, target: str, *, public_url: str, is_listed: bool, now: datetime.datetime) -> Mirror:
    """Remember a mirror; nothing is sent to it yet.

    Raises:
        BadMirror: a part of it is none that a mirror can have, or there is one of this name.
    """
    if not _NAME.fullmatch(name):
        raise BadMirror(f"A mirror cannot be called {name!r}: take small letters, digits and hyphens.")
    if Mirror.objects.filter(name=name).exists():
        raise BadMirror(f"There is a mirror called {name} already: remove it first, or take another name.")
    if is_listed and not public_url:
        raise BadMirror("A mirror that readers are told of needs the address that they ask: give --url.")
    url = public_url if not public_url or public_url.endswith("/") else f"{public_url}/"
    try:
        target = check_target(target)
    except CannotPush as error:
        raise BadMirror(f"The target {target!r} {error}.") from error
    try:
        url = check_mirror_url(url, is_listed=is_listed) if url else ""
    except BadMirrors as error:
        raise BadMirror(f"The address {public_url!r} {error}.") from error
    return Mirror.objects.create(name=name, target=target, public_url=url, is_listed=is_listed, added_at=now)


def chosen_mirrors(names: tuple[str, ...]) -> list[Mirror]:
    """The mirrors of these names, or all.

    Raises:
        BadMirror: there is none of that name.
    """
    mirrors = {mirror.name: mirror for mirror in Mirror.objects.all()}
    for name in names:
        if name not in mirrors:
            known = ", ".join(mirrors) or "none yet"
            raise BadMirror(f"There is no mirror called {name!r}; there are: {known}.")
    return [mirror for name, mirror in mirrors.items() if not names or name in names]


def listed_mirrors() -> bytes:
    """``mirrors.json`` as the next edition is to sign it: the listed mirrors, and never another."""
    return mirrors_bytes(Mirror.objects.filter(is_listed=True).values_list("public_url", flat=True))


@transaction.atomic
def note_push(mirror: Mirror, outcome: Outcome) -> None:
    """Write down what came of a push, and forget the oldest."""
    MirrorPush.objects.create(
        mirror=mirror,
        began_at=outcome.began_at,
        ended_at=outcome.ended_at,
        edition_number=outcome.edition_number,
        attempts=outcome.attempts,
        error=outcome.error,
    )
    kept = mirror.pushes.order_by("-id").values_list("pk", flat=True)[:KEPT]
    mirror.pushes.exclude(pk__in=list(kept)).delete()


@transaction.atomic
def note_look(mirror: Mirror, look: Look, *, our_number: int) -> MirrorHealth:
    """Write down what a look found, and forget the oldest."""
    health = MirrorHealth.objects.create(
        mirror=mirror,
        looked_at=look.looked_at,
        is_reachable=look.is_reachable,
        edition_number=look.edition_number,
        our_number=our_number,
        is_intact=look.is_intact,
        allows_other_sites=look.allows_other_sites,
        problem=look.problem,
    )
    kept = mirror.looks.order_by("-id").values_list("pk", flat=True)[:KEPT]
    mirror.looks.exclude(pk__in=list(kept)).delete()
    return health
