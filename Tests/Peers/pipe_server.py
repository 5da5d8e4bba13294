#!/usr/bin/env python3
"""A process that is entered through a Unix socket, as every PowerShell on Linux is: one client at a time.

usage: pipe_server.py PATH COMMAND…

For each client COMMAND runs with the socket as its standard input and output; a further client is accepted by the system
and gets no byte until the one before has left. Behind each client the socket file is made anew, as PowerShell's is.
"""

import os
import socket
import subprocess
import sys


def main():
    path, command = sys.argv[1], sys.argv[2:]
    while True:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        if os.path.exists(path):
            os.unlink(path)
        listener.bind(path)
        listener.listen(8)
        client, _ = listener.accept()
        subprocess.run(command, stdin=client, stdout=client, stderr=subprocess.DEVNULL, check=False)
        client.close()
        listener.close()


if __name__ == "__main__":
    main()
