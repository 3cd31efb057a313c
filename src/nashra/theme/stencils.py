"""Pages with holes: what all stories of a section share is rendered once, and each page fills the holes.

A hole is a block of a template (``head``, ``story``…) or a value that stands alone (a story's public
id). Whatever a template says outside its holes may depend on the publication, its language and its
section, and on nothing else: anything that only a page has is not defined there, and rendering says so.

What is kept here never decides a byte: it is found by value, made from that value alone, and bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2.runtime import Context
from markupsafe import Markup

from nashra.edition.content import Publication, direction
from nashra.theme.markup import escaped
from nashra.theme.templating import LanguageEnvironment, environment

# Papers, and fronts and sections of a paper, whose shared parts are kept: about 20 KB each.
_MAX_PAPERS = 16
_MAX_STENCILS = 128
_MAX_OBJECTS = 256

# Every word that people wrote is escaped on its way into a page, so that none of them can be a hole.
_HOLE_START, _HOLE_END = "<nashra-hole ", ">"

_Block = Callable[[Context], Iterator[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stencil:
    """A template's fixed parts, and before each but the last the hole that a page fills."""

    language_environment: LanguageEnvironment
    name: str
    known: Mapping[str, Any]
    holes: tuple[tuple[bytes, str, _Block | None], ...]
    end: bytes

    def filled(self, values: Mapping[str, Any]) -> bytes:
        """The whole page, with these values of its own."""
        context = Context(self.language_environment, {**self.known, **values}, self.name, {})
        parts: list[bytes] = []
        for before, name, block in self.holes:
            text = escaped(values[name]) if block is None else "".join(block(context))
            parts += (before, text.encode("utf-8"))
        parts.append(self.end)
        return b"".join(parts)


@dataclass(frozen=True, slots=True)
class Paper:
    """A publication and the stencils of its pages."""

    publication: Publication
    stencils: dict[tuple[Any, ...], Stencil] = field(default_factory=dict)

    def stencil(
        self, template: str, blocks: tuple[str, ...], single: tuple[str, ...] = (), **known: str | bool
    ) -> Stencil:
        """That of a template with these blocks and single values for holes, and with what is known."""
        key = (template, blocks, single, *known.items())
        found = self.stencils.get(key)
        if found is None:
            found = _cut(template, blocks, single, {"publication": self.publication, **known})
            if len(self.stencils) >= _MAX_STENCILS:
                self.stencils.clear()
            self.stencils[key] = found
        return found


def paper_of(publication: Publication) -> Paper:
    """What is kept of a publication; most pages of a run name the very same object."""
    seen = _papers_by_object.get(id(publication))
    if seen is not None and seen[0] is publication:
        return seen[1]
    paper = _paper(publication)
    if len(_papers_by_object) >= _MAX_OBJECTS:
        _papers_by_object.clear()
    # The object itself is kept beside its paper, so that no other can come to have its id.
    _papers_by_object[id(publication)] = (publication, paper)
    return paper


_papers_by_object: dict[int, tuple[Publication, Paper]] = {}


@lru_cache(maxsize=_MAX_PAPERS)
def _paper(publication: Publication) -> Paper:
    return Paper(publication)


def _cut(template_name: str, blocks: Iterable[str], single: Iterable[str], known: dict[str, Any]) -> Stencil:
    language = known["publication"].language
    templates = environment(language)
    template = templates.get_template(template_name)
    known |= {"language": language, "direction": direction(language)}
    context = template.new_context({**known, **{name: _hole(name) for name in single}})
    for name in blocks:
        # First in line stands the hole; what it stands for follows, as a child's block before its parent's.
        context.blocks.setdefault(name, []).insert(0, _block_hole(name))
    first, *others = "".join(template.root_render_func(context)).split(_HOLE_START)
    names, rests = zip(*(other.split(_HOLE_END, 1) for other in others), strict=True)
    befores = (first, *rests[:-1])
    return Stencil(
        language_environment=templates,
        name=template_name,
        known={**context.parent, **context.vars},
        holes=tuple(
            (before.encode("utf-8"), name, context.blocks[name][1] if name in context.blocks else None)
            for before, name in zip(befores, names, strict=True)
        ),
        end=rests[-1].encode("utf-8"),
    )


def _hole(name: str) -> Markup:
    return Markup(f"{_HOLE_START}{name}{_HOLE_END}")  # noqa: S704 -- a name of ours.


def _block_hole(name: str) -> _Block:
    def block(_context: Context) -> Iterator[str]:
        yield _hole(name)

    return block
