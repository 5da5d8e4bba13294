"""A session at the endpoint up to its first output: CPU, resident memory, its share of that (a page that several processes
have counts once) and memory of its own, the guard and the shells included; psrun-endpoint beside `psrun endpoint`, and beside another build of it where BASE names one. The client is
pypsrp's psrp."""
import asyncio
import glob
import os
import pathlib
import statistics
import sys

import psrp

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Peers"))
import pypsrp_client  # noqa: E402

ROUNDS = 1 if os.environ.get("SHORT") else 15
MEMORY = {"Rss": "resident", "Pss": "as its share", "Private_Dirty": "its own"}


def descendants(root):
    children = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            parent = int(pathlib.Path(path).read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(path.split("/")[2]))
    found, waiting = [], [root]
    while waiting:
        waiting += children.get(process := waiting.pop(), [])
        found.append(process)
    return found[1:]


def milliseconds(process):
    threads = glob.glob(f"/proc/{process}/task/*/schedstat")
    return sum(int(pathlib.Path(thread).read_text().split()[0]) for thread in threads) / 1e6


def kibibytes(process, what):
    lines = pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what + ":"))


async def session(command):
    process = psrp.ProcessInfo(executable=command[0], arguments=command[1:])
    async with psrp.AsyncRunspacePool(process, host=pypsrp_client.Host()) as pool:
        shell = psrp.AsyncPowerShell(pool)
        shell.add_script("echo hi")
        shell.add_command("Out-Default")
        await shell.invoke()
        processes = descendants(os.getpid())
        return [sum(map(milliseconds, processes))] + [sum(kibibytes(p, key) for p in processes) for key in MEMORY]


def main():
    commands = {
        "psrun-endpoint": [str(ROOT / ".build/endpoint/release/psrun-endpoint")],
        "psrun endpoint": [os.environ["PSRUN"], "endpoint"],
    }
    if base := os.environ.get("BASE"):
        commands["the other build"] = [base, "endpoint"]
    seen = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            seen[name].append(asyncio.run(session(command)))
    for name, rounds in seen.items():
        cpu, *memory = (statistics.median(values) for values in zip(*rounds))
        kinds = ", ".join(f"{size:.0f} KiB {kind}" for size, kind in zip(memory, MEMORY.values()))
        print(f"{name}: {cpu:.1f} ms of CPU, {kinds} (medians of {ROUNDS})")


main()
