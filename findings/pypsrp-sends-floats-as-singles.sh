#!/bin/sh
# Tool:       pypsrp 0.9.1 and psrpcore 0.3.1 from the Python package index.
# Expected:   a Python float, which has 64 bits, is written as a Double (<Db>; MS-PSRP, section 2.2.5.1.15).
# Found:      both write it as a Single (<Sg>), which has 32: 7 digits arrive of 16, and nothing above 3.4e38. psrpcore takes
#             PSDouble(value) for a Double, pypsrp TaggedValue("Db", value).
# Seen:       16777217.0 => <Sg>16777217.0</Sg>, which a Single holds as 16777216
# For psrun:  numbers that a Python client passes to `psrun endpoint`, or to a real PowerShell, change on their way, without an
#             error. That what comes back looks like what was sent may be rounding in both directions.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{
    python3 -m venv tools &&
        tools/bin/pip install --quiet --disable-pip-version-check pypsrp==0.9.1 psrpcore==0.3.1
} >install.log 2>&1 || {
    cat install.log
    exit 2
}

tools/bin/python - <<'PROGRAM' || exit 1
import struct
import sys
from xml.etree import ElementTree

from psrpcore.types import PSDouble, serialize
from pypsrp.serializer import Serializer, TaggedValue

value = 16777217.0
seen = [
    ElementTree.tostring(element, encoding="unicode")
    for element in (
        Serializer().serialize(value),
        serialize(value, cipher=None),
        Serializer().serialize(TaggedValue("Db", value)),
        serialize(PSDouble(value), cipher=None),
    )
]
held = struct.unpack("f", struct.pack("f", value))[0]
if [text[1:3] for text in seen] != ["Sg", "Sg", "Db", "Db"] or held != 16777216.0:
    print(f"changed: {seen} {held}")
    sys.exit(1)
PROGRAM
echo "as found"
