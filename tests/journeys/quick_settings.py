"""The newsroom's settings, with so little time to undo a decision that a journey can wait for it."""

from nashra.settings import *  # noqa: F403

NASHRA_UNDO_S = 1
NASHRA_APPROVAL_BATCH_S = 1
