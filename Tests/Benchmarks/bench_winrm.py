"""Sessions over WinRM, psrun against pypsrp 0.9.1 on the same server in one run: client CPU of a session (open, five
lines, close), and the rate of long output."""
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import winrm_server

PROGRAM = os.environ.get("PSRUN", ".build/release/psrun")
# SHORT=1 is of a few sessions: it shows that both clients do them all.
SMALL, LARGE, ROUNDS, MEGABYTES = (1, 2, 1, 2) if os.environ.get("SHORT") else (20, 60, 3, 100)
LINES = 5
WAYS = (("Negotiate", "negotiate", False), ("Basic", "basic", True))


def cpu(command, environment=None):
    before = os.times()
    result = subprocess.run(command, capture_output=True, env=environment)
    after = os.times()
    # The canned shell does not tell `$?`: psrun ends with 1 then, when it has run all lines.
    assert result.returncode in (0, 1) and b"yyyy" in result.stdout or b"first-output" in result.stdout, result.stderr.decode()[-2000:] + result.stdout.decode()[-500:]
    taken = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return taken, result.stdout


def psrun_sessions(server, authentication, folder, playbook, count):
    """So many targets, all of which are the one server by another name."""
    inventory = pathlib.Path(folder, f"hosts-{count}")
    scheme = "https" if server.is_tls else "http"
    user = winrm_server.USER if authentication == "Basic" else f"DOMAIN\\\\{winrm_server.USER}"
    variables = (f"ansible_connection=psrp ansible_host=127.0.0.1 ansible_port={server.port} ansible_psrp_protocol={scheme} "
                 f"ansible_psrp_auth={authentication.lower()} ansible_user={user}")
    inventory.write_text("".join(f"h{index} {variables}\n" for index in range(count)))
    trust = ["--ca-file", str(server.certificate)] if server.is_tls else []
    return cpu([PROGRAM, playbook, "-i", str(inventory), "--password-file", str(server.password_file), "--fanout", "8",
                "--any-shell", "--recordings", folder + "/recordings", *trust])[0]


def measure_cpu(folder, playbook):
    print(f"client CPU of one session with {LINES} lines, ms (slope from {SMALL} to {LARGE} sessions)")
    for authentication, scheme, is_tls in WAYS:
        with winrm_server.server(scheme, is_tls) as server:
            medians = {}
            for name in ("psrun", "pypsrp"):
                slopes = []
                for _ in range(ROUNDS):
                    times = []
                    for count in (SMALL, LARGE):
                        if name == "psrun":
                            times.append(psrun_sessions(server, authentication, folder, playbook, count))
                        else:
                            command, environment = winrm_server.pypsrp(server, count, LINES, authentication=authentication)
                            times.append(cpu(command, environment)[0])
                    slopes.append((times[1] - times[0]) / (LARGE - SMALL) * 1000)
                medians[name] = statistics.median(slopes)
            ratio = f"{medians['pypsrp'] / medians['psrun']:.1f}" if medians["psrun"] > 0 else "too little to be measured"
            print(f"  {authentication:9} over {'https' if is_tls else 'http '}  psrun {medians['psrun']:7.2f}   "
                  f"pypsrp {medians['pypsrp']:7.2f}   pypsrp / psrun = {ratio}")


def measure_rate(folder):
    size = MEGABYTES * 1_000_000
    playbook = pathlib.Path(folder, "long.ps1")
    playbook.write_text("long-output\n")
    print(f"rate of {MEGABYTES} MB of output, MB/s")
    for authentication, scheme, is_tls in WAYS:
        with winrm_server.server(scheme, is_tls) as server:
            query = f"?id=long&size={size}"
            rates = {}
            for name in ("psrun", "pypsrp"):
                start = time.monotonic()
                if name == "psrun":
                    command = winrm_server.psrun(PROGRAM, server, str(playbook), folder + "/recordings", "--any-shell",
                                                 authentication=authentication, query=query)
                    _, output = cpu(command)
                else:
                    command, environment = winrm_server.pypsrp(server, 1, 1, authentication=authentication, query=query)
                    _, output = cpu(command, environment)
                rates[name] = MEGABYTES / (time.monotonic() - start)
            print(f"  {authentication:9} over {'https' if is_tls else 'http '}  psrun {rates['psrun']:6.1f}   "
                  f"pypsrp {rates['pypsrp']:6.1f}   psrun / pypsrp = {rates['psrun'] / rates['pypsrp']:.1f}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        playbook = pathlib.Path(folder, "five.ps1")
        playbook.write_text("".join(f"line {number}\n" for number in range(LINES)))
        measure_cpu(folder, str(playbook))
        measure_rate(folder)


main()
