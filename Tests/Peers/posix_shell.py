"""One POSIX shell that keeps its state from script to script. Standard library only."""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import signal
import subprocess

INCOMPLETE = re.compile(r"end of file unexpected|Unterminated|EOF in|unexpected EOF|unexpected end of file", re.I)


def syntax_error(script: str) -> tuple[bool, str] | None:
    """What `sh -n` says against a script: (whether more input could mend it, its words); None where it parses."""
    check = subprocess.run(["/bin/sh", "-n", "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if check.returncode == 0:
        return None
    return bool(INCOMPLETE.search(check.stderr)), check.stderr.strip()


class PosixShell:
    """`/bin/sh` reading scripts from a pipe; it says on a descriptor of its own when each has ended."""

    def __init__(self) -> None:
        status_read, status_write = os.pipe()
        self.process = subprocess.Popen(
            ["/bin/sh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[status_write],
            start_new_session=True,
        )
        os.close(status_write)
        self.status = status_read
        self.status_out = status_write
        self.last_status = 0
        for descriptor in (self.out, self.err, self.status):
            fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_NONBLOCK)

    @property
    def out(self) -> int:
        return self.process.stdout.fileno()

    @property
    def err(self) -> int:
        return self.process.stderr.fileno()

    def run(self, script: str) -> None:
        """Begins a script; its end is one line with `$?` and the working folder on `status`."""
        line = f"eval {shlex.quote(script)} </dev/null; printf '%s %s\\n' \"$?\" \"$PWD\" >&{self.status_out}\n"
        self.process.stdin.write(line.encode("utf-8", "surrogatepass"))
        self.process.stdin.flush()

    def stop(self) -> None:
        """Ends what the shell runs, and the shell with it."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        if self.process.poll() is None:
            self.stop()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                stream.close()
            except BrokenPipeError:
                pass
        os.close(self.status)
