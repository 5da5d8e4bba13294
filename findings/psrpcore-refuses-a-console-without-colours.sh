#!/bin/sh
# Tool:       psrpcore 0.3.1 from the Python package index, the protocol library below pypsrp.
# Expected:   a server on psrpcore takes the host of every PowerShell client. On Linux the colours of a console are -1, which
#             is what PowerShell's own client sends (HostInfo's entries 0 and 1).
# Found:      HostDefaultData refuses -1 with a ValueError, and the server ends before its pool is open.
# Seen:       ValueError: -1 is not a valid ConsoleColor
# For psrun:  a server of your own on psrpcore ends as psrun, or Enter-PSSession on Linux, opens a session. Give its
#             ConsoleColor a _missing_ that takes -1.
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
from psrpcore.types import ConsoleColor

assert ConsoleColor(7) is ConsoleColor.Gray
try:
    color = ConsoleColor(-1)
except ValueError as error:
    assert "-1 is not a valid ConsoleColor" in str(error)
else:
    print(f"changed: {color!r}")
    sys.exit(1)
PROGRAM
echo "as found"
