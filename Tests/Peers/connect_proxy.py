#!/usr/bin/env python3
"""A proxy on 127.0.0.1 that takes HTTP's CONNECT and nothing else. Standard library only.

usage: connect_proxy.py PORT_FILE MODE    MODE is open, garbage, or the status with which every CONNECT is refused

Writes its port into PORT_FILE once it listens, and each request's first line into PORT_FILE.log. Ends with its parent.
"""

from __future__ import annotations

import os
import select
import socket
import sys
import threading


def head_of(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = client.recv(1)
        if not piece:
            return b""
        head += piece
    return head


def serve(client: socket.socket, log: str, mode: str) -> None:
    if mode == "garbage":
        # Not HTTP, and not said at once.
        head_of(client)
        client.sendall(b"\x00\x01garbage \xff\r\n\r\n")
        return client.close()
    first = head_of(client).split(b"\r\n")[0].decode()
    with open(log, "a", encoding="utf-8") as file:
        file.write(first + "\n")
    method, target, _ = first.split(" ")
    if method != "CONNECT" or mode != "open":
        status = mode if method == "CONNECT" else "405"
        client.sendall(f"HTTP/1.1 {status} Refused\r\nContent-Length: 2\r\n\r\nno".encode())
        return client.close()
    host, _, port = target.rpartition(":")
    server = socket.create_connection((host.strip("[]"), int(port)))
    client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    while True:
        for ready in select.select([client, server], [], [])[0]:
            data = ready.recv(1 << 16)
            if not data:
                client.close()
                return server.close()
            (server if ready is client else client).sendall(data)


def main() -> None:
    port_file, mode = sys.argv[1:]
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(str(listener.getsockname()[1]))
    os.replace(port_file + ".new", port_file)
    parent = os.getppid()
    while os.getppid() == parent:
        if select.select([listener], [], [], 0.5)[0]:
            arguments = (listener.accept()[0], port_file + ".log", mode)
            threading.Thread(target=serve, args=arguments, daemon=True).start()
    os._exit(0)


if __name__ == "__main__":
    main()
