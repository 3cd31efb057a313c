"""A stand for granian's workers over the folder that the environment names, with a plain readers' desk."""

from __future__ import annotations

import os
from pathlib import Path

from nashra.serve.stand import Stand
from tests.serve.conftest import POLICY, answer_as_django

application = Stand(
    Path(os.environ["NASHRA_TEST_SITE"]), readers=answer_as_django, content_security_policy=POLICY
)
