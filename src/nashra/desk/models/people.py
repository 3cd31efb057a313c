"""People, places and topics: what stories name, each with its names in other languages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.search import index

from nashra.desk.models.change import Change
from nashra.desk.models.public_id import PublicIdField
from nashra.desk.richtext import BIOGRAPHY_FEATURES
from nashra.desk.slugs import check_slug, make_slug, normalise_slug


def content_languages() -> list[tuple[str, Any]]:
    """The languages that a newsroom may publish in."""
    return list(settings.WAGTAIL_CONTENT_LANGUAGES)


class Named(index.Indexed, ClusterableModel):
    """Something with a name of its own, a slug, and names in other languages (``translations``)."""

    change_kind = ""

    name = models.CharField(max_length=200, help_text="The name as it stands where no other is given below.")
    slug = models.SlugField(
        "address",
        max_length=150,
        allow_unicode=True,
        unique=True,
        blank=True,
        help_text="The last part of the page's address. Leave empty to have it made from the name.",
    )

    search_fields = [index.SearchField("name"), index.AutocompleteField("name"), index.FilterField("slug")]

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        """The name in this language, or the one that serves all where no other is given."""
        for translation in self.translations.all():
            if translation.language == language:
                return translation.name
        return self.name

    def clean(self) -> None:
        """Refuse a slug that no address may have."""
        super().clean()
        self.settle_slug()
        check_slug(self.slug)

    def settle_slug(self) -> None:
        """Normalise the slug, or make a free one from the name."""
        if self.slug:
            self.slug = normalise_slug(self.slug)
            return
        slug = make_slug(self.name, fallback=self._meta.model_name)
        others = type(self).objects.exclude(pk=self.pk).filter(slug__startswith=slug)
        taken, number = set(others.values_list("slug", flat=True)), 1
        self.slug = slug
        while self.slug in taken:
            number += 1
            self.slug = f"{slug}-{number}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep it, and the press hears of it."""
        self.settle_slug()
        super().save(*args, **kwargs)
        Change.note(self.change_kind, self.pk)


class Translated(models.Model):
    """A name in another language."""

    language = models.CharField(max_length=20, choices=content_languages)
    name = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Person(Named):
    """Somebody who writes, or of whom a page tells."""

    change_kind = Change.Kind.PERSON

    biography = RichTextField(
        blank=True, features=BIOGRAPHY_FEATURES, help_text="Two or three sentences for their own page."
    )
    portrait = models.ForeignKey(
        "desk.Photo", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name_withheld = models.BooleanField(
        "withhold the name",
        default=False,
        help_text="Tick where the name would endanger somebody: stories then say “Nashra correspondent”, "
        "and there is no page, no link and no trace of the name on the readers' site.",
    )
    public_id = PublicIdField()

    class Meta(Named.Meta):
        verbose_name_plural = "people"

    def biography_in(self, language: str) -> str:
        """The biography's source in this language, or the one that serves all."""
        for translation in self.translations.all():
            if translation.language == language and translation.biography:
                return translation.biography
        return self.biography


class PersonTranslation(Translated):
    """A person's name and biography in another language."""

    person = ParentalKey(Person, on_delete=models.CASCADE, related_name="translations")
    biography = RichTextField(blank=True, features=BIOGRAPHY_FEATURES)


class Place(Named):
    """Where a story was written."""

    change_kind = Change.Kind.PLACE


class PlaceTranslation(Translated):
    """A place's name in another language."""

    place = ParentalKey(Place, on_delete=models.CASCADE, related_name="translations")


class Topic(Named):
    """What a story is about."""

    change_kind = Change.Kind.TOPIC


class TopicTranslation(Translated):
    """A topic's name in another language."""

    topic = ParentalKey(Topic, on_delete=models.CASCADE, related_name="translations")
