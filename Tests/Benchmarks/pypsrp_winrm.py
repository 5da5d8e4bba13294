"""What psrun is measured against over WinRM: pypsrp's client.

usage: pypsrp_winrm.py HOST PORT PATH SCHEME(http|https) AUTH USER PASSWORD SESSIONS LINES
Opens that many sessions one after the other, with that many lines each.
"""
import sys
import warnings

from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

warnings.simplefilter("ignore")


def session(host, port, path, scheme, auth, user, password, lines):
    wsman = WSMan(host, port=int(port), path=path, ssl=scheme == "https", auth=auth, username=user, password=password,
                  cert_validation=False)
    with wsman, RunspacePool(wsman) as pool:
        for line in range(lines):
            shell = PowerShell(pool)
            shell.add_script(f"long-output {line}")
            output = shell.invoke()
            if line == 0:
                print("first-output", sum(len(str(item)) for item in output), flush=True)


if __name__ == "__main__":
    *place, sessions, lines = sys.argv[1:]
    for _ in range(int(sessions)):
        session(*place, int(lines))
