"""``python -m nashra`` is the same as the command ``nashra``."""

from nashra.cli import main

if __name__ == "__main__":
    main()
