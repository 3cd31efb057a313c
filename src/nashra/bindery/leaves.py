"""What stands pressed → the leaves of an edition: which files it carries, as which copies, in which volumes.

Reads the press's account and the readers' site, and writes nothing. Feeds, sitemaps, forms and the pages of
older comments have no place in an edition; what was withdrawn or has moved says so there, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from nashra.binding.cutting import Leaf
from nashra.bulk_rows import select
from nashra.edition.copies import edition_copy, moved_copy
from nashra.edition.index import FRONT, month_volume
from nashra.edition.paths import GONE_FILE, MOVED_FILE, PAGE_FILE
from nashra.press.ledger import in_batches
from nashra.press.models import Mention, PressedFile, Standing
from nashra.press.plan import ListKey, StoryFacts

_PHOTOS = "photos/"
_FRONT = frozenset([FRONT])
# Where a receipt is typed in: a form, which only our own server answers.
_RECEIPT = "/receipt/"


def all_paths() -> Iterator[str]:
    """The path of every file of the site, as the press has written it down."""
    yield from PressedFile.objects.order_by("path").values_list("path", flat=True).iterator()


def leaves_of(site_paths: Iterable[str], site: Path) -> Iterator[Leaf]:
    """The leaves that come of these files of the site, whether they stand, changed or are no more.

    Each leaf comes once, as things stand now; in their paths' order, so many in memory as a batch holds.

    Raises:
        NotForCarrying: a page holds something that no edition may carry.
        OSError: a file of the site cannot be read.
    """
    edition_paths = {path for each in site_paths if (path := _edition_path(each))}
    for batch in in_batches(sorted(edition_paths)):
        photos = [path for path in batch if path.startswith(_PHOTOS)]
        pages = {_address(path): path for path in batch if not path.startswith(_PHOTOS)}
        yield from _photo_leaves(photos, site)
        yield from _page_leaves(pages, site)


def _edition_path(site_path: str) -> str:
    """The path at which an edition may hold what a file of the site says; none where it never does."""
    if site_path.startswith(_PHOTOS):
        return site_path
    folder, _slash, name = site_path.rpartition("/")
    if name not in {PAGE_FILE, GONE_FILE, MOVED_FILE}:
        return ""
    return f"{folder}/{PAGE_FILE}".removeprefix("/")


def _address(edition_path: str) -> str:
    return "/" + edition_path.removesuffix(PAGE_FILE)


def _page_leaves(pages: Mapping[str, str], site: Path) -> Iterator[Leaf]:
    rows = select(Standing, ("key", "address", "facts"), "address", pages)
    volumes = {address: _volume(key, address, facts) for key, address, facts in rows}
    for address, path in pages.items():
        if address not in volumes:
            yield _departed(address, path, site)
        elif volumes[address]:
            content = edition_copy((site / path).read_bytes(), address)
            yield Leaf(path, frozenset([volumes[address]]), content)
        else:
            yield Leaf(path)


def _volume(key: str, address: str, facts: str) -> str:
    """The volume of what stands at an address; none where no edition carries it."""
    kind = key.partition(":")[0]
    if kind == "story":
        story = StoryFacts.from_json(facts)
        return month_volume(story.year, story.month)
    if kind == "month":
        month = ListKey.parse(key)
        return month_volume(month.year, month.month)
    if kind == "comments" or address.endswith(_RECEIPT):
        return ""
    return FRONT


def _departed(address: str, path: str, site: Path) -> Leaf:
    """What stands where nothing stands any more: the way on, a word that it was withdrawn, or nothing."""
    folder = (site / path).parent
    if (moved := folder / MOVED_FILE).is_file():
        target = unquote(moved.read_text(encoding="ascii").strip())
        language = address.split("/", 2)[1]
        return Leaf(path, _FRONT, moved_copy(address, target, language))
    if (gone := folder / GONE_FILE).is_file():
        return Leaf(path, _FRONT, edition_copy(gone.read_bytes(), address))
    return Leaf(path)


def _photo_leaves(paths: Collection[str], site: Path) -> Iterator[Leaf]:
    volumes = _volumes_of_photos([path.removeprefix(_PHOTOS) for path in paths])
    for path in paths:
        file = site / path
        if file.is_file():
            yield Leaf(path, volumes.get(path.removeprefix(_PHOTOS)) or _FRONT, file)
        else:
            yield Leaf(path)


def _volumes_of_photos(names: Collection[str]) -> dict[str, frozenset[str]]:
    """The volumes of all that shows each photo: whoever holds one volume sees its pages whole."""
    pairs = select(Mention, ("name", "key"), "name", [f"file:{name}" for name in names])
    keys = sorted({key for _name, key in pairs})
    volume_of = {
        key: _volume(key, address, facts)
        for batch in in_batches(keys)
        for key, address, facts in select(Standing, ("key", "address", "facts"), "key", batch)
    }
    found: dict[str, set[str]] = {}
    for name, key in pairs:
        if volume := volume_of.get(key):
            found.setdefault(name.removeprefix("file:"), set()).add(volume)
    return {name: frozenset(volumes) for name, volumes in found.items()}
