"""What a killed press leaves lying about is swept by the next run, and no reader ever gets it."""

from __future__ import annotations

import http.client

LEFT = (b"<!doctype html><title>half a", "4711")


def test_temporary_files_are_swept_by_the_next_run_and_never_served(room):
    spool = room.newsroom.var / "site.tmp"
    room.run("press")
    assert list(spool.iterdir()) == [], "a run that ends leaves none"
    content, name = LEFT
    with room.newsroom.serving("serve", "--workers", "1") as serving:
        # Put there while a press waits, as by one that was killed a moment ago.
        (spool / name).write_bytes(content)
        for target in (f"/site.tmp/{name}", f"/../site.tmp/{name}", f"/%2e%2e/site.tmp/{name}", f"/{name}"):
            connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=10)
            connection.request("GET", target)
            answer = connection.getresponse()
            assert answer.status in {400, 404}, target
            assert content not in answer.read(), target
            connection.close()
    room.run("press")
    assert list(spool.iterdir()) == []
