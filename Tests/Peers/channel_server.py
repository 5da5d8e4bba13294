#!/usr/bin/env python3
"""A virtual machine's channel: the hypervisor's socket, which takes one client after the other, and an endpoint behind it.

usage: channel_server.py PATH USER LEFTOVER COMMAND…

For each client LEFTOVER bytes are written that an earlier one left; its greeting is waited for and answered as USER; then
COMMAND runs with the socket as its standard input and output. A USER of - answers nothing.
"""

import os
import socket
import subprocess
import sys


def greeting_of(client):
    line = b""
    while not line.endswith(b"\n"):
        byte = client.recv(1)
        if not byte:
            return None
        line += byte
    return line[line.rindex(b"\0") :]


def main():
    path, user, leftover, command = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path + ".new")
    listener.listen(1)
    os.rename(path + ".new", path)
    while True:
        client, _ = listener.accept()
        try:
            greeting = greeting_of(client)
            client.sendall(b"x" * leftover)
            if greeting is not None and user != "-":
                # An answer to somebody else is before it.
                client.sendall(b"\0psrun-channel 1 " + b"0" * 32 + b" nobody\n")
                client.sendall(greeting[:-1] + b" " + user.encode() + b"\n")
                subprocess.run(command, stdin=client, stdout=client, stderr=subprocess.DEVNULL, check=False)
            elif greeting is not None:
                client.recv(1)
        except OSError:
            pass
        client.close()


if __name__ == "__main__":
    main()
