"""Replay and follow: how soon a new process shows the first frame of one host out of 10,000, beside `asciinema play` of
the same session; what a seek costs in a session of an hour; and how far `follow` is behind the host.

    bench_replay.py [start|seek|follow]...

SHORT=1 makes it a matter of seconds; SEED (default 1) draws the places that are sought."""
import fcntl
import os
import pathlib
import random
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

PSRUN = os.environ["PSRUN"]
HERE = pathlib.Path(__file__).parent
SHORT = bool(os.environ.get("SHORT"))
SEED = int(os.environ.get("SEED", 1))
FRAME_END = b"\x1b[?2026l"


class Terminal:
    """A program on a pseudo-terminal of 120 columns and 50 rows."""

    def __init__(self, arguments, environment=None):
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 120, 0, 0))
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            arguments, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env=dict(os.environ, TERM="xterm-256color", **(environment or {})),
        )
        os.close(slave)

    def until(self, wanted, seconds=120):
        """Milliseconds until that has come."""
        began, seen = self.began, b""
        while wanted not in seen:
            assert select.select([self.master], [], [], seconds)[0], f"{wanted!r} did not come: {seen[-300:]!r}"
            seen = seen[-256:] + os.read(self.master, 1 << 16)
        return (time.perf_counter() - began) * 1000

    def press(self, keys, wanted=FRAME_END):
        self.began = time.perf_counter()
        os.write(self.master, keys)
        return self.until(wanted)

    def end(self):
        """Ends it, and gives the milliseconds of CPU that it took."""
        os.kill(self.process.pid, signal.SIGTERM)  # not terminate(), which would reap it
        while True:
            try:
                if not os.read(self.master, 1 << 16):
                    break
            except OSError:
                break
        usage = os.wait4(self.process.pid, 0)[2]
        self.process.returncode = 0
        os.close(self.master)
        return (usage.ru_utime + usage.ru_stime) * 1000


def told(times):
    times = sorted(times)
    return f"median {statistics.median(times):.1f} ms, least {times[0]:.1f}, most {times[-1]:.1f}"


def record(folder, targets, lines, night, spacing=1):
    """Makes the run of one night (its number counts days) and gives its folder."""
    program = subprocess.run([HERE / "build.sh", "RecordingBenchmark"], check=True, stdout=subprocess.PIPE, text=True)
    command = [program.stdout.strip(), folder / "r", *map(str, (targets, lines, night, spacing))]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return max((folder / "r").glob("*Z-*"), key=lambda run: run.stat().st_mtime)


def start(folder):
    targets = 60 if SHORT else 10_000
    run = record(folder, targets, 185, night=0)
    host = f"web{targets * 2 // 3}.example.org"
    cast = folder / "one.cast"
    with open(cast, "wb") as file:
        members = subprocess.run(["tar", "--zstd", "-tf", run / "run.tar.zst"], capture_output=True, text=True, check=True)
        name = next(name for name in members.stdout.split() if host in name)
        subprocess.run(["tar", "--zstd", "-xOf", run / "run.tar.zst", name], stdout=file, check=True)
    replay = [PSRUN, "replay", f"{run}/", "--host", host]
    programs = {
        "psrun replay": (replay, FRAME_END),
        "psrun replay --no-access-log": (replay + ["--no-access-log"], FRAME_END),
        "psrun --version": ([PSRUN, "--version"], b"psrun"),
        "asciinema play": (["asciinema", "play", str(cast)], b"Get-Service"),
    }
    shown, worked = {name: [] for name in programs}, {name: [] for name in programs}
    for _ in range(1 if SHORT else 21):
        for name, (command, wanted) in programs.items():
            terminal = Terminal(command)
            shown[name].append(terminal.until(wanted))
            worked[name].append(terminal.end())
    for name in programs:
        print(f"first frame, one host of {targets}, {name}: {told(shown[name])}; CPU {statistics.median(worked[name]):.1f} ms")


def seek(folder):
    seeks_each = 5 if SHORT else 300
    for night, (lines, spacing) in enumerate(((3_600, 1_000), (6_000 if SHORT else 1_000_000, 4)), start=1):
        run = record(folder, 1, lines, night, spacing)
        player = Terminal([PSRUN, "replay", f"{run}/", "--no-access-log"])
        opened = player.until(FRAME_END)
        player.press(b" ")
        length = lines * spacing // 1_000
        choice = random.Random(SEED)
        # Sizes are changed too: the first seek after a change lays everything out anew.
        seeks = [player.press(f":{choice.randrange(length)}s\r\x0c".encode(), b"\x1b[2J") for _ in range(seeks_each)]
        with open(f"/proc/{player.process.pid}/status") as status:
            memory = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
        search = player.press(b"/Name .*nothing that is there\r", b"Not found")
        player.end()
        print(
            f"{lines} lines in {length} s: opened in {opened:.0f} ms, {memory} MB at most; "
            f"{seeks_each} seeks at random (SEED={SEED}): {told(seeks)}; a pattern that is nowhere: {search:.0f} ms"
        )


def follow(folder):
    lines, first = (10, 2) if SHORT else (100, 20)
    playbook = folder / "slow.sh"
    playbook.write_text(f'i=0; while [ $i -lt {lines} ]; do echo "at $(date +%s%N)"; sleep 0.05; i=$((i+1)); done\n')
    recordings = folder / "followed"
    run = subprocess.Popen([PSRUN, playbook, "--recordings", recordings], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not list(recordings.glob("*/journal")):
        time.sleep(0.02)
    follower = subprocess.Popen([PSRUN, "follow", "--recordings", recordings], stdout=subprocess.PIPE)
    behind = []
    for line in follower.stdout:
        now = time.time_ns()
        if line.startswith(b"at "):
            behind.append((now - int(line.split()[1])) / 1e6)
    run.communicate()
    assert follower.wait() == run.returncode == 0 and len(behind) == lines
    # What came before follow was started is no measure.
    print(f"follow is behind the host: {told(behind[first:])}")


def main():
    wanted = sys.argv[1:] or ["start", "seek", "follow"]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "r").mkdir()
        for name in wanted:
            {"start": start, "seek": seek, "follow": follow}[name](folder)


main()
