#!/usr/bin/env python3
"""An SSH server that asks for passwords, on asyncssh, for tests: sshd would need accounts of the machine's.

usage: password_server.py PORT_FILE HOST_KEY MODE [COMMAND ARGUMENT...]

MODE password: takes user "op", or USER_NAME of the environment, with the password "hunter2", or what PASSWORD in the
environment says; interactive: asks "Password: " and "Token: ", and takes that and "123"; german: asks "Passwort: " alone;
partial: takes the password first, and then any public key; greedy: takes the password, and asks for more, for ever; endless:
asks "More: " after each answer, for ever. Every subsystem is that command, else it sends back what it gets.
Writes its port into PORT_FILE once it listens, and what it is asked for to its standard error. Ends with its parent.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import asyncssh

PASSWORD, TOKEN = os.environ.get("PASSWORD", "hunter2"), "123"
USER_NAME = os.environ.get("USER_NAME", "op")


class Server(asyncssh.SSHServer):
    mode = "password"
    has_password = False

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        if self.mode == "partial":
            succeed = conn.send_userauth_success

            async def first_password_then_key() -> None:
                if self.has_password:
                    return await succeed()
                self.has_password = True
                conn.send_userauth_failure(True)

            conn.send_userauth_success = first_password_then_key
        if self.mode == "greedy":

            async def more() -> None:
                conn.send_userauth_failure(True)

            conn.send_userauth_success = more

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return self.mode in ("password", "greedy") or self.mode == "partial" and not self.has_password

    def public_key_auth_supported(self) -> bool:
        return self.has_password

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        print(f"key of {username}", file=sys.stderr, flush=True)
        return True

    def validate_password(self, username: str, password: str) -> bool:
        print(f"password of {username}", file=sys.stderr, flush=True)
        return (username, password) == (USER_NAME, PASSWORD)

    def kbdint_auth_supported(self) -> bool:
        return self.mode in ("interactive", "german", "endless")

    def get_kbdint_challenge(self, username, lang, submethods):
        print(f"challenge of {username}", file=sys.stderr, flush=True)
        if self.mode == "german":
            return "", "", "", [("Passwort: ", False)]
        if self.mode == "endless":
            return "", "", "", [("More: ", True)]
        return "", "", "", [("Password: ", False), ("Token: ", True)]

    def validate_kbdint_response(self, username, responses):
        if self.mode == "endless":
            return self.get_kbdint_challenge(username, "", "")
        return list(responses) == ([PASSWORD] if self.mode == "german" else [PASSWORD, TOKEN])


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
