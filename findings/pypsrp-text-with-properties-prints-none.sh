#!/bin/sh
# Tool:       pypsrp 0.9.1 from the Python package index.
# Expected:   a string to which properties were added (Add-Member, and each line that Get-Content gives out) prints as its
#             text, as it does in PowerShell.
# Found:      it becomes an object without a text of its own: str() of it is the word None. The text is in property_sets[0].
#             psrpcore 0.3.1 reads it as a string that has the properties.
# Seen:       <Obj RefId="0"><S>first line</S><MS><I64 N="ReadCount">1</I64></MS></Obj> => str() "None",
#             property_sets ['first line']
# For psrun:  where pypsrp's output is compared with psrun's, lines of files are missing in the former. psrun prints the text.
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

line = '<Obj RefId="0"><S>first line</S><MS><I64 N="ReadCount">1</I64></MS></Obj>'
seen = Serializer().deserialize(line)
other = deserialize(ElementTree.fromstring(line), cipher=None)
if (str(seen), getattr(seen, "property_sets", None), str(other)) != ("None", ["first line"], "first line"):
    print(f"changed: {seen!s} {other!s}")
    sys.exit(1)
PROGRAM
echo "as found"
