#!/usr/bin/env python3
"""Carries bytes between a client and a server, and does one thing wrong on the way, for tests of clocks and of what is
left behind. Standard library only.

usage: fault_relay.py relay PLAN FOLDER PORT       takes TCP connections to 127.1.N.M, a fault each, for 127.0.0.1:PORT
       fault_relay.py pipe PLAN FOLDER COMMAND…    the same between standard input and output and the command, for the
                                                   fault that SSH_CONNECTION's address stands for
       fault_relay.py proxy HOST PORT              carries standard input and output there, without a fault

PLAN has a line for each fault: `NUMBER LAYER FROM KIND AT LENGTH`. LAYER is ssh (the relay's) or psrp (the pipe's); FROM
is client or server, whose bytes are meant; AT is the first of them that the fault strikes. KIND is
  none       all bytes pass; where they ended is written to FOLDER/ends-LAYER-FROM
  stop       no byte passes from there on
  trickle    each byte from there on waits 20 ms
  reset      the connection is reset there
  duplicate  LENGTH bytes pass twice
  garble     LENGTH bytes pass with every other bit turned

FOLDER gets `port` once the relay listens, `struck-N` once a fault has struck, and in `processes` the ids of what the pipe
started. The relay ends with its parent.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time

PAUSE = 0.02


def address(number: int) -> str:
    return f"127.1.{number // 250}.{number % 250 + 1}"


class Reset(Exception):
    """The connection is to be reset now."""


class Fault:
    def __init__(self, folder: str, words: list[str]) -> None:
        number, self.layer, self.side, self.kind, at, length = words
        self.folder, self.number, self.at, self.length = folder, int(number), int(at), int(length)

    def strike(self) -> None:
        open(f"{self.folder}/struck-{self.number}", "w").close()


def read_plan(path: str, folder: str) -> dict[int, Fault]:
    with open(path) as file:
        faults = [Fault(folder, line.split()) for line in file]
    return {fault.number: fault for fault in faults}


class Direction:
    """What passes from one descriptor to another."""

    def __init__(self, source: int, sink: int, fault: Fault, layer: str, side: str) -> None:
        self.source, self.sink, self.side, self.layer = source, sink, side, layer
        self.fault = fault if (fault.layer, fault.side) == (layer, side) or fault.kind == "none" else None
        self.passed, self.waiting, self.due, self.is_over = 0, b"", 0.0, False
        self.ends: list[int] = []

    def take(self, data: bytes) -> None:
        """Bytes have come from the source."""
        fault, first = self.fault, self.passed
        self.passed += len(data)
        self.ends.append(self.passed)
        if fault is None or fault.kind == "none" or self.passed <= fault.at:
            return self.give(data)
        inside = max(0, fault.at - first)
        if first <= fault.at:
            fault.strike()
        if fault.kind == "stop":
            return self.give(data[:inside])
        if fault.kind == "trickle":
            self.waiting += data[inside:]
            return self.give(data[:inside])
        if fault.kind == "reset":
            self.give(data[:inside])
            raise Reset
        struck = data[inside : max(inside, fault.at + fault.length - first)]
        rest = data[inside + len(struck) :]
        twice = struck * 2 if fault.kind == "duplicate" else bytes(byte ^ 0x55 for byte in struck)
        self.give(data[:inside] + twice + rest)

    def give(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.sink, data) :]

    def trickle(self) -> None:
        if self.waiting and time.monotonic() >= self.due:
            self.due = time.monotonic() + PAUSE
            byte, self.waiting = self.waiting[:1], self.waiting[1:]
            self.give(byte)

    def note(self) -> None:
        if self.fault is not None and self.fault.kind == "none":
            path = f"{self.fault.folder}/ends-{self.layer}-{self.side}"
            with open(path + ".part", "w") as file:
                file.write("\n".join(map(str, self.ends)))
            os.replace(path + ".part", path)


def carry(directions: list[Direction], end) -> None:
    """Until both directions are over; `end` is told of each that has ended, and may end the other."""
    while not all(direction.is_over for direction in directions):
        pause = PAUSE if any(direction.waiting for direction in directions) else 5
        open_ones = {direction.source: direction for direction in directions if not direction.is_over}
        for source in select.select(list(open_ones), [], [], pause)[0]:
            direction = open_ones[source]
            try:
                data = os.read(source, 1 << 16)
            except ConnectionResetError:
                data = b""
            if data:
                direction.take(data)
            else:
                direction.is_over = True
                end(direction)
        for direction in directions:
            direction.trickle()


def relay(connection: socket.socket, number: int, fault: Fault, port: int) -> None:
    server = socket.create_connection(("127.0.0.1", port), source_address=(address(number), 0))
    directions = [
        Direction(connection.fileno(), server.fileno(), fault, "ssh", "client"),
        Direction(server.fileno(), connection.fileno(), fault, "ssh", "server"),
    ]

    def end(direction: Direction) -> None:
        (server if direction.side == "client" else connection).shutdown(socket.SHUT_WR)
        # A client that has gone wants no more.
        if direction.side == "client":
            directions[1].is_over = True

    try:
        carry(directions, end)
    except Reset:
        for side in (connection, server):
            side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass
    finally:
        for direction in directions:
            direction.note()
        connection.close()
        server.close()


def open_listeners(faults: dict[int, Fault]) -> dict[socket.socket, int]:
    """One for each fault's address, all on one port."""
    listeners, port = {}, 0
    for number in faults:
        listener = socket.create_server((address(number), port), backlog=8)
        port = listener.getsockname()[1]
        listeners[listener] = number
    return listeners


