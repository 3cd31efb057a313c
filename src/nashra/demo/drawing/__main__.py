"""``python -m nashra.demo.drawing FOLDER``: draw the demo's pictures anew."""

from __future__ import annotations

import sys
from pathlib import Path

from nashra.demo.drawing import alone, indoors, river, town
from nashra.demo.drawing.paper import save

SCENES = {
    "ferry": river.ferry,
    "cable": river.cable,
    "water": river.water,
    "mast": town.mast,
    "market": town.market,
    "school": town.school,
    "press": indoors.press,
    "hospital": indoors.hospital,
    "sketchbook": alone.sketchbook,
    "portrait": alone.portrait,
}


def main(arguments: list[str]) -> None:
    """Draw the named scenes, or all of them, into a folder."""
    folder, names = Path(arguments[0]), arguments[1:] or list(SCENES)
    for name in names:
        save(SCENES[name]().finish(), folder / f"{name}.jpg")


if __name__ == "__main__":
    main(sys.argv[1:])
