#!/usr/bin/env python3
"""Runs a program at a terminal and prints what that shows meanwhile, as an emulator of terminals (pyte) sees it.

usage: progress_screen.py PLAN COMMAND ARGUMENT...

PLAN is JSON: "columns" and "rows" of the terminal; "resize", a list of [seconds, columns, rows]; "signal", [seconds, name];
"piped", whether standard error goes to a file instead; "term", what TERM says. Prints JSON: each different bottom line that the screen had
("lines"), what it showed at last ("screen"), how often a line was drawn ("draws") and the most in one second ("fastest"),
what went past the terminal ("errors"), and the program's status ("status"; 128 and a signal's number where one ended it).
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

import pyte

PATIENCE = 60.0


def main() -> None:
    plan = json.loads(sys.argv[1])
    columns, rows = plan["columns"], plan["rows"]
    master, slave = pty.openpty()
    # A program of a terminal's own reads its size when it wants to: nothing has to be drawn anew on this side.
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    errors = tempfile.TemporaryFile()
    program = subprocess.Popen(
        sys.argv[2:],
        stdin=slave,
        stdout=slave,
        stderr=errors if plan.get("piped") else slave,
        start_new_session=True,
        env={**os.environ, "TERM": plan.get("term", "xterm")},
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    began = time.monotonic()
    resizes = list(plan.get("resize") or [])
    kill = plan.get("signal")
    lines: list[str] = []
    draws: list[float] = []
    os.close(slave)
    while time.monotonic() - began < PATIENCE:
        now = time.monotonic() - began
        if resizes and now >= resizes[0][0]:
            _, columns, rows = resizes.pop(0)
            fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            screen.resize(rows, columns)
        if kill and now >= kill[0]:
            program.send_signal(getattr(signal, kill[1]))
            kill = None
        if not select.select([master], [], [], 0.02)[0]:
            if program.poll() is not None:
                break
            continue
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        draws += [now] * data.count(b"\x1b[J\r")
        stream.feed(data)
        shown = [line.rstrip() for line in screen.display if line.strip()]
        if shown and (not lines or lines[-1] != shown[-1]):
            lines.append(shown[-1])
    status = program.wait(timeout=PATIENCE)
    errors.seek(0)
    fastest = max((sum(1 for other in draws if 0 <= other - draw < 1) for draw in draws), default=0)
    print(
        json.dumps(
            {
                "lines": lines,
                "screen": [line.rstrip() for line in screen.display if line.strip()],
                "draws": len(draws),
                "fastest": fastest,
                "errors": errors.read().decode(),
                "status": status if status >= 0 else 128 - status,
            }
        )
    )


if __name__ == "__main__":
    main()
