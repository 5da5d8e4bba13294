"""Sessions over WinRM, psrun against pypsrp 0.9.1 on the same service (winrm_canned.c) in one run, interleaved; medians and
ranges:

  client CPU of a session (open, five lines, close), how it grows with the sessions: NTLM over http, Basic over https; psrun's
  is that of the whole program, which records what it hears and looks for secrets in it;
  round trips with Kerberos over http, from SYN to the open pool and to outputs: how the times that the service notes grow with
  the delay of a relay, which cannot delay the TCP handshake, so one is added for it;
  the client's own memory (anonymous) of an open https session, whose line runs: how it grows with the sessions;
  the rate of a long output, from the start of the client to its end, in strings of 100 kB and in lines of 100 bytes: psrun
  prints and records it, and looks for secrets in it.

ROUNDS (5) says how often, PARTS (cpu,trips,memory,rate,lines) what. Raw data: .build/bench-winrm.jsonl
"""
import json
import os
import pathlib
import signal
import statistics
import subprocess
import tempfile
import time

import fleet_sshd
import winrm_server
from delay_relay import DelayRelay

SHORT = bool(os.environ.get("SHORT"))
ROUNDS = int(os.environ.get("ROUNDS", "1" if SHORT else "5"))
PARTS = os.environ.get("PARTS", "cpu,trips,memory,rate,lines").split(",")
# A slope between two numbers of sessions, or two delays in seconds, leaves the start of a client aside.
SESSIONS = (1, 3) if SHORT else (20, 60)
OPEN = (1, 3) if SHORT else (32, 160)
DELAYS = (0.05, 0.1) if SHORT else (0.1, 0.3)
MEGABYTES = 2 if SHORT else 100
FIVE = [f"line {number}" for number in range(5)]
# A part of each 100 bytes of output.
LINE = b"C:/Windows/explorer.exe"
RAW = winrm_server.HERE.parents[1] / ".build" / "bench-winrm.jsonl"
CLIENTS = ("psrun", "pypsrp")


class Bench:
    def __init__(self, folder, raw):
        self.folder, self.raw, self.seen, self.round = pathlib.Path(folder), raw, [], 0
        self.program = winrm_server.build(folder)

    def command(self, server, client, lines, sessions=1, fanout=None, port=None):
        if client == "pypsrp":
            return server.pypsrp(lines, sessions=sessions, fanout=fanout or 1, port=port)
        playbook = self.folder / "lines.ps1"
        playbook.write_text("".join(f"{line}\n" for line in lines))
        # Where there are several, each is told by itself, as pypsrp's are.
        more = ["--format", "jsonl"] if sessions > 1 else []
        return server.psrun(playbook, self.folder / "recordings", *more, sessions=sessions, fanout=fanout or 8, port=port)

    def start(self, command, output):
        words, environment = command
        return subprocess.Popen([str(word) for word in words], env=environment, stdout=output, stderr=subprocess.STDOUT)

    def run(self, command, needle, count):
        """Runs a client to its end: its seconds and its CPU. What it says holds so many of `needle`."""
        with tempfile.TemporaryFile(dir=self.folder) as output:
            began = time.monotonic()
            child = self.start(command, output)
            _, status, usage = os.wait4(child.pid, 0)
            took = time.monotonic() - began
            child.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            said = output.read()
        assert child.returncode == 0 and said.count(needle) >= count, f"{child.returncode} {said.count(needle)} {said[-2000:]}"
        return took, usage.ru_utime + usage.ru_stime

    def note(self, part, way, client, **values):
        entry = {"part": part, "way": way, "client": client, "round": self.round} | values
        self.seen.append(entry)
        print(json.dumps(entry), file=self.raw, flush=True)

    def cpu(self, way):
        with winrm_server.server(self.program, way) as server:
            for client in CLIENTS:
                # What a line says as psrun tells it, and as pypsrp's script does.
                needle = LINE if client == "psrun" else b"output 100"
                before = len(server.moments("output"))
                taken = [self.run(self.command(server, client, FIVE, count), needle, 5 * count)[1] for count in SESSIONS]
                pipelines = (len(server.moments("output")) - before) / sum(SESSIONS)
                value = (taken[1] - taken[0]) / (SESSIONS[1] - SESSIONS[0]) * 1000
                self.note("cpu", way, client, value=value, pipelines=pipelines, pipeline=value / pipelines)

    def trips(self, realm, relay):
        for client in CLIENTS:
            times = []
            for delay in DELAYS:
                with winrm_server.server(self.program, "Kerberos", realm=realm) as server:
                    relay.target, relay.round_trip = server.port, delay
                    needle = LINE if client == "psrun" else b"output 100"
                    self.run(self.command(server, client, FIVE[:1], port=relay.port), needle, 1)
                    start = server.moments("accept")[0]
                    outputs = server.moments("output")
                    # psrun's first pipeline asks what the shell is; the second one is the line.
                    times.append([server.moments("open")[0] - start, outputs[0] - start, outputs[client == "psrun"] - start])
            # An answer is half a round trip on its way.
            slopes = [(far - near) / (DELAYS[1] - DELAYS[0]) + 1.5 for near, far in zip(*times)]
            self.note("trips", "Kerberos", client, open=slopes[0], output=slopes[1], line=slopes[2])

    def memory(self, way):
        for client in CLIENTS:
            sizes = []
            for count in OPEN:
                with winrm_server.server(self.program, way, holders=count) as server:
                    child = self.start(self.command(server, client, ["hold"], count, count), subprocess.DEVNULL)
                    winrm_server.until(server.folder / "held", 300)
                    time.sleep(0.5)
                    resident, shared = map(int, pathlib.Path(f"/proc/{child.pid}/statm").read_text().split()[1:3])
                    sizes.append((resident - shared) * 4)
                    server.process.send_signal(signal.SIGUSR1)
                    assert child.wait() == 0
            self.note("memory", way, client, value=(sizes[1] - sizes[0]) / (OPEN[1] - OPEN[0]))

    def rate(self, way):
        self.output("rate", "long-output", MEGABYTES, way)

    def lines(self, way):
        self.output("lines", "many-lines", MEGABYTES / 10, way)

    def output(self, part, line, megabytes, way):
        size = int(megabytes * 1_000_000)
        with winrm_server.server(self.program, way, size=size) as server:
            for client in CLIENTS:
                needle = LINE if client == "psrun" else b"output %d" % size
                count = size // 100 if client == "psrun" else 1
                seconds, cpu = self.run(self.command(server, client, [line]), needle, count)
                self.note(part, way, client, value=megabytes / seconds, cpu=cpu)

    def values(self, part, way, client, name):
        return [entry[name] for entry in self.seen if (entry["part"], entry["way"], entry["client"]) == (part, way, client)]

    def tell(self, part, title, ways, name="value", digits=1, inverse=True):
        print(f"\n{title}, {ROUNDS} rounds: median (range)")
        for way in ways:
            mine, other = (self.values(part, way, client, name) for client in CLIENTS)
            over, under = (statistics.median(values) for values in ((other, mine) if inverse else (mine, other)))
            ratio = f"{over / under:.1f}" if under > 0 else "too little to be measured"
            print(f"  {way:9} psrun {shown(mine, digits)}   pypsrp {shown(other, digits)}   "
                  f"{'pypsrp / psrun' if inverse else 'psrun / pypsrp'} = {ratio}")


