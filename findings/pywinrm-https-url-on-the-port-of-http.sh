#!/bin/sh
# Tool:       pywinrm 0.5.0 from the Python package index.
# Expected:   a Session whose target is https://HOST, without a port, uses WinRM's port for https, 5986.
# Found:      it uses 5985, that of http: the port goes by the transport, which is "plaintext" where none is named, and not by
#             the URL. Basic, ntlm, kerberos and credssp have 5985 as well; only "ssl" has 5986. And a slash behind the host
#             makes the path / in place of /wsman.
# Seen:       https://srv01 => https://srv01:5985/wsman; https://srv01/ => https://srv01:5985/
# For psrun:  a script that is brought from pywinrm may work for a reason that its URL does not show: a proxy, or a listener
#             moved to 5985. Give psrun the port in the URL, or -ComputerName with -UseSSL, which is 5986.
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

auth = ("user", "word")
seen = [
    winrm.Session("https://srv01", auth=auth).url,
    winrm.Session("https://srv01", auth=auth, transport="ntlm").url,
    winrm.Session("https://srv01/", auth=auth).url,
    winrm.Session("https://srv01", auth=auth, transport="ssl").url,
]
if [url.removeprefix("https://srv01") for url in seen] != [":5985/wsman", ":5985/wsman", ":5985/", ":5986/wsman"]:
    print(f"changed: {seen}")
    sys.exit(1)
PROGRAM
echo "as found"
