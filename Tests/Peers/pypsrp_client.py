#!/usr/bin/env python3
"""Runs what a test asks through pypsrp's `psrp`, an independent PSRP client, and prints as JSON what came.

usage: pypsrp_client.py process EXECUTABLE [ARGUMENT…]  <JSON of steps
       pypsrp_client.py ssh HOST PORT USER KEY SUBSYSTEM KNOWN_HOSTS  <JSON of steps
       pypsrp_client.py wsman URL AUTH USER PASSWORD  <JSON of steps
         (USER and PASSWORD are empty for the tickets of this account, which need Debian's own Python and its gssapi)

A step is {"script": TEXT} with, where wanted, "show": true (Out-Default behind it), "stop_after": SECONDS, or
"command": NAME and "arguments": […] instead of a script.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
import types

if importlib.util.find_spec("krb5") is None:
    # pyspnego needs it for Kerberos's passwords alone, and Debian has none; tickets need only gssapi.
    sys.modules["krb5"] = types.ModuleType("krb5")

import psrp  # noqa: E402  (it looks for krb5)


class Screen(psrp.PSHostUI):
    """A host's interface that keeps what the far side shows on it."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def write(self, value: str, *_: object) -> None:
        self.shown.append(value)

    def write_line(self, line: str | None = None, *_: object) -> None:
        self.shown.append(f"{line or ''}\n")

    def write_error_line(self, line: str) -> None:
        self.shown.append(f"error: {line}\n")

    def prompt_for_choice(self, caption: str, message: str, choices: list, default_choice: int = -1) -> int:
        return default_choice


class Host(psrp.PSHost):
    """A host with such an interface, that keeps the status with which the session asks to exit."""

    def __init__(self) -> None:
        self.screen = Screen()
        super().__init__(self.screen)
        self.exit_code: int | None = None

    def set_should_exit(self, exit_code: int) -> None:
        self.exit_code = exit_code


async def run_step(pool: psrp.AsyncRunspacePool, host: Host, step: dict) -> dict:
    shell = psrp.AsyncPowerShell(pool)
    if "command" in step:
        shell.add_command(step["command"])
        for argument in step.get("arguments", []):
            shell.add_argument(argument)
    else:
        shell.add_script(step["script"])
    if step.get("show"):
        shell.add_command("Out-Default")
    before = len(host.screen.shown)
    result: dict = {"output": [], "failure": None}
    try:
        if "stop_after" in step:
            task = asyncio.ensure_future(shell.invoke())
            await asyncio.sleep(step["stop_after"])
            await asyncio.wait_for(shell.stop(), 10)
            values = await asyncio.wait_for(task, 10)
        else:
            values = await asyncio.wait_for(shell.invoke(), 30)
        result["output"] = [str(value) for value in values]
    except psrp.PSRPError as error:
        result["failure"] = f"{type(error).__name__}: {error}"
    result["state"] = shell.state.name
    result["errors"] = [str(record) for record in shell.streams.error]
    result["information"] = [str(getattr(r, "MessageData", r)) for r in shell.streams.information]
    result["tags"] = [list(getattr(r, "Tags", None) or []) for r in shell.streams.information]
    result["shown"] = "".join(host.screen.shown[before:])
    result["exit_code"] = host.exit_code
    return result


async def main() -> int:
    way, *rest = sys.argv[1:]
    if way == "process":
        connection = psrp.ProcessInfo(executable=rest[0], arguments=rest[1:])
    elif way == "wsman":
        url, auth, user, password = rest
        # By itself it takes the address of an http service for one of https, and seals nothing.
        seals = "always" if url.startswith("http:") and auth != "basic" else "never"
        connection = psrp.WSManInfo(
            url, auth=auth, username=user or None, password=password or None, verify=False, encryption=seals,
            negotiate_service="HTTP",
        )  # fmt: skip
    else:
        import asyncssh

        host_name, port, user, key, subsystem, known_hosts = rest
        options = asyncssh.SSHClientConnectionOptions(
            username=user, client_keys=[key], known_hosts=known_hosts, agent_path=None, config=None
        )
        connection = psrp.SSHInfo(host_name, port=int(port), options=options, subsystem=subsystem)
    host = Host()
    results = []
    async with psrp.AsyncRunspacePool(connection, host=host) as pool:
        table = pool.application_private_data
        for step in json.load(sys.stdin):
            results.append(await run_step(pool, host, step))
    print(json.dumps({"private_data": str(table), "results": results}, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