def shown(values, digits):
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def main():
    fleet_sshd.enter_own_network()
    RAW.parent.mkdir(exist_ok=True)
    ways = ("Negotiate", "Basic")
    with tempfile.TemporaryDirectory() as folder, open(RAW, "w") as raw, winrm_server.kerberos_realm() as realm:
        bench = Bench(folder, raw)
        relay = DelayRelay(22985, 0)
        for bench.round in range(ROUNDS):
            for part in PARTS:
                if part == "trips":
                    bench.trips(realm, relay)
                for way in {"cpu": ways, "memory": ways[1:], "rate": ways, "lines": ways}.get(part, ()):
                    getattr(bench, part)(way)
    if "cpu" in PARTS:
        slope = f"slope from {SESSIONS[0]} to {SESSIONS[1]} sessions"
        bench.tell("cpu", f"client CPU of one session with five lines, ms ({slope})", ways, digits=2)
        # psrun asks behind each line how it went, and for the prompt, in one.
        bench.tell("cpu", "pipelines of such a session", ways, name="pipelines")
        bench.tell("cpu", "client CPU of a session for each of its pipelines, ms", ways, name="pipeline", digits=2)
    if "trips" in PARTS:
        for name, what in (("open", "the open pool"), ("output", "a pipeline's first output"), ("line", "the first line's output")):
            bench.tell("trips", f"round trips from SYN to {what}, Kerberos over http", ["Kerberos"], name=name)
    if "memory" in PARTS:
        bench.tell("memory", f"memory of an open https session, KiB (slope from {OPEN[0]} to {OPEN[1]} sessions)", ways[1:])
    if "rate" in PARTS:
        bench.tell("rate", f"rate of {MEGABYTES} MB of output in strings of 100 kB, MB/s", ways, inverse=False)
    if "lines" in PARTS:
        bench.tell("lines", f"rate of {MEGABYTES / 10} MB of output in lines of 100 bytes, MB/s", ways, inverse=False)
    print(f"\nraw data: {RAW}")


main()
