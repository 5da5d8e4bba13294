#!/bin/sh
# Tool:       pywinrm 0.5.0 from the Python package index.
# Expected:   a Session whose target is a URL with an IPv6 address connects to that address (RFC 3986, section 3.2.2), or refuses
#             the URL.
# Found:      it takes the scheme for the host: it looks up and connects to a machine by the name "http", at the scheme's own
#             port. Nothing is said of it. An address alone in brackets is refused as an invalid target.
# Seen:       http://[2001:db8::1]:5985/wsman => http://http:5985/wsman
# For psrun:  a list of hosts that pywinrm reads is not proved to be right for addresses of IPv6. psrun takes
#             -ConnectionUri http://[2001:db8::1]:5985/wsman as what it says.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ python3 -m venv tools && tools/bin/pip install --quiet --disable-pip-version-check pywinrm==0.5.0; } >install.log 2>&1 || {
    cat install.log
    exit 2
}

tools/bin/python - <<'PROGRAM' || exit 1
import sys

import winrm

seen = winrm.Session("http://[2001:db8::1]:5985/wsman", auth=("user", "word")).url
try:
    alone = winrm.Session("[2001:db8::1]", auth=("user", "word")).url
except ValueError:
    alone = "refused"
if (seen, alone) != ("http://http:5985/wsman", "refused"):
    print(f"changed: {seen} {alone}")
    sys.exit(1)
PROGRAM
echo "as found"
