#!/usr/bin/env python3
"""A TCP peer on 127.0.0.1 that does not do its part, for tests of the clock. Standard library only.

usage: silent_peer.py PORT_FILE silent          takes connections and says nothing
       silent_peer.py PORT_FILE full            does not even take connections: its queue is full
       silent_peer.py PORT_FILE banner          says an SSH banner, and no more
       silent_peer.py PORT_FILE trickle         says one byte a second
       silent_peer.py PORT_FILE junk            says bytes without end that are no SSH
       silent_peer.py PORT_FILE hang-up         takes connections and closes them
       silent_peer.py PORT_FILE goodbye         says a banner and SSH_MSG_DISCONNECT in one piece, and closes
       silent_peer.py PORT_FILE refusal         says a line in place of a banner, and closes
       silent_peer.py PORT_FILE relay PORT N    carries bytes to and from that port until the client's Nth write

Writes its port into PORT_FILE once it listens. Ends with its parent.
"""

from __future__ import annotations

import os
import select
import socket
import sys
import threading
import time

HOUR = 3600


def silent(_: socket.socket) -> None:
    time.sleep(HOUR)


def banner(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-silent\r\n")
    time.sleep(HOUR)


def close_in_order(connection: socket.socket) -> None:
    """What was not read would reset the connection, and take along what was said."""
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(4096):
        pass
    connection.close()


def goodbye(connection: socket.socket) -> None:
    text = b"too many connections"
    payload = b"\x01" + (2).to_bytes(4, "big") + len(text).to_bytes(4, "big") + text + bytes(4)
    padding = 16 - (len(payload) + 5) % 8
    packet = (1 + len(payload) + padding).to_bytes(4, "big") + bytes([padding]) + payload + bytes(padding)
    connection.sendall(b"SSH-2.0-busy\r\n" + packet)
    close_in_order(connection)


def refusal(connection: socket.socket) -> None:
    connection.sendall(b"Exceeded MaxStartups\r\n")
    close_in_order(connection)


def trickle(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"x")
        time.sleep(1)


def junk(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"this is no SSH server\r\n" * 10)
        time.sleep(0.01)


def hang_up(connection: socket.socket) -> None:
    connection.close()


def relay(connection: socket.socket, port: int, writes: int) -> None:
    """Carries bytes both ways; from the client's write of that number on, nothing gets through to the server."""
    server = socket.create_connection(("127.0.0.1", port))
    carried = 0
    while True:
        for ready in select.select([connection, server], [], [])[0]:
            data = ready.recv(1 << 16)
            if not data:
                return
            if ready is server:
                connection.sendall(data)
                continue
            carried += 1
            if carried < writes:
                server.sendall(data)


def serve(connection: socket.socket, mode: str, arguments: list[str]) -> None:
    try:
        if mode == "relay":
            relay(connection, int(arguments[0]), int(arguments[1]))
        else:
            globals()[mode.replace("-", "_")](connection)
    except OSError:
        pass


def main() -> None:
    port_file, mode, *arguments = sys.argv[1:]
    listener = socket.create_server(("127.0.0.1", 0), backlog=0 if mode == "full" else 128)
    held = []
    if mode == "full":
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
            held.append(filler)
        time.sleep(0.2)
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(str(listener.getsockname()[1]))
    os.replace(port_file + ".new", port_file)
    parent = os.getppid()
    while os.getppid() == parent:
        if mode == "full":
            time.sleep(0.2)
            continue
        if not select.select([listener], [], [], 0.5)[0]:
            continue
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, mode, arguments), daemon=True).start()
    os._exit(0)


if __name__ == "__main__":
    main()
