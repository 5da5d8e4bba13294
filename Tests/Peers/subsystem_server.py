#!/usr/bin/env python3
"""An SSH server on asyncssh that runs one command for every subsystem: for where sshd cannot run, as in a user namespace.

usage: subsystem_server.py PORT HOST_KEY AUTHORIZED_KEYS COMMAND ARGUMENT...

Listens on every address. Ends with its parent.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import asyncssh


async def serve(process: asyncssh.SSHServerProcess) -> None:
    child = subprocess.Popen(sys.argv[4:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    await process.redirect(stdin=child.stdin, stdout=child.stdout)
    await process.stdout.drain()
    process.exit(0)


async def main() -> None:
    port, host_key, authorized_keys = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    await asyncssh.listen(
        None,
        port,
        server_host_keys=[host_key],
        authorized_client_keys=authorized_keys,
        process_factory=serve,
        encoding=None,
    )
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(0.2)


asyncio.run(main())
