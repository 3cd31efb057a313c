#!/bin/sh
# Prints the Python that .venv shall be made with, or says in one sentence what is missing.
#
#     tools/find-python.sh [PYTHON]
#
# Without an argument: the newest one at hand for which everything is locked and tested.
set -u

fail() {
    printf 'nashra: %s\n' "$1" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

is_whole() {
    "$1" -c 'import ctypes, ensurepip, sqlite3, ssl, venv, zlib' >/dev/null 2>&1
}

[ -w . ] || fail "cannot write in $(pwd): move the project to a folder of your own and run make there."

given=${1:-}
if [ -n "$given" ]; then
    command -v "$given" >/dev/null 2>&1 || fail "there is no program $given: name a Python 3.11 or later, such as make PYTHON=python3.11."
    "$given" -c '' >/dev/null 2>&1 || fail "$given does not run: name a Python 3.11 or later, such as make PYTHON=python3.11."
    is_new_enough "$given" || fail "$given is $("$given" --version 2>&1 | head -n 1): Python 3.11 or later is needed, such as make PYTHON=python3.12."
fi

incomplete=
for python in ${given:-python3.13 python3.12 python3.11 python3}; do
    command -v "$python" >/dev/null 2>&1 && is_new_enough "$python" || continue
    if is_whole "$python"; then
        command -v "$python"
        exit 0
    fi
    incomplete=${incomplete:-$python}
done

if [ -n "$incomplete" ]; then
    version=$("$incomplete" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    fail "$incomplete lacks one of its own modules (venv, ensurepip, sqlite3, ssl): install it whole, on Debian and Ubuntu with apt-get install python$version-venv."
fi
fail "Python 3.11 or later is needed and was not found: install it (on Debian and Ubuntu with apt-get install python3 python3-venv) or name one, such as make PYTHON=/opt/python3.12/bin/python3."
