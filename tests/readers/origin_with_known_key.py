"""The readers' origin as it is served, under a key that the tests know: its tokens can be searched for."""

from __future__ import annotations

from nashra.serve.buckets import Buckets
from nashra.serve.readers_desk import ReadersOrigin
from nashra.serve.readers_origin import application as served

application = ReadersOrigin(served.stand, served._readers, buckets=Buckets(random_bytes=bytes))
