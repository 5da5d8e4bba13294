#!/usr/bin/env python3
"""Joins its standard input and output to a Unix socket, or to a port of this computer's, until the other end closes.

usage: unix_stream.py PATH|PORT
"""

from __future__ import annotations

import os
import socket
import sys
import threading


def main() -> int:
    if sys.argv[1].isdigit():
        stream = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    else:
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stream.connect(sys.argv[1])

    def send() -> None:
        while data := os.read(0, 1 << 16):
            stream.sendall(data)
        stream.shutdown(socket.SHUT_WR)

    threading.Thread(target=send, daemon=True).start()
    while data := stream.recv(1 << 16):
        os.write(1, data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
