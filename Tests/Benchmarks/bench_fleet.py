"""One line on many hosts: psrun beside pypsrp (both through the endpoint), beside a libssh client in C that sends psrun's
own bytes, and beside what runs a command over SSH: OpenSSH under xargs (two key exchanges), asyncssh, ParallelSSH, clush,
pdsh and ansible raw. At fan-outs and round trips (a relay in user space), interleaved, medians and ranges:

  sessions per second, client CPU a session, the client's own memory (anonymous, all of its processes) for each session
  beyond the first, and round trips a session (how the time of one after another grows with the delay).

ROUNDS (7), FANOUTS (1,32,128), DELAYS (0,50,100; milliseconds of a round trip) and CLIENTS (all) say how much. Raw data: .build/bench-fleet.jsonl
"""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import fleet_sshd
import libssh_floor

SHORT = bool(os.environ.get("SHORT"))
HERE = pathlib.Path(__file__).resolve().parent
RAW = HERE.parents[1] / ".build" / "bench-fleet.jsonl"


def numbers(name, usual, short):
    return [int(word) for word in os.environ.get(name, short if SHORT else usual).split(",")]


ROUNDS = numbers("ROUNDS", "7", "1")[0]
FANOUTS = numbers("FANOUTS", "1,32,128", "1,3")
DELAYS = numbers("DELAYS", "0,50,100", "0,10")
PYTHON = sys.executable


def hosts(count):
    return [f"127.1.{index // 200}.{index % 200 + 1}" for index in range(count)]


def count_of(fanout):
    """One after another takes long; a fan-out has to be used twice, so that it matters."""
    return 4 if fanout == 1 else 2 * fanout


class Clients:
    """The command line of each client, and what it reads."""

    def __init__(self, server, floor, folder):
        self.server, self.floor, self.folder = server, floor, pathlib.Path(folder)
        self.playbook = self.folder / "one.sh"
        self.playbook.write_text("echo first-output\n")
        (self.folder / "ansible.cfg").write_text(
            "[defaults]\nhost_key_checking = False\n[ssh_connection]\n"
            f"ssh_args = -F {server.ssh_config} -o ControlMaster=no\n")

    def options(self, port, exchange="curve25519-sha256"):
        return ["-F", str(self.server.ssh_config), "-i", str(self.server.key), "-p", str(port), "-l", self.server.user,
                "-o", f"KexAlgorithms={exchange}"]

    def psrun(self, port, names, fanout):
        command = [fleet_sshd.PROGRAM, self.playbook, "--any-shell", "--ssh-config", self.server.ssh_config,
                   "-KeyFilePath", self.server.key, "-Port", str(port), "-UserName", self.server.user,
                   "--fanout", str(fanout), "--format", "jsonl", "--recordings", self.folder / "recordings"]
        return command + ["--host", ",".join(names)], ""

    def libssh(self, port, names, fanout):
        return self.floor.command(self.server, len(names), fanout, port), ""

    def pypsrp(self, port, names, fanout):
        return [PYTHON, HERE / "pypsrp_fleet.py", str(port), self.server.key, self.server.user, str(fanout), "1",
                *names], ""

    def ssh(self, port, names, fanout, exchange="curve25519-sha256"):
        command = ["xargs", "-P", str(fanout), "-I{}", "ssh", "-n", *self.options(port, exchange), "{}",
                   "echo first-output"]
        return command, "\n".join(names)

    def ssh_sntrup(self, port, names, fanout):
        return self.ssh(port, names, fanout, "sntrup761x25519-sha512@openssh.com")

    def asyncssh(self, port, names, fanout):
        return self.library("asyncssh", port, names, fanout)

    def parallel_ssh(self, port, names, fanout):
        return self.library("pssh", port, names, fanout)

    def library(self, name, port, names, fanout):
        return [PYTHON, HERE / "exec_fleet.py", name, str(port), self.server.key, self.server.user, str(fanout),
                *names], ""

    def clush(self, port, names, fanout):
        options = " ".join(self.options(port))
        return [shutil.which("clush", path=os.path.dirname(PYTHON)), "-f", str(fanout), "-w", ",".join(names), "-o",
                options, "echo first-output"], ""

    def pdsh(self, port, names, fanout):
        arguments = " ".join(self.options(port)) + " %h"
        return ["env", f"PDSH_SSH_ARGS={arguments}", "pdsh", "-R", "ssh", "-f", str(fanout), "-w", ",".join(names),
                "echo first-output"], ""

    def ansible(self, port, names, fanout):
        program = shutil.which("ansible", path=os.path.dirname(PYTHON))
        return ["env", f"ANSIBLE_CONFIG={self.folder / 'ansible.cfg'}", f"HOME={self.folder}", program, "all", "-i",
                ",".join(names) + ",", "-m", "raw", "-a", "echo first-output", "-f", str(fanout), "-u",
                self.server.user, "--private-key", str(self.server.key), "-e", f"ansible_port={port}"], ""


