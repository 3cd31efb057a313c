"""The desk's page about the press: how it fares, what it could not press, and its last runs.

Only shows; what the press does is decided in ``run``. The page is complete without a script; with one,
``PressNewsView`` brings it up to date.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nashra.press import desk_state, desk_words
from nashra.press.desk_state import LateStory, PressState
from nashra.press.models import PressRun

RUNS_SHOWN = 50

SEE_PRESS = "press.see_pressrun"


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the list shows it; ``outcome`` is done, partly, failed, cut-off or pressing."""

    run: PressRun
    outcome: str
    started: str
    what: str
    why: str
    took: str
    progress: str
    trouble: desk_words.Trouble | None

    @property
    def stands_out(self) -> bool:
        """Whether somebody should look at it."""
        return self.outcome in {"failed", "partly", "cut-off"}


@dataclass(frozen=True, slots=True)
class LateRow:
    """A story that could not be pressed, as the list shows it."""

    story: LateStory
    trouble: desk_words.Trouble
    tried_again: str


class PressRunsView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """How the press fares, the stories that it could not press, and its last runs."""

    permission_required = SEE_PRESS
    raise_exception = True
    page_title = _("Press")
    header_icon = "doc-full-inverse"
    template_name = "press/runs.html"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, and this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All that the page shows."""
        now = timezone.now()
        state = desk_state.look(now)
        return super().get_context_data(
            **_state_context(state), **_late_context(now), **self._runs_context(state), **kwargs
        )

    def _runs_context(self, state: PressState) -> dict[str, Any]:
        failures_only = "failures" in self.request.GET
        runs = desk_state.runs(state, failures_only=failures_only)
        page = Paginator(runs, RUNS_SHOWN).get_page(self.request.GET.get("p"))
        return {
            "failures_only": failures_only,
            "page": page,
            "rows": [_run_row(run, state) for run in page],
            "time_zone": timezone.get_current_timezone_name(),
        }


class PressNewsView(PressRunsView):
    """What has changed since the page was made: all of it, or no list of runs where none began or ended."""

    template_name = "press/news.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The parts that a page takes in."""
        # What a page knows already is no part of the addresses that its list leads to.
        query = request.GET.copy()
        self.known_mark = "".join(query.pop("mark", []))
        request.GET = query  # type: ignore[assignment]
        response = super().get(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def _runs_context(self, state: PressState) -> dict[str, Any]:
        if self.known_mark != state.mark:
            return super()._runs_context(state)
        going_on = [each for each in (state.run, state.beside) if each and each.pk in state.under_way]
        return {"going_on": [_run_row(run, state) for run in going_on]}


class PressPanel(Component):
    """A line on the desk's home page: whether the press is well, and when it last ran."""

    name = "press"
    template_name = "press/home_panel.html"
    order = 90

    class Media:
        css: ClassVar = {"all": ["press/press.css"]}

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """How the press fares."""
        return _state_context(desk_state.look(timezone.now()))


def _state_context(state: PressState) -> dict[str, Any]:
    run, now = state.run, state.seen_at
    return {
        "state": state,
        "headline": desk_words.headline(state),
        "announcement": desk_words.announcement(state),
        "began": desk_words.when(run.started_at, now, "H:i:s") if run else "",
        "progress": _progress(run) if run else "",
        "time_left": desk_words.time_left(run, now) if run else "",
        "run_row": _run_row(run, state) if run else None,
        "beside": desk_words.what(state.beside) if state.beside else "",
        "trouble": desk_words.what_stopped(run.error) if run and run.error else None,
        "waiting_since": desk_words.when(state.waiting.since, now) if state.waiting.since else "",
        "full_press_due": desk_words.why_everything(state.full_press_due),
    }


def _late_context(now: datetime.datetime) -> dict[str, Any]:
    late, more = desk_state.late_stories()
    rows = [
        LateRow(
            story=story,
            trouble=desk_words.why_not_pressed(story.reason),
            tried_again=desk_words.when(story.try_again_at, now, "H:i:s") if story.try_again_at > now else "",
        )
        for story in late
    ]
    return {"late": rows, "late_more": more}


def _run_row(run: PressRun, state: PressState) -> RunRow:
    outcome = _outcome(run, state)
    return RunRow(
        run=run,
        outcome=outcome,
        started=desk_words.when(run.started_at, state.seen_at, "H:i:s"),
        what=desk_words.what(run),
        why=desk_words.why(run),
        took="" if run.duration_ms is None else desk_words.duration(run.duration_ms),
        progress=_progress(run),
        trouble=desk_words.what_stopped(run.error) if outcome == "failed" else None,
    )


def _outcome(run: PressRun, state: PressState) -> str:
    if run.finished_at is None:
        return "pressing" if run.pk in state.under_way else "cut-off"
    if not run.error:
        return "done"
    return "failed" if desk_state.has_stopped(run) else "partly"


def _progress(run: PressRun) -> str:
    if not run.stories_expected:
        return ""
    return desk_words.progress(run.stories, run.stories_expected)
