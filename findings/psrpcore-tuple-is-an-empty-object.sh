#!/bin/sh
# Tool:       psrpcore 0.3.1 from the Python package index, the protocol library below pypsrp.
# Expected:   serialize() makes a list of a tuple or a set, as it does of a list, or it refuses them.
# Found:      it makes a PSCustomObject without properties of either. The elements are gone, without an error or a warning.
# Seen:       [1, 2] => <LST><I32>1</I32><I32>2</I32></LST>, (1, 2) => <T>System.Management.Automation.PSCustomObject</T> and
#             no element
# For psrun:  a Python client of `psrun endpoint`, or of a real PowerShell, that passes a tuple as an argument or as input
#             sends an empty object. Make it a list first.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ python3 -m venv tools && tools/bin/pip install --quiet --disable-pip-version-check psrpcore==0.3.1; } >install.log 2>&1 || {
    cat install.log
    exit 2
}

tools/bin/python - <<'PROGRAM' || exit 1
import sys
from xml.etree import ElementTree
from psrpcore.types import deserialize, serialize

for value in ([1, 2], (1, 2), {1, 2}):
    element = serialize(value, cipher=None)
    text = ElementTree.tostring(element, encoding="unicode")
    numbers = text.count("<I32>")
    is_empty = numbers == 0 and "PSCustomObject" in text and len(element) == 1
    came_back = deserialize(element, cipher=None)
    fine = numbers == 2 and came_back == value if isinstance(value, list) else is_empty
    if not fine:
        print(f"changed: {value!r} => {text}")
        sys.exit(1)
PROGRAM
echo "as found"