def listen(plan: str, folder: str, server: int) -> None:
    faults = read_plan(plan, folder)
    # A port that is free on one address may be another connection's own on the next.
    for _ in range(50):
        with contextlib.suppress(OSError):
            listeners = open_listeners(faults)
            break
    port = next(iter(listeners)).getsockname()[1]
    with open(f"{folder}/port.part", "w") as file:
        file.write(str(port))
    os.replace(f"{folder}/port.part", f"{folder}/port")
    parent = os.getppid()
    while os.getppid() == parent:
        for listener in select.select(list(listeners), [], [], 1)[0]:
            number = listeners[listener]
            arguments = (listener.accept()[0], number, faults[number], server)
            threading.Thread(target=relay, args=arguments, daemon=True).start()


def pipe(plan: str, folder: str, command: list[str]) -> int:
    octets = os.environ["SSH_CONNECTION"].split()[0].split(".")
    number = int(octets[2]) * 250 + int(octets[3]) - 1
    fault = read_plan(plan, folder)[number]
    environment = {**os.environ, "RAN": f"{folder}/ran-{number}"}
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    with open(f"{folder}/processes", "a") as file:
        file.write(f"{child.pid}\n")
    directions = [
        Direction(0, child.stdin.fileno(), fault, "psrp", "client"),
        Direction(child.stdout.fileno(), 1, fault, "psrp", "server"),
    ]

    def end(direction: Direction) -> None:
        direction.waiting = b""
        if direction.side == "client":
            child.stdin.close()
        else:
            directions[0].is_over = True

    try:
        carry(directions, end)
    except Reset:
        child.kill()
    except OSError:
        child.stdin.close()
    for direction in directions:
        direction.note()
    return child.wait()


def proxy(host: str, port: int) -> None:
    far = socket.create_connection((host, port))
    while True:
        for source in select.select([0, far], [], [])[0]:
            data = os.read(0, 1 << 16) if source == 0 else far.recv(1 << 16)
            if not data:
                return
            far.sendall(data) if source == 0 else os.write(1, data)


def main() -> int:
    if sys.argv[1] == "proxy":
        with contextlib.suppress(OSError):
            proxy(sys.argv[2], int(sys.argv[3]))
        return 0
    mode, plan, folder, *rest = sys.argv[1:]
    if mode == "pipe":
        return pipe(plan, folder, rest)
    listen(plan, folder, int(rest[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
