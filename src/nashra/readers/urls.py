"""Every address of the readers' origin that Django answers; pressed files never come here."""

from __future__ import annotations

from django.urls import path

from nashra.readers import about_views, counts_view, receipt_view, views

urlpatterns = [
    path("readers/comment", views.comment, name="readers_comment"),
    path("readers/answer", about_views.answer_comment, name="readers_answer"),
    path("readers/report", about_views.report_comment, name="readers_report"),
    path("readers/reaction", views.reaction, name="readers_reaction"),
    path("readers/counts", counts_view.counts, name="readers_counts"),
    path("readers/receipt", receipt_view.receipt, name="readers_receipt"),
]

handler400 = "nashra.readers.answers.bad_request"
handler404 = "nashra.readers.answers.not_found"
handler500 = "nashra.readers.answers.server_error"
