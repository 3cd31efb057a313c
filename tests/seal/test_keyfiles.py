"""Secret keys as files: closed to others, closed without the passphrase, and never written over."""

import contextlib
import subprocess

import pytest

from nashra.seal.keyfiles import BadKeyFile, read_key_file, write_key_file
from nashra.seal.signing import SigningKey

SEED = bytes(range(32))
WORDS = "lantern ferry copper willow basket thimble"


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "keys" / "edition.key"
    write_key_file(file, SEED, WORDS)
    return file


def test_a_key_comes_back_as_it_was_written(file):
    assert read_key_file(file, WORDS).public == SigningKey.from_seed(SEED).public


def test_case_and_space_between_words_do_not_matter(file):
    assert read_key_file(file, "  Lantern ferry\tCOPPER willow  basket thimble\n").public


def test_only_its_owner_can_read_it(file):
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_the_secret_stands_nowhere_in_it(file):
    assert SEED not in file.read_bytes()
    opened = subprocess.run(
        ["openssl", "pkey", "-in", file, "-passin", f"pass:{WORDS}", "-text", "-noout"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert SEED[:15].hex(":") in opened.stdout


def test_it_is_never_written_over(file):
    before = file.read_bytes()
    with pytest.raises(BadKeyFile, match="never written over"):
        write_key_file(file, bytes(32), WORDS)
    assert file.read_bytes() == before


def test_a_short_passphrase_makes_no_file(tmp_path):
    file = tmp_path / "edition.key"
    with pytest.raises(BadKeyFile, match="20 characters"):
        write_key_file(file, SEED, "ferry   ferry            ")
    assert not file.exists()


def test_another_passphrase_opens_nothing(file):
    with pytest.raises(BadKeyFile, match="this passphrase"):
        read_key_file(file, WORDS.replace("willow", "willows"))


def test_it_refuses_a_file_that_others_can_read(file):
    file.chmod(0o640)
    with pytest.raises(BadKeyFile, match="chmod 600"):
        read_key_file(file, WORDS)


def test_every_damaged_byte_is_refused_or_does_no_harm(file):
    content = file.read_bytes()
    public = SigningKey.from_seed(SEED).public
    for at in range(0, len(content), 3):
        file.write_bytes(content[:at] + bytes([content[at] ^ 2]) + content[at + 1 :])
        with contextlib.suppress(BadKeyFile):
            assert read_key_file(file, WORDS).public == public


@pytest.mark.parametrize(
    "content", [b"", b"junk", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n", b"x" * 10_000], ids=len
)
def test_it_refuses_what_is_no_key_file(file, content):
    file.write_bytes(content)
    with pytest.raises(BadKeyFile, match=str(file)):
        read_key_file(file, WORDS)


def test_it_refuses_a_key_without_a_passphrase_and_one_of_another_kind(file):
    for command in (
        ["openssl", "genpkey", "-algorithm", "ED25519"],
        ["openssl", "genpkey", "-algorithm", "X25519", "-aes256", "-pass", f"pass:{WORDS}"],
    ):
        made = subprocess.run(command, capture_output=True, check=True).stdout
        file.write_bytes(SigningKey.from_seed(SEED).public.text.encode() + b"\n" + made)
        with pytest.raises(BadKeyFile, match=r"no encrypted key|another kind"):
            read_key_file(file, WORDS)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadKeyFile, match="No such file"):
        read_key_file(tmp_path / "none.key", WORDS)


def test_a_place_where_nothing_can_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadKeyFile, match="No key can be written"):
        write_key_file(tmp_path / "file" / "edition.key", SEED, WORDS)
