"""Ten thousand targets in one run, three lines each, recorded, over a simulated far side: another process, behind a Unix
socket. Seconds, CPU and the greatest memory; and what each session beyond the first takes of memory while all are open."""
import os
import pathlib
import subprocess
import tempfile
import time

TARGETS, AT_ONCE = (40, 20) if os.environ.get("SHORT") else (10_000, 1_000)


def run(program, socket, targets, at_once):
    """Returns seconds, CPU seconds, and the greatest resident memory in KiB."""
    with tempfile.TemporaryDirectory() as recordings:
        began = time.monotonic()
        child = subprocess.Popen([program, "run", socket, str(targets), str(at_once), recordings])
        _, status, usage = os.wait4(child.pid, 0)
        assert status == 0, status
        return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def main():
    build = pathlib.Path(__file__).with_name("build.sh")
    program = subprocess.run([build, "ScaleBenchmark"], stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        socket = os.path.join(folder, "far")
        server = subprocess.Popen([program, "serve", socket])
        try:
            while not os.path.exists(socket):
                time.sleep(0.01)
            _, _, first = run(program, socket, 1, 1)
            _, _, many = run(program, socket, AT_ONCE, AT_ONCE)
            seconds, cpu, greatest = run(program, socket, TARGETS, 64)
        finally:
            server.terminate()
            server.wait()
    print(f"{TARGETS} targets, 64 at once: {seconds:.1f} s, {cpu:.1f} s of CPU, at most {greatest / 1024:.0f} MiB")
    print(f"{AT_ONCE} sessions at once: {(many - first) / (AT_ONCE - 1):.1f} KiB for each beyond the first "
          f"({first / 1024:.1f} and {many / 1024:.1f} MiB)")


main()
