"""The desk's addresses: Wagtail's admin, and pictures for those who are logged in. No reader's page."""

from __future__ import annotations

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from nashra.desk import pictures, views

urlpatterns = [
    path("robots.txt", views.robots),
    path("media/<path:name>", pictures.media, name="desk_media"),
    path("photos/<str:name>", pictures.photo, name="desk_photo"),
    path("", include(wagtailadmin_urls)),
]
