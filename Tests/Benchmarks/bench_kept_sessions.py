"""A run of one line through a kept session against one that opens its session anew, at a round trip of 50 ms, in turns: the
time until the session is open, the session's, and that of the whole program from its start to its end; and the processor time
of psrun, of the broker and of what carries the session, each by itself, and of the broker where many more are kept."""
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import fleet_sshd
from delay_relay import DelayRelay

ROUND_TRIP = 0.05
# SHORT=1 measures a few: it shows that both have their output.
OTHERS = 2 if os.environ.get("SHORT") else 100
TIMES = 3 if os.environ.get("SHORT") else 15
PHASES_OF_OPENING = "resolve tcp banner kex host_key auth channel subsystem session psrp_open".split()


def run(command, environment):
    """A run's report, its processor time and how long it took, both in milliseconds."""
    began = time.monotonic()
    reading, writing = os.pipe()
    process = subprocess.Popen(command, stdout=writing, stderr=subprocess.DEVNULL, env=environment)
    os.close(writing)
    with os.fdopen(reading) as output:
        text = output.read()
    _, status, usage = os.wait4(process.pid, 0)
    report = json.loads(text)
    took = (time.monotonic() - began) * 1000
    assert status == 0 and report["targets"][0]["steps"][0]["output"] == "output\n", text
    return report["targets"][0], (usage.ru_utime + usage.ru_stime) * 1000, took


def processor_time(process):
    """Of all threads, in milliseconds."""
    threads = pathlib.Path(f"/proc/{process}/task").iterdir()
    return sum(int(thread.joinpath("schedstat").read_text().split()[0]) for thread in threads) / 1e6


def starting(environment):
    """The processor time of a psrun that only begins and ends, in milliseconds."""
    process = subprocess.Popen([fleet_sshd.PROGRAM, "--version"], stdout=subprocess.DEVNULL, env=environment)
    _, _, usage = os.wait4(process.pid, 0)
    return (usage.ru_utime + usage.ru_stime) * 1000


def brokers(folder):
    """The broker of that folder, and what carries its sessions."""
    for process in pathlib.Path("/proc").iterdir():
        try:
            words = process.joinpath("cmdline").read_bytes().split(b"\0")
        except (OSError, NotADirectoryError):
            continue
        if words[1:3] == [b"--session-broker", f"{folder}/psrun".encode()]:
            children = pathlib.Path(f"/proc/{process.name}/task/{process.name}/children").read_text().split()
            return [process.name, *children]
    raise AssertionError("no broker")


def main():
    fleet_sshd.enter_own_network()
    with fleet_sshd.server() as server, tempfile.TemporaryDirectory() as folder:
        relay = DelayRelay(22024, server.port)
        relay.round_trip = ROUND_TRIP
        environment = os.environ | {"XDG_RUNTIME_DIR": folder}
        target = ["--ssh-config", server.ssh_config, "-KeyFilePath", server.key, "--host",
                  f"{server.user}@127.0.0.1:22024"]
        line = [fleet_sshd.PROGRAM, "-c", "echo output", "--format", "json", "--recordings", folder + "/recordings"]
        opener = [fleet_sshd.PROGRAM, "session", "open", "kept", *target]
        subprocess.run(opener, check=True, env=environment, stdout=subprocess.DEVNULL)
        anew, kept = [], []
        processes = brokers(folder)
        # The first visit meets a broker that has just begun.
        run([*line, "-Name", "kept"], environment)
        before = [processor_time(process) for process in processes]
        for _ in range(TIMES):
            kept.append(run([*line, "-Name", "kept"], environment))
            anew.append(run([*line, *target], environment))
        held = [(processor_time(process) - time) / TIMES for process, time in zip(processes, before)]
        for number in range(OTHERS):
            subprocess.run([fleet_sshd.PROGRAM, "session", "open", f"other{number}"], check=True, env=environment,
                           stdout=subprocess.DEVNULL)
        alone = processor_time(processes[0])
        for _ in range(TIMES):
            run([*line, "-Name", "kept"], environment)
        among = (processor_time(processes[0]) - alone) / TIMES
        plain = statistics.median(starting(environment) for _ in range(TIMES))
        subprocess.run([fleet_sshd.PROGRAM, "session", "close", "--all"], check=True, env=environment)

        def median(runs, measure):
            return statistics.median(measure(*run) for run in runs)

        def opening(target, *_):
            return sum(target["phases_us"].get(phase) or 0 for phase in PHASES_OF_OPENING) / 1000

        figures = [
            ("until the session is open, ms", opening),
            ("the session, ms", lambda target, *_: target["duration_us"] / 1000),
            ("the whole program, ms", lambda _, processor, took: took),
            ("psrun's processor time, ms", lambda _, processor, took: processor),
        ]
        print(f"a kept session at {ROUND_TRIP * 1000:.0f} ms of round trip (medians of {TIMES})")
        for name, measure in figures:
            new, old = median(anew, measure), median(kept, measure)
            print(f"  {name:32} anew {new:7.1f}   kept {old:7.1f}   ratio {new / old:6.1f}")
        print(f"  processor time for one visit, ms: the broker {held[0]:.2f}, the carrier {held[1]:.2f}, "
              f"together {sum(held):.2f}")
        print(f"  the same of the broker with {OTHERS} more sessions kept: {among:.2f}")
        print(f"  processor time of a psrun that does nothing (--version), ms: {plain:.1f}")


main()
