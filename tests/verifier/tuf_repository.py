"""A repository of The Update Framework that can be led astray, made with the framework's own library."""

from __future__ import annotations

import datetime
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

ROLES = ("root", "timestamp", "snapshot", "targets")
SCHEMES = {
    "ed25519": CryptoSigner.generate_ed25519,
    "ecdsa": CryptoSigner.generate_ecdsa,
    "rsa-pss": CryptoSigner.generate_rsa,
}


class Repository:
    """All metadata as it stands, and all that was published, by its path; whoever asks is written down."""

    def __init__(self, scheme: str = "ed25519") -> None:
        self.new_key = SCHEMES[scheme]
        later = datetime.datetime.now(tz=datetime.UTC).replace(microsecond=0) + datetime.timedelta(days=30)
        kinds: dict[str, Any] = {
            "root": Root,
            "timestamp": Timestamp,
            "snapshot": Snapshot,
            "targets": Targets,
        }
        self.metadata: dict[str, Metadata[Any]] = {
            role: Metadata(kind(expires=later)) for role, kind in kinds.items()
        }
        self.keys: dict[str, list[CryptoSigner]] = {role: [] for role in ROLES}
        self.published: dict[str, bytes] = {}
        self.asked: list[str] = []
        for role in ROLES:
            self.add_key(role)
        self.publish("root", "targets", "snapshot", "timestamp", raised=False)

    def signed(self, role: str) -> Any:
        """What a role says, to be changed."""
        return self.metadata[role].signed

    def add_key(self, role: str, to: str = "root") -> None:
        """A new key for a role."""
        key = self.new_key()
        self.keys.setdefault(role, []).append(key)
        self.signed(to).add_key(key.public_key, role)

    def rotate(self, role: str) -> None:
        """Another key in place of those that a role has."""
        for key in self.keys[role]:
            self.signed("root").revoke_key(key.public_key.keyid, role)
        self.keys[role].clear()
        self.add_key(role)

    def publish(self, *roles: str, raised: bool = True) -> None:
        """Sign these roles in this order, each naming what was published of the one before it."""
        for role in roles:
            signed = self.signed(role)
            if raised:
                signed.version += 1
            if role == "snapshot":
                signed.meta = {
                    f"{name}.json": MetaFile(found.signed.version)
                    for name, found in self.metadata.items()
                    if isinstance(found.signed, Targets)
                }
            if role == "timestamp":
                signed.snapshot_meta = MetaFile(self.signed("snapshot").version)
            self.sign(role)

    def sign(self, role: str) -> None:
        """Sign a role just as it stands, and hand it out."""
        found = self.metadata[role]
        found.signatures.clear()
        for key in self.keys[role]:
            found.sign(key, append=True)
        number = "" if role == "timestamp" else f"{found.signed.version}."
        self.published[f"/metadata/{number}{quote(role, safe='')}.json"] = found.to_bytes()

    def add_file(self, path: str, content: bytes, *, role: str = "targets") -> str:
        """Name a file in a role; gives the path at which it is handed out."""
        target = TargetFile.from_data(path, content, ["sha256"])
        self.signed(role).targets[path] = target
        folder, slash, name = path.rpartition("/")
        at = f"/targets/{folder}{slash}{target.hashes['sha256']}.{name}"
        self.published[at] = content
        return at

    def delegate(self, role: str, paths: list[str], *, by: str = "targets", ends: bool = False) -> None:
        """Let another role speak of files of these paths."""
        if self.signed(by).delegations is None:
            self.signed(by).delegations = Delegations({}, roles={})
        self.signed(by).delegations.roles[role] = DelegatedRole(role, [], 1, ends, paths)
        self.metadata[role] = Metadata(Targets(expires=self.signed("targets").expires))
        self.add_key(role, by)
        self.sign(role)


@contextmanager
def serving(repository: Repository):
    """The address at which a repository is served."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            repository.asked.append(self.path)
            content = repository.published.get(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
