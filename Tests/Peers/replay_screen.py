"""Plays a recording with `psrun replay` on a pseudo-terminal, presses keys at random, and compares each screen with that of
a terminal to which the session was sent straight up to that moment.

    replay_screen.py PSRUN RUN_FOLDER SEED KEYS

Two terminals of pyte's stand for real ones: one shows what the player paints, one what the far side sent.
"""

import fcntl
import json
import os
import random
import re
import select
import struct
import subprocess
import sys
import termios
import time

import pyte
from wcwidth import wcwidth

SGR = re.compile(r"\x1b\[[0-9;:]*m")


class Straight(pyte.Screen):
    """A terminal that puts a wide character into the next row where the last cell alone is left, as xterm does, and that a
    tab does not bring back from the end of a full row, as VTE's: no character is lost under another."""

    def tab(self):
        if self.cursor.x < self.columns:
            super().tab()

    def draw(self, data):
        for character in data:
            if wcwidth(character) == 2 and self.cursor.x == self.columns - 1:
                self.cursor.x = self.columns
            super().draw(character)


def presentable(text):
    """What psrun shows of a far side's text: SGR sequences, tabs and line ends stay, other controls are spelt out."""
    shown, place = "", 0
    text = text.replace("\r\n", "\n")
    while place < len(text):
        colour = SGR.match(text, place)
        if colour:
            shown += colour.group()
            place = colour.end()
            continue
        character = text[place]
        control = character < " " and character not in "\n\t"
        shown += "^" + chr(ord(character) + 64) if control else character
        place += 1
    return shown


class Session:
    """The recording as its asciicast tells it."""

    def __init__(self, folder):
        archive = os.path.join(folder, "run.tar.zst")
        names = subprocess.run(["tar", "--zstd", "-tf", archive], check=True, capture_output=True, text=True).stdout
        entry = next(name for name in names.split() if name.endswith(".cast"))
        text = subprocess.run(["tar", "--zstd", "-xOf", archive, entry], check=True, capture_output=True).stdout
        events = [json.loads(line) for line in text.decode().splitlines()[1:]]
        self.pieces, self.times, self.steps = [], [], []
        for at, code, data in events:
            at = round(at * 1_000_000)
            if code == "o" and data:
                self.pieces.append(presentable(data))
                self.times.append(at)
            elif code == "m":
                self.steps.append([at, len(self.pieces)])
            elif code == "i":
                self.steps[-1][1] = len(self.pieces)
            self.duration = at

    def screen(self, shown, columns, rows):
        screen = Straight(columns, rows)
        stream = pyte.Stream(screen)
        stream.feed("".join(self.pieces[:shown]).replace("\n", "\r\n"))
        return cells(screen, rows)

    def shown(self, at):
        return sum(time <= at for time in self.times)


def cells(screen, rows):
    return [[screen.buffer[row][column] for column in range(screen.columns)] for row in range(rows)]


