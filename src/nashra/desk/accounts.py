"""Accounts at the desk: who may manage users does not thereby get more rights than they have.

A superuser may do everything, so only a superuser makes one, and changes or switches off one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest
from wagtail.users.views.users import CreateView, EditView, UserViewSet


class _WithoutPromotion:
    """A form over users in which only superusers find the tick that makes a superuser."""

    request: HttpRequest

    def get_form(self, *args: Any, **kwargs: Any) -> ModelForm:
        """As Wagtail's; a field that is not there takes nothing from what is posted."""
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        if not self.request.user.is_superuser:
            form.fields.pop("is_superuser", None)
        return form


class AccountCreateView(_WithoutPromotion, CreateView):
    """Add an account."""


class AccountEditView(_WithoutPromotion, EditView):
    """Change an account; a superuser's is closed to all but superusers, its password above all."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """As Wagtail's.

        Raises:
            PermissionDenied: the account is a superuser's and the one who asks is none.
        """
        super().setup(request, *args, **kwargs)
        refuse_power_over_superusers(request, [self.object])


class AccountViewSet(UserViewSet):
    """Wagtail's views of users, with these two in their places."""

    add_view_class = AccountCreateView
    edit_view_class = AccountEditView


def refuse_power_over_superusers(request: HttpRequest, users: Sequence[Any]) -> None:
    """Let only a superuser act on a superuser's account.

    Raises:
        PermissionDenied: somebody else tries.
    """
    if not request.user.is_superuser and any(user.is_superuser for user in users):
        raise PermissionDenied("Only a superuser may change a superuser's account.")
