"""What publications, sections and stories share: an address on the readers' site.

The desk never serves these addresses itself, so "View live" must lead to the readers' origin.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from wagtail.models import Page, Site

from nashra.desk.slugs import check_slug, make_slug, normalise_slug

# Wagtail saves these alone when somebody keeps a draft, a lock or a comment: readers see none of them.
_DESK_ONLY_FIELDS = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
        "owner",
        "wagtail_admin_comments",
    }
)

# What a publication writes besides the page's own words.
_PUBLICATION_FIELDS = ("live", "expired", "first_published_at", "last_published_at", "live_revision_id")


class AddressedPage(models.Model):
    """A page with an address that readers can open; mix it in before ``Page``."""

    # What stands in an address when a title has no letter at all.
    slug_fallback = "page"
    # Everything here is for all readers: a page for some would still lie in the pressed files.
    private_page_options: list[str] = []

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, clean: bool = True, user: Any = None, log_action: Any = False, **kwargs: Any) -> Any:
        """As Wagtail's, but a draft that was opened before a publication cannot undo it.

        Wagtail writes a page that is not live back as a whole. An autosave on its way while somebody
        publishes would so put ``live`` back to what it had read, and the page would silently be gone.
        Its words are kept all the same: in the revision that Wagtail saves next.
        """
        if kwargs.get("update_fields") is None and self._was_published_meanwhile():
            return super().save(
                clean=False, user=user, log_action=log_action, update_fields=["has_unpublished_changes"]
            )
        return super().save(clean=clean, user=user, log_action=log_action, **kwargs)

    def _was_published_meanwhile(self) -> bool:
        """Whether others published the page after this draft was read; takes over what they did."""
        if self.live or self.pk is None:
            return False
        # Locked, since the publication may be about to end in another transaction.
        row = Page.objects.select_for_update().filter(pk=self.pk).values(*_PUBLICATION_FIELDS).first()
        if row is None or not row["live"] or row["last_published_at"] == self.last_published_at:
            return False
        for name, value in row.items():
            setattr(self, name, value)
        self.has_unpublished_changes = True
        return True

    @property
    def address(self) -> str:
        """The site-relative address in readable Unicode, such as ``/en/security/a-story/``."""
        return self.url_path

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str]:
        """The site's id, the readers' origin, and the percent-encoded address."""
        site_id = Site.objects.values_list("pk", flat=True).order_by("-is_default_site").first()
        return (site_id or 0, settings.NASHRA_SITE_URL, quote(self.address))

    def get_url(self, request: Any = None, current_site: Any = None) -> str:
        """The whole address with its origin, since the desk stands on another one."""
        return settings.NASHRA_SITE_URL + quote(self.address)

    url = property(get_url)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """As Wagtail's, after the slug has got its one spelling."""
        self.settle_slug()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        """As Wagtail's for drafts, after the slug has got its one spelling."""
        self.settle_slug()
        super().minimal_clean()

    def settle_slug(self) -> None:
        """Normalise the slug, or make one from the title once the page has its place in the tree."""
        if self.slug:
            self.slug = normalise_slug(self.slug)
        elif self.path and self.title:
            self.slug = free_slug(
                make_slug(self.title, fallback=self.slug_fallback), parent=self.get_parent(), page=self
            )

    def clean(self) -> None:
        """As Wagtail's, and the slug must be one that an address may have."""
        super().clean()
        check_page_slug(self)


def check_page_slug(page: Page) -> None:
    """Refuse a slug that no address may have; a page without one yet gets it when it is saved.

    Raises:
        ValidationError: under the field ``slug``.
    """
    if not page.slug:
        return
    try:
        check_slug(page.slug)
    except ValidationError as error:
        raise ValidationError({"slug": error}) from error


def free_slug(slug: str, *, parent: Page, page: Page | None = None) -> str:
    """The slug, or with ``-2``, ``-3``… the first that no sibling has."""
    siblings = parent.get_children()
    if page is not None and page.pk:
        siblings = siblings.exclude(pk=page.pk)
    taken = set(siblings.filter(slug__startswith=slug).values_list("slug", flat=True))
    candidate, number = slug, 1
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate


def reaches_readers(update_fields: Any) -> bool:
    """Whether saving these fields (``None``: all) may change what readers see."""
    return update_fields is None or not _DESK_ONLY_FIELDS.issuperset(update_fields)
