"""A driven shell (--shell) beside a run at the endpoint, in one run, on loopback: CPU on this side of a whole session and of
each further line, as slopes over targets and lines, and the round trips of a further line, as the slope of the time over the
delay of a relay; `ssh HOST CMD` beside it."""
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile

import fleet_sshd
from delay_relay import DelayRelay

# SHORT=1 measures once, little: it shows that each way in does all of it.
SHORT = bool(os.environ.get("SHORT"))
FANOUT, TARGETS, LINES, ROUNDS = (2, (2, 4), (5, 10), 1) if SHORT else (32, (20, 60), (200, 1200), 3)
NEAR, FAR, FEW, TIMES = (0.02, 0.06, 2, 1) if SHORT else (0.1, 0.3, 6, 3)
WAYS = {"endpoint": [], "--shell": ["--shell"]}


def seconds(command):
    """CPU, user and system, of a command that must end well."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(command, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert result.returncode == 0, result.stderr.decode()[-2000:]
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def elapsed(command):
    start = os.times().elapsed
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return os.times().elapsed - start


def main():
    fleet_sshd.enter_own_network()
    with fleet_sshd.server() as server, tempfile.TemporaryDirectory() as folder:
        def command(way, lines, hosts, port=server.port):
            playbook = pathlib.Path(folder, f"{lines}.sh")
            playbook.write_text("".join(f"echo line-{line}\n" for line in range(lines)))
            words = [fleet_sshd.PROGRAM, playbook, "--any-shell", "--ssh-config", server.ssh_config, "-KeyFilePath",
                     server.key, "-Port", str(port), "-UserName", server.user, "--fanout", str(FANOUT), "--recordings",
                     f"{folder}/recordings", *WAYS[way]]
            return words + [word for host in hosts for word in ("--host", host)]

        def hosts(count):
            return [f"127.1.{index // 200}.{index % 200 + 1}" for index in range(count)]

        def slope(way, small, large, make):
            return statistics.median(
                (seconds(make(way, large)) - seconds(make(way, small))) / (large - small) for _ in range(ROUNDS))

        print("CPU on this side (ms)      a session and its line   a further line")
        sessions = {way: slope(way, *TARGETS, lambda way, count: command(way, 1, hosts(count))) for way in WAYS}
        further = {way: slope(way, *LINES, lambda way, count: command(way, count, hosts(1))) for way in WAYS}
        for way in WAYS:
            print(f"  {way:10} {sessions[way] * 1000:32.2f} {further[way] * 1000:16.3f}")
        if not SHORT:
            print(f"  ratio      {sessions['--shell'] / sessions['endpoint']:32.2f} "
                  f"{further['--shell'] / further['endpoint']:16.2f}   (at most 1.2)")

        relay = DelayRelay(22023, server.port)

        def trips(make):
            least = {}
            for relay.round_trip in (NEAR, FAR):
                least[relay.round_trip] = min(elapsed(make()) for _ in range(TIMES))
            return (least[FAR] - least[NEAR]) / (FAR - NEAR)

        print(f"round trips of a further line and its probe (slope of the time from {NEAR * 1000:.0f} to {FAR * 1000:.0f} ms)")
        for way in WAYS:
            many, one = (trips(lambda: command(way, lines, ["127.0.0.1"], 22023)) for lines in (FEW, 1))
            print(f"  {way:10} {(many - one) / (FEW - 1):5.1f}")
        ssh = ["ssh", "-F", server.ssh_config, "-i", server.key, "-p", "22023", "-l", server.user, "127.0.0.1", "echo line-0"]
        print(f"  ssh HOST CMD {trips(lambda: ssh) + 1:4.1f}, its TCP connection among them")


main()
