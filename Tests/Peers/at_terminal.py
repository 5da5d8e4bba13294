#!/usr/bin/env python3
"""Runs a program at a terminal of its own, and does there what a person would.

usage: at_terminal.py DIALOG COMMAND ARGUMENT...

DIALOG is a file of JSON: a list of what to wait for on the screen, behind what was waited for before, what to type then,
the name of a signal to send after that or null, and for how many seconds to think before. Prints what the screen showed, and after it, as a
line of JSON, whether the terminal's settings are what they were and what was typed and not read: a shell would read it.
Ends with the program's own status, 128 and the signal's number where one ended it, or 99 where a text does not come.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

PATIENCE = 30.0


class Terminal:
    def __init__(self, command: list[str]) -> None:
        self.master, self.slave = pty.openpty()
        self.settings = termios.tcgetattr(self.slave)
        self.shown = b""
        self.waited = 0
        self.program = subprocess.Popen(
            command,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def read(self, seconds: float) -> bool:
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        self.shown += os.read(self.master, 65536)
        return True

    def wait(self, wanted: bytes) -> bool:
        limit = time.monotonic() + PATIENCE
        while (place := self.shown.find(wanted, self.waited)) < 0:
            if time.monotonic() > limit or self.program.poll() is not None and not self.read(0):
                return False
            self.read(0.1)
        self.waited = place + len(wanted)
        return True

    def is_silent(self) -> bool:
        return not termios.tcgetattr(self.slave)[3] & termios.ECHO

    def end(self) -> int:
        limit = time.monotonic() + PATIENCE
        while self.program.poll() is None and time.monotonic() < limit:
            self.read(0.1)
        while self.read(0):
            pass
        if self.program.poll() is None:
            self.program.kill()
        status = self.program.wait()
        return status if status >= 0 else 128 - status

    def unread(self) -> str:
        """What the next who reads a line from the terminal gets besides an empty one."""
        settings = list(self.settings)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(self.slave, termios.TCSANOW, settings)
        os.write(self.master, b"\n")
        return os.read(self.slave, 4096).decode().removesuffix("\n")


def main() -> int:
    terminal = Terminal(sys.argv[2:])
    status = 0
    for wanted, typed, name, pause in json.loads(Path(sys.argv[1]).read_text()):
        if not terminal.wait(wanted.encode()):
            sys.stderr.write(f"{wanted!r} did not come\n")
            status = 99
            break
        # The terminal shows no longer what is typed a moment after a question for a secret stands there: a person is slower.
        limit = time.monotonic() + 1
        while not terminal.is_silent() and time.monotonic() < limit:
            time.sleep(0.01)
        limit = time.monotonic() + pause
        while (left := limit - time.monotonic()) > 0:
            terminal.read(min(left, 0.1))
        os.write(terminal.master, typed.encode())
        if name:
            time.sleep(0.3)
            terminal.program.send_signal(getattr(signal, name))
    if status:
        terminal.program.kill()
    status = terminal.end() if status == 0 else status
    restored = termios.tcgetattr(terminal.slave) == terminal.settings
    sys.stdout.buffer.write(terminal.shown)
    print("\n" + json.dumps({"restored": restored, "unread": terminal.unread()}))
    return status


if __name__ == "__main__":
    sys.exit(main())
