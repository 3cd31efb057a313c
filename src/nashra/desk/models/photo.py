"""Photos: the picture, the words that belong to it, and the files that readers get.

How the files are made stands in ``desk/photographs.py``; this module only keeps them in step with
the picture and its credit.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.search import index

from nashra.desk import checks, photographs
from nashra.desk.models.change import Change
from nashra.desk.models.public_id import PublicIdField


class Photo(AbstractImage):
    """A picture with caption, credit and alt text. ``title`` names it for the desk alone."""

    caption = models.TextField(
        blank=True, help_text="What the picture shows, where and when. Stands under it, once."
    )
    credit_person = models.CharField(
        "credit: photographer",
        max_length=200,
        blank=True,
        help_text="Who took it. Leave empty where a name would endanger somebody.",
    )
    credit_agency = models.CharField("credit: agency", max_length=200, blank=True)
    copyright_notice = models.CharField(max_length=255, blank=True, help_text="Such as “© 2026 the author”.")
    alt_text = models.CharField(
        "alt text",
        max_length=500,
        help_text="What somebody who cannot see the picture should know of it. Never a file name.",
    )
    public_id = PublicIdField()

    admin_form_fields = (
        "file",
        "title",
        "alt_text",
        "caption",
        "credit_person",
        "credit_agency",
        "copyright_notice",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [
        *AbstractImage.search_fields,
        index.SearchField("caption"),
        index.SearchField("alt_text"),
        index.SearchField("credit_person"),
        index.SearchField("credit_agency"),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = "photo"
        verbose_name_plural = "photos"

    @property
    def credit(self) -> str:
        """``PERSON/AGENCY``, or whichever of the two there is."""
        return "/".join(part for part in (self.credit_person, self.credit_agency) if part)

    @property
    def default_alt_text(self) -> str:
        """The alt text wherever Wagtail itself shows the picture; never its title."""
        return self.alt_text

    def clean(self) -> None:
        """Refuse an alt text that is a file name, in a sentence for the one who typed it."""
        super().clean()
        file_name = PurePath(self.file.name).name if self.file else ""
        if checks.looks_like_file_name(self.alt_text, file_name=file_name):
            raise ValidationError(
                {"alt_text": "This looks like a file name. Say in a few words what the picture shows."}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the photo with the files that readers get, made anew when picture or credit changed.

        Raises:
            photographs.BadPicture: the file is broken, too large or no picture; nothing is saved.
        """
        update_fields = kwargs.get("update_fields")
        # Making files takes seconds, so that it is done before the database is locked for writing.
        made = photographs.make_for(self) if update_fields is None else None
        with transaction.atomic():
            super().save(*args, **kwargs)
            if made is not None:
                self.keep_files(made)
            if update_fields is None:
                Change.note(Change.Kind.PHOTO, self.pk)
        # Wagtail opens the original to measure it and leaves it open.
        self.file.close()

    def keep_files(self, made: list[photographs.MadeFile]) -> None:
        """Put rows for these files in place of the old ones. The old files stay on disk for old pages."""
        self.files.all().delete()
        PhotoFile.objects.bulk_create(
            PhotoFile(
                photo=self,
                media_type=file.media_type,
                width_px=file.width_px,
                height_px=file.height_px,
                sha256=file.sha256,
                size_bytes=len(file.content),
                name=file.name,
            )
            for file in made
        )


class PhotoRendition(AbstractRendition):
    """Wagtail's small picture for the desk's own lists; no reader ever gets one."""

    image = models.ForeignKey(Photo, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_a_filter"
            )
        ]


class PhotoFile(models.Model):
    """A file that readers get, in the photo folder under its ``name``, ``HASH-WIDTH.avif``."""

    photo = models.ForeignKey(Photo, related_name="files", on_delete=models.CASCADE)
    media_type = models.CharField(max_length=20)
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    name = models.CharField(max_length=60)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["media_type", "width_px"]

    def __str__(self) -> str:
        return self.name
