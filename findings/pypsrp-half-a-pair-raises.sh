#!/bin/sh
# Tool:       pypsrp 0.9.1 from the Python package index.
# Expected:   a .NET string may hold one half of a surrogate pair, as where Substring() cuts a text between the two. CLIXML has
#             it as _xD83D_ (MS-PSRP, section 2.2.5.3.2), and psrpcore 0.3.1 reads it as that half.
# Found:      the deserializer raises UnicodeDecodeError: the whole object that the string is in is lost to the caller.
# Seen:       'utf-16-be' codec can't decode bytes: unexpected end of data
# For psrun:  a Python client of `psrun endpoint`, or of a real PowerShell, ends on output that was cut to a width. psrun keeps
#             such a string as it is, and shows U+FFFD for the half.
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
import sys
from xml.etree import ElementTree

from psrpcore.types import deserialize
from pypsrp.serializer import Serializer

cut = "<S>cut _xD83D_</S>"
try:
    seen = repr(Serializer().deserialize(cut))
except UnicodeDecodeError:
    seen = "raised"
whole = Serializer().deserialize("<S>_xD83D__xDE00_</S>")
other = deserialize(ElementTree.fromstring(cut), cipher=None)
if (seen, whole, other) != ("raised", "\U0001f600", "cut \ud83d"):
    print(f"changed: {seen} {whole!r} {other!r}")
    sys.exit(1)
PROGRAM
echo "as found"
