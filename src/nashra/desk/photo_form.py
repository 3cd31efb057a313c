"""A photo's form: the picture is read to its end before anything is kept.

Apart from ``forms``, because Wagtail's own image forms can be imported only after the models.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from nashra.desk import photographs


class PictureField(WagtailImageField):
    """Wagtail's field, which fails on a truncated file instead of saying that it is one."""

    def to_python(self, data: Any) -> Any:
        """The uploaded file, once it has been read as a picture to its end.

        Raises:
            ValidationError: one sentence on what is wrong with it.
        """
        if data is None or data.size > (self.max_upload_size or data.size):
            return super().to_python(data)
        data.seek(0)
        try:
            photographs.open_picture(data.read())
        except photographs.BadPicture as error:
            raise ValidationError(str(error)) from error
        data.seek(0)
        return super().to_python(data)


class PhotoForm(BaseImageForm):
    """A photo's form; the setting ``WAGTAILIMAGES_IMAGE_FORM_BASE`` names it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The forms for many pictures at once have no file of their own.
        if plain := self.fields.get("file"):
            self.fields["file"] = PictureField(
                label=plain.label, required=plain.required, widget=plain.widget, help_text=plain.help_text
            )
        if "caption" in self.fields:
            self.fields["caption"].widget = forms.Textarea(attrs={"rows": 3})
