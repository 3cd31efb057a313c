"""A readers' origin for uvicorn's workers over the folder that the environment names."""

from __future__ import annotations

import os
from pathlib import Path

from nashra.serve.readers_desk import ReadersOrigin
from nashra.serve.stand import Stand
from tests.serve.conftest import POLICY, answer_as_django

application = ReadersOrigin(
    Stand(Path(os.environ["NASHRA_TEST_SITE"]), content_security_policy=POLICY), readers=answer_as_django
)
