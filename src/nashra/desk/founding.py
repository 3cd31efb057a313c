"""The verbs that make a newsroom: its languages, publications, sections, groups and people who log in.

All can be repeated: what is there already is left as it is.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Locale, Page, Site

from nashra.desk import groups
from nashra.desk.first_texts import first_about, first_comment_policy
from nashra.desk.models import Publication, Section
from nashra.desk.models.addressed import free_slug
from nashra.desk.slugs import make_slug


@transaction.atomic
def create_newsroom(
    *,
    languages: Sequence[str],
    name: str,
    now: datetime.datetime | None = None,
    names: Mapping[str, str] | None = None,
    time_zone: str = "UTC",
) -> dict[str, Publication]:
    """Make a publication for each language, the site, and the groups; returns all by language.

    ``names`` gives a publication's own name where it is not ``name``. The first language is the one
    that the others are translations of.

    Raises:
        ValueError: no language, or one that the newsroom cannot publish in.
    """
    known = [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES]
    unknown = [language for language in languages if language not in known]
    if unknown or not languages:
        wrong = ", ".join(unknown) or "none at all"
        raise ValueError(f"Name languages among {', '.join(known)}; not {wrong}.")
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    if Page.get_first_root_node() is None:
        Page.add_root(instance=Page(title="Root", slug="root"))
    _remove_welcome_page()
    groups.ensure_groups()
    for language in languages:
        _ensure_publication(language, (names or {}).get(language, name), time_zone=time_zone, now=now)
    _ensure_site(languages[0], name)
    return {publication.language: publication for publication in Publication.objects.select_related("locale")}


def _ensure_publication(language: str, name: str, *, time_zone: str, now: datetime.datetime | None) -> None:
    locale, _created = Locale.objects.get_or_create(language_code=language)
    if Publication.objects.filter(locale=locale).exists():
        return
    publication = Publication(
        title=name,
        locale=locale,
        time_zone=time_zone,
        comment_policy=first_comment_policy(language),
        about=first_about(language, name),
        first_published_at=now,
        last_published_at=now,
    )
    original = Publication.objects.order_by("path").first()
    if original is not None:
        publication.translation_key = original.translation_key
    Page.get_first_root_node().add_child(instance=publication)


def _remove_welcome_page() -> None:
    plain = ContentType.objects.get_for_model(Page)
    for page in Page.objects.filter(depth=2, content_type=plain, numchild=0):
        page.delete()


def _ensure_site(language: str, name: str) -> None:
    parts = urlsplit(settings.NASHRA_SITE_URL)
    if not Site.objects.exists():
        Site.objects.create(
            hostname=parts.hostname,
            port=parts.port or (443 if parts.scheme == "https" else 80),
            site_name=name,
            root_page=Publication.objects.get(locale__language_code=language),
            is_default_site=True,
        )


@transaction.atomic
def create_section(
    *,
    publication: Publication,
    title: str,
    slug: str = "",
    description: str = "",
    translation_of: Section | None = None,
    now: datetime.datetime | None = None,
    user: Any = None,
) -> Section:
    """Open a section; one with the same address is there already and is given back as it is.

    Raises:
        ValidationError: the slug is reserved or too long.
        PermissionDenied: the user may not open sections.
    """
    publication = Publication.objects.get(pk=publication.pk)
    if user is not None and not publication.permissions_for_user(user).can_add_subpage():
        raise PermissionDenied(f"{user.get_username()} may not open sections.")
    found = Section.objects.child_of(publication).filter(slug=slug).first() if slug else None
    if found is not None:
        return found
    slug = slug or free_slug(make_slug(title, fallback=Section.slug_fallback), parent=publication)
    section = Section(
        title=title,
        slug=slug,
        description=description,
        owner=user,
        first_published_at=now,
        last_published_at=now,
    )
    if translation_of is not None:
        section.translation_key = translation_of.translation_key
    return publication.add_child(instance=section)


@transaction.atomic
def create_user(*, username: str, password: str, group: str) -> Any:
    """Let somebody log in as a reporter, editor, moderator or administrator.

    Raises:
        ValueError: there is no such group.
    """
    if group not in groups.GROUPS:
        raise ValueError(f"There is no group {group!r}; choose one of {', '.join(groups.GROUPS)}.")
    user = get_user_model().objects.create_user(username=username, password=password)
    user.groups.add(Group.objects.get(name=group))
    return user


@transaction.atomic
def first_administrator(*, username: str, password: str) -> Any | None:
    """Make the one who can do everything; ``None`` when there is somebody already."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return None
    user = users.create_superuser(username=username, password=password)
    user.groups.add(Group.objects.get(name=groups.ADMINISTRATOR))
    return user
