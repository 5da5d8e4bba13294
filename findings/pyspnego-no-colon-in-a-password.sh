#!/bin/sh
# Tool:       pyspnego 0.12.0 from the Python package index.
# Expected:   in a file of users (NTLM_USER_FILE), whose lines are DOMAIN:USER:PASSWORD, the password goes to the line's end.
# Found:      a line whose password has a colon is passed over, without a word: that user is not found, and the others are.
# Seen:       DOM:user:a:b => "Failed to find any matching credential"; DOM:user:a b => logged in
# For psrun:  a test service that reads such a file turns the user away, whatever psrun sends. Give that user another password.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ python3 -m venv tools && tools/bin/pip install --quiet --disable-pip-version-check pyspnego==0.12.0; } >install.log 2>&1 || {
    cat install.log
    exit 2
}

export NTLM_USER_FILE="$folder/users"
tools/bin/python - <<'PROGRAM' || exit 1
import pathlib
import sys

import spnego


def login(password):
    pathlib.Path("users").write_text(f"DOM:user:{password}\n")
    options = spnego.NegotiateOptions.use_ntlm
    client = spnego.client("DOM\\user", password, hostname="localhost", service="http", protocol="ntlm", options=options)
    try:
        server = spnego.server(hostname="localhost", service="http", protocol="ntlm", options=options)
        server.step(client.step(server.step(client.step())))
    except spnego.exceptions.SpnegoError as error:
        return "not found" if "Failed to find any matching credential" in str(error) else str(error)
    return "logged in" if server.complete else "unfinished"


seen = [login("a b"), login("a:b")]
if seen != ["logged in", "not found"]:
    print(f"changed: {seen}")
    sys.exit(1)
PROGRAM
echo "as found"
