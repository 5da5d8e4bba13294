#!/usr/bin/env python3
"""An SSH server that asks for passwords, on asyncssh, for tests: sshd would need accounts of the machine's.

usage: password_server.py PORT_FILE HOST_KEY MODE

MODE password: takes user "op" with the password "hunter2"; interactive: asks "Password: " and "Token: ", and takes
"hunter2" and "123". Every subsystem sends back what it gets. Writes its port into PORT_FILE once it listens, and what it is
asked for to its standard error. Ends with its parent.
"""

from __future__ import annotations

import asyncio
import os
import sys

import asyncssh

PASSWORD, TOKEN = "hunter2", "123"


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


async def echo(process: asyncssh.SSHServerProcess) -> None:
    while data := await process.stdin.read(65536):
        process.stdout.write(data)
    process.exit(0)


async def main() -> None:
    port_file, host_key, Server.mode = sys.argv[1:4]
    server = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=Server, server_host_keys=[host_key], process_factory=echo, encoding=None
    )
    with open(port_file + ".new", "w") as file:
        file.write(str(server.get_port()))
    os.rename(port_file + ".new", port_file)
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(0.2)


asyncio.run(main())
