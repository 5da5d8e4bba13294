"""What `psrun replay` does to the terminal that it is started from: whatever ends or stops it, all is as it was before.

    replay_terminal.py PSRUN RUN_FOLDER DAMAGED_FOLDER RECOVERED_FOLDER
"""

import os
import select
import signal
import sys
import time

from replay_screen import Player

LEFT = b"\x1b[?7h\x1b[?25h\x1b[?1049l"


def ending(player, status, said=b""):
    """Waits for psrun's end, and looks at what it leaves."""
    ended, restored = player.end()
    assert ended == status, f"ended with {ended}, not {status}: {player.output[-300:]!r}"
    assert restored, "the terminal's settings are not what they were"
    assert player.output.count(b"\x1b[?1049h") == player.output.count(b"\x1b[?1049l"), player.output[-300:]
    after = player.output.rpartition(LEFT)[2]
    assert said in after if said else after == b"", f"left behind: {after!r}"


def keys_end_it(replay):
    for keys, status in (("q", 0), ("\x04", 0), ("\x03", 130), ("/typing\x03", 130), (":\x1b[Aq\x1bq", 0)):
        player = Player(replay)
        os.write(player.master, keys.encode())
        ending(player, status)


def signals_end_it(replay):
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        player = Player(replay)
        player.process.send_signal(number)
        ending(player, 128 + number)


def a_terminal_that_goes_away_ends_it(replay):
    player = Player(replay)
    os.close(player.slave)
    os.close(player.master)
    assert player.process.wait(timeout=10) in (0, 129), player.process.returncode


def targets_follow_each_other(replay):
    player = Player(replay)
    for keys, place in ((" \t", "2/2"), ("\t", "2/2"), ("\x1b[Z", "1/2"), ("}", "2/2"), ("{", "1/2")):
        player.press(keys)
        status = player.screen.display[-1]
        assert place in status, f"{keys!r}: {status}"
    os.write(player.master, b"q")
    ending(player, 0)


def until(player, wanted):
    """Reads until that stands behind what the last call waited for."""
    limit = time.monotonic() + 20
    while wanted not in player.output[player.seen:]:
        assert time.monotonic() < limit, f"{wanted!r} did not come: {player.output[player.seen:]!r}"
        if select.select([player.master], [], [], 1)[0]:
            player.read()
    player.seen = player.output.index(wanted, player.seen) + len(wanted)


def a_shell_stops_and_continues_it(replay):
    """Under a shell with job control: Ctrl-Z, the shell's own terminal in between, and on again."""
    player = Player(["bash", "--norc", "--noprofile", "-i"], waits=False)
    player.seen = 0
    os.write(player.master, b"PS1='re''ady> '; stty -a | grep -o '.icanon' > /dev/null\n")
    until(player, b"ready> ")
    for stop in (b"\x1a", b"signal"):
        os.write(player.master, " ".join(f"'{word}'" for word in replay).encode() + b"\n")
        until(player, b"\x1b[?2026l")
        os.write(player.master, b" ")
        if stop == b"signal":
            os.kill(child(player.process.pid), signal.SIGTSTP)
        else:
            os.write(player.master, stop)
        until(player, LEFT)
        until(player, b"ready> ")
        os.write(player.master, b"stty -a | grep -ow -e '-*icanon' -e '-*echo' | tr '\\n' ,; echo settings\n")
        until(player, b"icanon,echo,settings")
        until(player, b"ready> ")
        os.write(player.master, b"fg\n")
        until(player, b"\x1b[?1049h")
        until(player, b"? help")
        os.write(player.master, b"q")
        until(player, LEFT)
        until(player, b"ready> ")
    os.write(player.master, b"exit\n")
    player.process.wait(timeout=10)


def child(parent):
    with open(f"/proc/{parent}/task/{parent}/children") as children:
        return int(children.read().split()[0])


def what_is_damaged_is_not_shown(replay):
    player = Player(replay, waits=False)
    status, restored = player.end()
    assert (status, restored) == (1, True), (status, restored)
    assert b"is damaged" in player.output and b"\x1b[?1049h" not in player.output, player.output


def what_is_recovered_says_so(replay):
    player = Player(replay)
    player.press("")
    assert "RECOVERED" in player.screen.display[-1], player.screen.display[-1]
    os.write(player.master, b"q")
    ending(player, 6, b"psrun: this recording is not whole")


def main():
    program, run, damaged, recovered = sys.argv[1:]
    replay = [program, "replay", run + "/"]
    checks = {
        keys_end_it: replay, signals_end_it: replay, a_terminal_that_goes_away_ends_it: replay,
        targets_follow_each_other: replay, a_shell_stops_and_continues_it: replay,
        what_is_damaged_is_not_shown: [program, "replay", damaged + "/"],
        what_is_recovered_says_so: [program, "replay", recovered + "/"],
    }
    for check, command in checks.items():
        try:
            check(command)
        except AssertionError as failure:
            sys.exit(f"{check.__name__}: {failure}")
    print(f"{len(checks)} checks of the terminal are right")


main()
