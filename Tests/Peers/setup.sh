#!/bin/sh
# Makes the checkout's .venv with the Python peers of the tests. Quick when it is already there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=$here/../../.venv
stamp=$venv/requirements.txt
if cmp -s "$here/requirements.txt" "$stamp" 2>/dev/null && [ -x "$venv/bin/python" ]; then
    exit 0
fi
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --pre -r "$here/requirements.txt"
cp "$here/requirements.txt" "$stamp"
