"""What psrun is measured against over WinRM: pypsrp's client.

usage: pypsrp_winrm.py HOST PORT SCHEME(http|https) AUTH USER PASSWORD SESSIONS FANOUT LINE…
Opens that many sessions, FANOUT at a time (each in a thread of its own), with those lines each.
"""
import concurrent.futures
import sys
import warnings

from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

warnings.simplefilter("ignore")


def session(host, port, scheme, auth, user, password, lines):
    wsman = WSMan(host, port=int(port), ssl=scheme == "https", auth=auth, username=user, password=password,
                  cert_validation=False, no_proxy=True)
    with wsman, RunspacePool(wsman) as pool:
        for line in lines:
            shell = PowerShell(pool)
            shell.add_script(line)
            output = shell.invoke()
            print("output", sum(len(str(item)) for item in output), flush=True)


if __name__ == "__main__":
    *place, sessions, fanout = sys.argv[1:9]
    with concurrent.futures.ThreadPoolExecutor(int(fanout)) as threads:
        for _ in threads.map(lambda _: session(*place, sys.argv[9:]), range(int(sessions))):
            pass
