"""What stands on disk and should not, or is not accounted for: looked for after whatever may have left some.

Reads the folder bit by bit and asks the ledger of each file to whom it belongs. Knows nothing of content.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nashra.edition import paths
from nashra.press import ledger
from nashra.press.models import Mention, OldAddress, PressedFile, Standing
from nashra.press.siblings import page_of
from nashra.press.write import SiteWriter


def is_empty(folder: Path) -> bool:
    """Whether nothing stands in a folder, or there is none."""
    return not folder.is_dir() or not any(folder.iterdir())


def remove_strays(writer: SiteWriter, *, goes_on: Callable[[], bool]) -> bool:
    """Remove every file that belongs to nothing; take into the account whatever was missed there.

    ``goes_on`` is called before each batch, and may press something: what it says is whether to go on.
    Gives whether the end was reached.
    """
    for batch in ledger.in_batches(path for folder in writer.files() for path in folder):
        # Only from here on: whatever is asked about these files is true until they are removed.
        if not goes_on():
            return False
        files = sorted({page_of(path) for path in batch})
        kept = _kept(files)
        writer.remove(path for path in files if path not in kept)
        known = set(PressedFile.objects.filter(path__in=kept).values_list("path", flat=True))
        missed = [path for path in sorted(kept - known) if path in batch and writer.stands(path)]
        ledger.keep_digests([writer.digest(path) for path in missed])
    return True


def _kept(files: Sequence[str]) -> set[str]:
    photos = {path: f"file:{path.removeprefix('photos/')}" for path in files if path.startswith("photos/")}
    shown = set(Mention.objects.filter(name__in=photos.values()).values_list("name", flat=True))
    kept = {path for path, name in photos.items() if name in shown}
    notices = {path: address for path in files if (address := _notice_of(path))}
    old = OldAddress.objects.filter(address__in=set(notices.values())).values_list("address", flat=True)
    left = set(old)
    kept |= {path for path, address in notices.items() if address in left}
    pages = {path: _address(path) for path in files if path not in photos and path not in notices}
    standing = Standing.objects.filter(address__in=set(pages.values())).values_list("address", flat=True)
    here = set(standing)
    return kept | {path for path, address in pages.items() if address in here}


def _address(path: str) -> str:
    """The address that a file holds; the second and later files of a sitemap belong to the first."""
    folder, slash, name = path.rpartition("/")
    if name == paths.PAGE_FILE:
        return f"/{folder}{slash}"
    if name.startswith("sitemap-") and name.endswith(".xml"):
        return f"/{folder}{slash}sitemap.xml"
    return f"/{path}"


def _notice_of(path: str) -> str:
    """The address of which a file says that it was left, or nothing."""
    for name in (paths.MOVED_FILE, paths.GONE_FILE):
        if path.endswith(f".{name}"):
            return f"/{path.removesuffix(f'.{name}')}"
        if path == name or path.endswith(f"/{name}"):
            return f"/{path.removesuffix(name)}"
    return ""
