"""Forms of the desk's pages: slugs that take care of themselves."""

from __future__ import annotations

from wagtail.admin.forms import WagtailAdminPageForm

from nashra.desk.slugs import make_slug, normalise_slug


class AddressedPageForm(WagtailAdminPageForm):
    """A page's form whose slug is cut to fit, and numbered when a new page's words are taken."""

    def clean_slug(self) -> str:
        """The slug as it will stand in the address."""
        from nashra.desk.models.addressed import free_slug

        slug = normalise_slug(self.cleaned_data.get("slug") or "")
        if not slug:
            return slug
        fallback = self.instance.slug_fallback
        if len(slug.encode()) > len(make_slug(slug, fallback=fallback).encode()):
            slug = make_slug(slug, fallback=fallback)
        # A new page's slug was made from its headline by the browser: nobody chose it against another.
        if self.instance.pk is None and self.parent_page is not None:
            slug = free_slug(slug, parent=self.parent_page)
        return slug