NAMES = os.environ.get("CLIENTS", "psrun,libssh,pypsrp,ssh,ssh_sntrup,asyncssh,parallel_ssh,clush,pdsh,ansible").split(",")


class Memory(threading.Thread):
    """The greatest anonymous memory of a process and all that it has started, in KiB."""

    def __init__(self, root):
        super().__init__(daemon=True)
        self.root, self.greatest, self.is_over = root, 0, False
        self.start()

    def run(self):
        while not self.is_over:
            self.greatest = max(self.greatest, self.now())
            time.sleep(0.05)

    def now(self):
        total, waiting = 0, [self.root]
        while waiting:
            process = waiting.pop()
            try:
                resident, shared = map(int, pathlib.Path(f"/proc/{process}/statm").read_text().split()[1:3])
                total += (resident - shared) * 4
                for task in os.listdir(f"/proc/{process}/task"):
                    children = pathlib.Path(f"/proc/{process}/task/{task}/children")
                    waiting += map(int, children.read_text().split())
            except OSError:
                continue
        return total


def measure(command, text, count, is_floor):
    with tempfile.TemporaryFile() as answers, tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as asked:
        asked.write(text.encode())
        asked.seek(0)
        began = time.monotonic()
        child = subprocess.Popen([str(word) for word in command], stdin=asked, stdout=answers, stderr=errors)
        memory = Memory(child.pid)
        _, status, usage = os.wait4(child.pid, 0)
        took = time.monotonic() - began
        memory.is_over = True
        memory.join()
        answers.seek(0)
        errors.seek(0)
        # The least client throws away what comes, and fails where it is not what it has to be.
        text = answers.read()
        answered = count if is_floor else sum(b"first-output" in line for line in text.splitlines())
        assert status == 0 and answered >= count, f"{command[:4]}: {status}: {text[-1000:]} {errors.read()[-1000:]}"
    return {"seconds": took, "cpu": usage.ru_utime + usage.ru_stime, "memory": memory.greatest}


def start_relay(port, target, milliseconds):
    relay = subprocess.Popen([PYTHON, HERE / "delay_relay.py", str(port), str(target), str(milliseconds / 1000)],
                             stdout=subprocess.PIPE)
    relay.stdout.readline()
    return relay


def shown(values, digits=1):
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def tell(seen):
    def values(name, fanout, delay, what):
        return [what(entry) for entry in seen if (entry["client"], entry["fanout"], entry["delay"]) == (name, fanout, delay)]

    for delay in DELAYS:
        for fanout in FANOUTS:
            count = count_of(fanout)
            print(f"\nfan-out {fanout}, {delay} ms of round trip, {count} sessions, {ROUNDS} rounds: median (range)")
            for name in NAMES:
                rate = values(name, fanout, delay, lambda entry: count / entry["seconds"])
                cpu = values(name, fanout, delay, lambda entry: entry["cpu"] / count * 1000)
                memory = values(name, fanout, delay, lambda entry: entry["memory"])
                line = f"  {name:12} {shown(rate)} sessions/s, {shown(cpu)} ms of CPU"
                if fanout > 1 and 1 in FANOUTS:
                    first = statistics.median(values(name, 1, delay, lambda entry: entry["memory"]))
                    line += f", {(statistics.median(memory) - first) / (fanout - 1):.0f} KiB a session"
                print(line)
    if len(DELAYS) > 1 and 1 in FANOUTS:
        near, far = sorted(DELAYS)[-2:]
        print(f"\nround trips of a session, its start aside (slope from {near} to {far} ms)")
        for name in NAMES:
            times = [statistics.median(values(name, 1, delay, lambda entry: entry["seconds"])) for delay in (near, far)]
            print(f"  {name:12} {(times[1] - times[0]) * 1000 / (far - near) / count_of(1):.1f}")


def main():
    fleet_sshd.enter_own_network()
    seen = []
    RAW.parent.mkdir(exist_ok=True)
    with fleet_sshd.server() as server, tempfile.TemporaryDirectory() as folder, open(RAW, "w") as raw:
        floor = libssh_floor.Floor(folder)
        clients = Clients(server, floor, folder)
        with fleet_sshd.server(floor.subsystem, port=22023) as recording:
            command, _ = Clients(recording, floor, recording.folder).psrun(recording.port, hosts(1), 1)
            subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
        relays = {delay: start_relay(23000 + delay, server.port, delay) for delay in DELAYS if delay}
        try:
            for turn in range(ROUNDS):
                for delay in DELAYS:
                    port = 23000 + delay if delay else server.port
                    for fanout in FANOUTS:
                        count = count_of(fanout)
                        for name in NAMES:
                            command, text = getattr(clients, name)(port, hosts(count), fanout)
                            entry = {"round": turn, "client": name, "fanout": fanout, "delay": delay, "sessions": count}
                            entry |= measure(command, text, count, name == "libssh")
                            seen.append(entry)
                            print(json.dumps(entry), file=raw, flush=True)
        finally:
            for relay in relays.values():
                relay.terminate()
                relay.wait()
    tell(seen)
    print(f"\nraw data: {RAW}")


main()