class Player:
    """psrun on a pseudo-terminal of its own."""

    def __init__(self, arguments, columns=80, rows=24, waits=True):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.frames = 0
        master, slave = os.openpty()
        self.master = master
        self.size(columns, rows)
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        environment = dict(os.environ, TERM="xterm-256color")
        environment.pop("NO_COLOR", None)
        self.process = subprocess.Popen(
            arguments,
            stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self.output = b""
        if waits:
            self.wait(1)

    def size(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        self.size(columns, rows)
        self.wait(self.frames + 1)

    def press(self, keys):
        """Presses keys, and then Ctrl-L, which paints all of the screen again."""
        os.write(self.master, keys.encode() + b"\x0c")
        self.wait(self.frames + 1)

    def wait(self, frames):
        """Reads until so many whole screens were painted, and the last of them to its end."""
        until = time.monotonic() + 20
        while self.frames < frames or not self.output.endswith(b"\x1b[?2026l"):
            assert time.monotonic() < until, f"no frame came; so far: {self.output[-400:]!r}"
            if select.select([self.master], [], [], 1)[0]:
                self.read()

    def read(self):
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        self.output += data
        self.frames = self.output.count(b"\x1b[2J")
        self.stream.feed(data)
        return data

    def end(self):
        """Reads what comes until psrun ends; gives its status, and whether the terminal is as it was."""
        until = time.monotonic() + 20
        while (ready := select.select([self.master], [], [], 0.1)[0]) or self.process.poll() is None:
            assert time.monotonic() < until, f"psrun does not end; so far: {self.output[-400:]!r}"
            if ready:
                self.read()
        return self.process.wait(), termios.tcgetattr(self.slave) == self.before


def seek(session, place, kind, value):
    """Where a key leads: the moment, and how many pieces are shown then."""
    at, shown = place
    if kind == "time":
        at = max(0, min(value, session.duration))
        return at, session.shown(at)
    if kind == "piece":
        shown = max(0, min(value, len(session.pieces)))
        return (session.times[shown - 1] if shown else 0), shown
    moment, pieces = session.steps[value]
    return max(moment, session.times[pieces - 1] if pieces else 0), pieces


def random_move(session, place, choice):
    """A key, or several, and where they lead."""
    at, shown = place
    kind = choice.choice([".", ",", "]", "[", "right", "left", "time", "step", "g", "G", "clock"])
    if kind == ".":
        return ".", seek(session, place, "piece", shown + 1)
    if kind == ",":
        return ",", seek(session, place, "piece", shown - 1)
    if kind in "][":
        later = [n for n, step in enumerate(session.steps) if step[1] > shown]
        earlier = [n for n, step in enumerate(session.steps) if step[1] < shown]
        if kind == "]":
            ending = ("step", later[0]) if later else ("time", session.duration)
            return choice.choice(["]", "\x1b[B", "\x1b[6~"]), seek(session, place, *ending)
        ending = ("step", earlier[-1]) if earlier else ("piece", 0)
        return choice.choice(["[", "\x1bOA", "\x1b[5~"]), seek(session, place, *ending)
    if kind in ("right", "left"):
        move = 5_000_000 if kind == "right" else -5_000_000
        return "\x1b[C" if move > 0 else "\x1b[D", seek(session, place, "time", at + move)
    if kind == "step":
        number = choice.randrange(len(session.steps))
        return choice.choice(["", ":"]) + f"{number + 1}\r", seek(session, place, "step", number)
    if kind == "g":
        return choice.choice(["g", "\x1b[H"]), seek(session, place, "piece", 0)
    if kind == "G":
        return choice.choice(["G", "\x1b[F"]), seek(session, place, "time", session.duration)
    milliseconds = choice.randrange(session.duration // 1000 + 500)
    typed = f":{milliseconds}ms\r" if kind == "time" else f":0:{milliseconds / 1000:.3f}\r"
    return typed, seek(session, place, "time", milliseconds * 1000)


def main():
    program, folder, seed, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    choice = random.Random(seed)
    session = Session(folder)
    columns, rows = 80, 24
    player = Player([program, "replay", folder + "/"], columns, rows)
    player.press(" g")
    place = (0, 0)
    for number in range(count):
        keys = "resize"
        if choice.random() < 0.2:
            columns, rows = choice.randrange(2, 140), choice.randrange(2, 50)
            player.resize(columns, rows)
            player.press("")
        else:
            keys, place = random_move(session, place, choice)
            player.press(keys)
        wanted = session.screen(place[1], columns, rows - 1)
        seen = cells(player.screen, rows)
        for row in range(rows - 1):
            if seen[row] != wanted[row]:
                line = ["".join(cell.data for cell in cells[row]) for cells in (seen, wanted)]
                differing = [(a, b) for a, b in zip(seen[row], wanted[row]) if a != b][:2]
                sys.exit(
                    f"seed {seed}, key {number} ({keys!r}), {place[1]} of {len(session.pieces)} pieces, {columns}x{rows}, "
                    f"row {row}:\n{line[0]!r} is seen\n{line[1]!r} is wanted\n{differing}"
                )
    os.write(player.master, b"q")
    status, restored = player.end()
    assert status == 0, f"psrun ended with {status}"
    assert restored, "the terminal's settings are not what they were"
    assert player.output.endswith(b"\x1b[?7h\x1b[?25h\x1b[?1049l"), player.output[-80:]
    print(f"{count} screens of {len(session.pieces)} pieces and {len(session.steps)} steps are right")


if __name__ == "__main__":
    main()
