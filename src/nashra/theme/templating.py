"""One Jinja environment for each language: its words are put in when a template is compiled.

Compiled code that the build made is taken where it fits (``bytecode``); it says what compiling would say.
Knows no kind of page: what a template may ask for beside its page's values is gathered here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from nashra.edition.content import COMMENT_MAX_GRAPHEMES, Story, direction
from nashra.edition.pages import CommentForm
from nashra.theme import markup
from nashra.theme.addresses import encoded
from nashra.theme.assets import SCRIPT, STYLE, TEMPLATES
from nashra.theme.byline import byline
from nashra.theme.bytecode import CompiledTemplates
from nashra.theme.cards import joined, without_sections
from nashra.theme.dates import format_date, format_local_day, format_moment, format_month
from nashra.theme.digits import digits_of, format_number
from nashra.theme.language import autonym, translate
from nashra.theme.pictures import picture


class _LeanCode(CodeGenerator):
    """Python code for templates without three detours that cost half of a page's time.

    What is put out goes through ``markup.escaped`` rather than a ``Markup`` object for each word;
    ``story.headline`` is asked for as an attribute alone, as no value that we hand in is a mapping; and
    macros are called as they are, as none of our functions asks for the context.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 -- Jinja's own name.
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(  # noqa: N802 -- Jinja's own name.
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if forward_caller:
            super().visit_Call(node, frame, forward_caller)
            return
        self.write("environment.called(")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")


def _called(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    return function(*arguments, **named)


class LanguageEnvironment(Environment):
    """Templates in one language: their fixed sentences are put in when they are compiled."""

    code_generator_class = _LeanCode
    escaped = staticmethod(markup.escaped)
    called = staticmethod(_called)

    def __init__(self, language: str, templates: dict[str, str]) -> None:
        super().__init__(
            loader=DictLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=CompiledTemplates(language),
        )
        self.language = language
        self.globals["_"] = self._message

    def _message(self, english: str, **values: object) -> Markup:
        text = escape(translate(self.language, english))
        return text % values if values else text

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for output in tree.find_all(nodes.Output):
            output.nodes = [self._folded(node) for node in output.nodes]
        return tree

    def _folded(self, node: nodes.Expr) -> nodes.Expr:
        """A call ``_("…")`` without values as the text that it would give."""
        match node:
            case nodes.Call(
                node=nodes.Name(name="_"), args=[nodes.Const(value=english)], kwargs=[], dyn_args=None
            ) if node.dyn_kwargs is None:
                return nodes.TemplateData(str(self._message(english)), lineno=node.lineno)
        return node


@cache
def environment(language: str) -> LanguageEnvironment:
    """The templates in a language, with all that they may ask for."""
    made = LanguageEnvironment(language, TEMPLATES)
    made.filters.update(
        address=encoded,
        number=partial(format_number, language=language),
        iso=_iso,
        day=partial(format_date, language=language),
        moment=partial(_moment, language),
        local_day=partial(_local_day, language),
        byline=partial(byline, language=language),
        body=partial(_story_body, language),
        isolated=markup.isolated,
        joined=joined,
        paragraphs=markup.paragraphs,
        text_body=markup.text,
        without_sections=without_sections,
    )
    made.globals.update(
        style=Markup(STYLE),  # noqa: S704 -- our own file.
        script=Markup(SCRIPT),  # noqa: S704 -- our own file.
        autonym=autonym,
        direction_of=direction,
        picture=picture,
        month=partial(format_month, language=language),
        digits=digits_of(language),
        comment_max=COMMENT_MAX_GRAPHEMES,
        characters_left=_characters_left,
        # What most pages do not have: a section that they stand in, a feed, votes, words that a reader typed.
        here="",
        is_here=False,
        is_home=False,
        feed_address="",
        totals=None,
        form=CommentForm(),
    )
    return made


def _iso(moment: datetime.date) -> str:
    return moment.isoformat()


def _moment(language: str, moment: Any, time_zone: str) -> str:
    return format_moment(moment, language, time_zone)


def _local_day(language: str, moment: Any, time_zone: str) -> str:
    return format_local_day(moment, language, time_zone)


def _characters_left(text: str) -> int:
    """How much of the countdown is left, counted as a person counts: by grapheme clusters."""
    if not text:
        return COMMENT_MAX_GRAPHEMES
    # Its tables take longer to load than a hundred stories to render, and the press needs none of them.
    from wcwidth import iter_graphemes

    return COMMENT_MAX_GRAPHEMES - sum(1 for _cluster in iter_graphemes(text.replace("\r\n", "\n")))


def _story_body(language: str, story: Story) -> Markup:
    if not markup.has_tokens(story.body_html):
        return Markup(story.body_html)  # noqa: S704 -- the desk made and cleaned it.
    figures: Any = environment(language).get_template("figure.html").module
    return markup.body(
        story.body_html,
        photos=story.photos,
        related=story.related,
        figure=figures.body_figure,
        related_words=translate(language, "Related:"),
    )
