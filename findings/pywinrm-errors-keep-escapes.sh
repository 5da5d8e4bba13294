#!/bin/sh
# Tool:       pywinrm 0.5.0 from the Python package index.
# Expected:   run_ps(), which makes text of the CLIXML that powershell.exe writes to its standard error, undoes the escapes of
#             CLIXML's strings (_xHHHH_; MS-PSRP, section 2.2.5.3.2).
# Found:      of them all it undoes the line end _x000D__x000A_ alone. A colour stays _x001B_[31;1m, a tab _x0009_, and a name with
#             an underscore may come doubled up (_x005F_). And warnings and errors come as one text, without a word which is which.
# Seen:       two messages "careful" (warning) and "a<TAB>b" (error) => carefula_x0009_b
# For psrun:  a log of pywinrm's is not searched for the text that psrun records: psrun undoes all escapes, and keeps the
#             streams apart.
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
from winrm.protocol import Protocol

text = (
    b'#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
    b'<S S="Warning">careful</S><S S="Error">a_x0009_b_x000D__x000A_</S></Objs>'
)
# What a shell on the far side would have written.
Protocol.open_shell = lambda self, *_, **__: "shell"
Protocol.run_command = lambda self, *_, **__: "command"
Protocol.get_command_output = lambda self, *_, **__: (b"", text, 1)
Protocol.cleanup_command = Protocol.close_shell = lambda self, *_, **__: None
seen = winrm.Session("srv01", auth=("user", "word")).run_ps("write-error 'a`tb'").std_err
if seen != b"carefula_x0009_b":
    print(f"changed: {seen}")
    sys.exit(1)
PROGRAM
echo "as found"
