"""Round trips from SYN to the first output, and for each further line: the slope of the time over the delay of a relay;
psrun against pypsrp and `ssh -s` in one run. The relay cannot delay the TCP handshake itself, so one is added for it."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import fleet_sshd
from delay_relay import DelayRelay

# SHORT=1 measures once: it shows that each client has its output.
NEAR, FAR, LINES, TIMES = (0.02, 0.06, 2, 1) if os.environ.get("SHORT") else (0.1, 0.3, 6, 3)


def until(command, needle, feed=None):
    """Seconds from a command's start until `needle` stands in its output."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if feed:
        process.stdin.write(feed)
        process.stdin.flush()
    seen = b""
    while needle not in seen:
        piece = os.read(process.stdout.fileno(), 65536)
        if not piece:
            raise AssertionError(f"{command}: {seen!r} {process.stderr.read().decode()[-1000:]}")
        seen += piece
    taken = time.monotonic() - start
    process.terminate()
    process.communicate()
    return taken


def slope(relay, measure):
    """Round trips: how the least of a few times grows with the relay's delay."""
    times = {}
    for round_trip in (NEAR, FAR):
        relay.round_trip = round_trip
        times[round_trip] = min(measure() for _ in range(TIMES))
    return (times[FAR] - times[NEAR]) / (FAR - NEAR)


def main():
    fleet_sshd.enter_own_network()
    with fleet_sshd.server() as server, tempfile.TemporaryDirectory() as folder:
        relay = DelayRelay(22023, server.port)
        one, many = (pathlib.Path(folder, name) for name in ("one.sh", "many.sh"))
        one.write_text("echo output-0\n")
        many.write_text("".join(f"echo output-{line}\n" for line in range(LINES)))
        psrun = [fleet_sshd.PROGRAM, "--any-shell", "--ssh-config", server.ssh_config, "-KeyFilePath", server.key,
                 "--recordings", folder + "/recordings", "--host", f"{server.user}@127.0.0.1:22023"]
        pypsrp = [sys.executable, pathlib.Path(__file__).with_name("pypsrp_fleet.py"), "22023", server.key, server.user, "1"]
        ssh = ["ssh", "-F", server.ssh_config, "-i", server.key, "-p", "22023", "-l", server.user, "-s", "127.0.0.1", "cat"]
        print(f"round trips (slope of the time from {NEAR * 1000:.0f} to {FAR * 1000:.0f} ms)")
        first = slope(relay, lambda: until([*psrun, one], b"output-0"))
        last = slope(relay, lambda: until([*psrun, many], f"output-{LINES - 1}".encode()))
        print(f"  psrun   SYN to first output {first + 1:5.1f}   a further line and its probe "
              f"{(last - first) / (LINES - 1):4.1f}")
        first = slope(relay, lambda: until([*pypsrp, "1", "127.0.0.1"], b"first-output"))
        print(f"  pypsrp  SYN to first output {first + 1:5.1f}")
        with_cat = pathlib.Path(server.folder, "sshd_config")
        with_cat.write_text(with_cat.read_text() + "Subsystem cat /bin/cat\n")
        server.process.send_signal(1)
        time.sleep(1)
        first = slope(relay, lambda: until(ssh, b"echoed", feed=b"echoed\n"))
        print(f"  ssh -s  SYN to first echo   {first + 1:5.1f}")


main()
