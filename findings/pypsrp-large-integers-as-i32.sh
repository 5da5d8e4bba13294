#!/bin/sh
# Tool:       pypsrp 0.9.1 from the Python package index.
# Expected:   an integer that does not fit into 32 bits is written as a 64-bit one (<I64>; MS-PSRP, section 2.2.5.1.13), as
#             psrpcore 0.3.1 does it, or it is refused.
# Found:      each Python integer is written as <I32>, whatever its size, without an error or a warning.
# Seen:       2147483647 => <I32>2147483647</I32>, 2147483648 => <I32>2147483648</I32>
# For psrun:  a Python client that passes a size in bytes or a time in milliseconds to `psrun endpoint`, or to a real
#             PowerShell, sends a value that is not valid CLIXML. TaggedValue("I64", number) sends the right one.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ python3 -m venv tools && tools/bin/pip install --quiet --disable-pip-version-check pypsrp==0.9.1; } >install.log 2>&1 || {
    cat install.log
    exit 2
}

tools/bin/python - <<'PROGRAM' || exit 1
import sys
from xml.etree import ElementTree

from pypsrp.serializer import Serializer, TaggedValue


def written(value):
    return ElementTree.tostring(Serializer().serialize(value), encoding="unicode")


seen = [written(value) for value in (2147483647, 2147483648, 2**63, TaggedValue("I64", 2147483648))]
expected = [f"<I32>{value}</I32>" for value in (2147483647, 2147483648, 2**63)] + ["<I64>2147483648</I64>"]
if seen != expected:
    print(f"changed: {seen}")
    sys.exit(1)
PROGRAM
echo "as found"
