"""Compiles the theme's catalogues when the project is built or installed, so that nobody needs gettext."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueBuildHook(BuildHookInterface):
    """Writes a ``.mo`` file beside each ``.po`` file and puts it into the wheel."""

    def initialize(self, version, build_data):
        """Compile each catalogue; hatchling calls this before it collects the wheel's files."""
        for source in sorted(Path(self.root, "src").rglob("*.po")):
            target = source.with_suffix(".mo")
            with source.open("rb") as po_file, target.open("wb") as mo_file:
                write_mo(mo_file, read_po(po_file, locale=source.parts[-3]))
            build_data["artifacts"].append("/" + target.relative_to(self.root).as_posix())
