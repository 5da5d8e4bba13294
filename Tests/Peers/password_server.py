#!/usr/bin/env python3
"""An SSH server that asks for passwords, on asyncssh, for tests: sshd would need accounts of the machine's.

usage: password_server.py PORT_FILE HOST_KEY MODE [COMMAND ARGUMENT...]

MODE password: takes user "op" with the password "hunter2", or what PASSWORD in the environment says; interactive: asks
"Password: " and "Token: ", and takes that and "123". Every subsystem is that command, else it sends back what it gets.
Writes its port into PORT_FILE once it listens, and what it is asked for to its standard error. Ends with its parent.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import asyncssh

PASSWORD, TOKEN = os.environ.get("PASSWORD", "hunter2"), "123"


class Server(asyncssh.SSHServer):
    mode = "password"

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return self.mode == "password"

    def validate_password(self, username: str, password: str) -> bool:
        print(f"password of {username}", file=sys.stderr, flush=True)
        return (username, password) == ("op", PASSWORD)

    def kbdint_auth_supported(self) -> bool:
        return self.mode == "interactive"

    def get_kbdint_challenge(self, username, lang, submethods):
        print(f"challenge of {username}", file=sys.stderr, flush=True)
        return "", "", "", [("Password: ", False), ("Token: ", True)]

    def validate_kbdint_response(self, username, responses) -> bool:
        return list(responses) == [PASSWORD, TOKEN]


async def serve(process: asyncssh.SSHServerProcess) -> None:
    if sys.argv[4:]:
        pipe = subprocess.PIPE
        child = subprocess.Popen(sys.argv[4:], stdin=pipe, stdout=pipe, stderr=pipe)
        await process.redirect(stdin=child.stdin, stdout=child.stdout, stderr=child.stderr)
        await process.stdout.drain()
        return process.exit(0)
    while data := await process.stdin.read(65536):
        process.stdout.write(data)
    process.exit(0)


async def main() -> None:
    port_file, host_key, Server.mode = sys.argv[1:4]
    server = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=Server, server_host_keys=[host_key], process_factory=serve, encoding=None
    )
    with open(port_file + ".new", "w") as file:
        file.write(str(server.get_port()))
    os.rename(port_file + ".new", port_file)
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(0.2)


asyncio.run(main())
