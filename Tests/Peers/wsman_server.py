#!/usr/bin/env python3
"""A WSMan server on 127.0.0.1 whose shells are programs that speak PSRP on their standard streams.

usage: wsman_server.py [--auth SCHEMES] [--user NAME:PASSWORD] [--tls PEM] [--ca PEM] [--gssapi] [--canned] FOLDER COMMAND…

Writes its port into FOLDER/port once it listens, and what is done into FOLDER/log: a line of JSON for each operation when
it has come, and what is wrong with it as `breach: …`; who logs in by what, as `login: …`; and what a Create says of the session.
SCHEMES are basic, negotiate, kerberos, credssp, certificate, with commas between; none where whoever stands in front does it. PEM holds a certificate and its key; a client's is asked for where --ca is given. Ends with its parent.

What it does wrong stands in a request's URL, so that one server plays each part, apart from the others (`/wsman?id=7&…`):
  id=TEXT              the plan's name: it has shells and counts of its own, and stands in the log; or the path, /wsman/TEXT
  dialect=omi          as OMI's server instead of Windows': one fragment an answer, idle answers are empty, …
  idle=SECONDS         how long a Receive waits at most
  size=BYTES           of a canned shell's output, where `long-output` is asked for
  max_envelope=BYTES   larger requests are refused
  own_names=1          shells and commands are named by the server
  configuration=NAME   of the endpoint
  strike=OPERATION:N:POINT:HOW   the Nth of these (Create, Command, Send, SendPr, Receive, ReceiveCommand, Stop, Terminate,
                       Delete) goes wrong at the point (read: before it is done; done: before a byte of the answer; head:
                       amid its head; body: amid its body; after: behind it), as HOW says (close, reset, silent)
  strike=auth:N:POINT:HOW        the same for the Nth request that only authenticates
  part=N:HOW           the Nth body of more than 60000 bytes is not read to its end
  busy=N, quota=N      the first N Creates get 503, or a fault for a quota
  redirect=URL         Create is answered by 302, or by status=N, to where it was asked for with `self`; with redirects=N, the
                       first N are
  elsewhere=URL        so is what only authenticates
  holds=1              Create is answered once another connection has logged in, or after 3 seconds
  closes=1             every answer to an operation closes its connection, and says so
  unauthorized=OPERATION:N       the Nth of these gets 401, undone, and its connection's login is forgotten
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import socket
import ssl
import struct
import sys
import time
from urllib.parse import parse_qsl, urlsplit

import psrp_wire as wire
import wsman_auth
import wsman_envelope as wsman
from wsman_service import Service
from wsman_shell import CannedShell, ProcessShell

REASONS = {
    200: "OK", 301: "Moved Permanently", 302: "Found", 303: "See Other", 307: "Temporary Redirect",
    308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 500: "Internal Server Error", 503: "Service Unavailable"
}  # fmt: skip


class Struck(Exception):
    """The connection is over, as its plan wants."""


class Plan:
    """One id's: what goes wrong, and its shells."""

    def __init__(self, server: Server, words: dict[str, str]) -> None:
        self.server, self.id = server, words.get("id", "")
        self.dialect = words.get("dialect", "windows")
        self.idle = float(words.get("idle", "60"))
        self.size = int(words.get("size", "100"))
        self.max_envelope = int(words.get("max_envelope", "512000"))
        self.own_names = "own_names" in words
        self.configuration = words.get("configuration", "Microsoft.PowerShell")
        self.strike = words["strike"].split(":") if "strike" in words else None
        self.part = words["part"].split(":") if "part" in words else None
        self.busy, self.quota = int(words.get("busy", "0")), int(words.get("quota", "0"))
        self.redirect, self.redirects = words.get("redirect"), int(words.get("redirects", "1000"))
        self.elsewhere, self.status = words.get("elsewhere"), int(words.get("status", "302"))
        self.closes, self.holds = "closes" in words, "holds" in words
        self.logged_in: set[int] = set()
        self.unauthorized = words["unauthorized"].split(":") if "unauthorized" in words else None
        self.counts: dict[str, int] = {}
        self.large = 0
        self.service = Service(self, self.make_shell, self.note)

    def make_shell(self, tell) -> object:
        if self.server.options.canned:
            return CannedShell(self.size, tell)
        return ProcessShell(self.server.options.command, tell)

    def note(self, request: wsman.Request | None, what: str, connection: int = 0) -> None:
        entry = {"id": self.id, "what": what, "connection": connection}
        if request is not None:
            entry |= {"operation": request.label, "message": request.message}
            if what == "came" and request.name == "Create":
                entry["said"] = said_of(request)
        self.server.log(entry)

    def begin(self, label: str) -> tuple[str, str] | None:
        """Counts an operation; where it is the one that goes wrong, at which point and how."""
        self.counts[label] = self.counts.get(label, 0) + 1
        if self.strike and self.strike[:2] == [label, str(self.counts[label])]:
            return self.strike[2], self.strike[3]
        return None


def said_of(request: wsman.Request) -> dict[str, str]:
    """What a Create says of the session, its headers and what the client tells PowerShell."""
    said = dict(request.said)
    for kind, _, _, body in wire.Defragmenter().feed(request.bytes_of(f"{{{wsman.PS}}}creationXml")):
        if kind == wire.INIT_RUNSPACEPOOL:
            arguments = wire.member(wire.parse_xml(body), "ApplicationArguments")
            for entry in arguments.iterfind("DCT/En"):
                name = wire.text_of(entry.find("*[@N='Key']"))
                said[f"argument {name}"] = wire.text_of(entry.find("*[@N='Value']")) or ""
    return said


class Connection:
    def __init__(self, server: Server, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.number, self.reader, self.writer = server, number, reader, writer
        tls = writer.get_extra_info("ssl_object")
        self.certificate = tls.getpeercert(binary_form=True) if tls else None
        self.login = server.login(tls is not None)
        self.told = ""
        self.strike: tuple[str, str] | None = None

    async def serve(self) -> None:
        while request := await self.read():
            target, headers, body = request
            plan = self.server.plan(target)
            self.strike = None
            passes, answer = self.login.step(headers.get("authorization"), self.certificate)
            if not passes:
                await self.refuse(plan, answer)
                continue
            if self.login.told != self.told:
                self.told = self.login.told
                plan.note(None, f"login: {self.told}", self.number)
                plan.logged_in.add(self.number)
            if not body:
                plan.note(None, "auth", self.number)
                self.strike = plan.begin("auth")
                await self.meet("read")
                await self.write(200, answer, "", b"")
                continue
            await self.operate(plan, target, headers, body, answer)

    async def refuse(self, plan: Plan, answer: str | None) -> None:
        if plan.elsewhere:
            return await self.write(plan.status, None, "", b"", f"Location: {plan.elsewhere}")
        plan.note(None, "401", self.number)
        self.strike = plan.begin("auth")
        await self.meet("read")
        await self.write(401, answer or self.login.challenges(), "", b"")

    async def operate(self, plan: Plan, target: str, headers: dict[str, str], body: bytes, answer: str | None) -> None:
        kind = headers.get("content-type", "")
        is_sealed = kind.startswith("multipart/")
        try:
            if self.login.must_seal and not is_sealed:
                raise wsman_auth.Garbled(f"a body that is not sealed, as {kind}")
            request = wsman.read(self.login.open(kind, body) if is_sealed else body)
        except (wsman_auth.Garbled, wsman.Fault) as error:
            plan.note(None, f"breach: {error} {getattr(error, 'text', '')}", self.number)
            return await self.write(400, None, "", b"")
        plan.note(request, "came", self.number)
        self.strike = plan.begin(request.label)
        if plan.unauthorized == [request.label, str(plan.counts[request.label])]:
            self.login = self.server.login(self.login.is_tls)
            return await self.write(401, self.login.challenges(), "", b"")
        if request.name == "Create" and plan.counts["Create"] <= plan.busy:
            return await self.write(503, answer, "text/html", b"<html>busy</html>")
        if request.name == "Create" and plan.redirect and plan.counts["Create"] <= plan.redirects:
            here = f"{'https' if self.login.is_tls else 'http'}://{headers['host']}{target}"
            location = here if plan.redirect == "self" else plan.redirect
            return await self.write(plan.status, None, "", b"", f"Location: {location}")
        await self.meet("read")
        status, envelope = await self.answer(plan, request, target)
        if is_sealed:
            kind, envelope = self.login.seal(envelope)
        else:
            kind = wsman_auth.SOAP
        if not plan.closes:
            return await self.write(status, answer, kind, envelope)
        await self.write(status, answer, kind, envelope, "Connection: close")
        raise Struck

    async def answer(self, plan: Plan, request: wsman.Request, target: str) -> tuple[int, bytes]:
        """Does an operation, unless its client leaves meanwhile."""
        work = asyncio.ensure_future(self.done(plan, request, target))
        leaving = asyncio.ensure_future(self.reader.read(1))
        await asyncio.wait({work, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if leaving.done():
            work.cancel()
            if leaving.exception() is None and leaving.result():
                plan.note(request, "breach: a request before the answer", self.number)
            raise Struck
        leaving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await leaving
        return work.result()

    async def done(self, plan: Plan, request: wsman.Request, target: str) -> tuple[int, bytes]:
        try:
            if request.name == "Create" and plan.counts["Create"] <= plan.quota:
                raise wsman.Fault(wsman.QUOTA)
            for _ in range(300 if plan.holds and request.name == "Create" else 0):
                if len(plan.logged_in) > 1:
                    break
                await asyncio.sleep(0.01)
            envelope = await plan.service.handle(request, self.server.url(target))
            plan.note(request, "done", self.number)
            return 200, envelope
        except wsman.Fault as error:
            plan.note(request, f"fault {error.code}", self.number)
            return 500, wsman.fault(request.message, error)

    # MARK: HTTP

    async def read(self) -> tuple[str, dict[str, str], bytes] | None:
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        method, target, version = first.split(" ")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        if (method, version) != ("POST", "HTTP/1.1") or "host" not in headers or "content-length" not in headers:
            self.server.log({"what": f"breach: {first} {sorted(headers)}"})
            return None
        length = int(headers["content-length"])
        if length > 60_000:
            plan = self.server.plan(target)
            plan.large += 1
            if plan.part and int(plan.part[0]) == plan.large:
                await self.reader.readexactly(1000)
                plan.note(None, "in part", self.number)
                await self.end(plan.part[1])
        return target, headers, await self.reader.readexactly(length)

    async def write(self, status: int, challenge: str | list[str] | None, kind: str, body: bytes, *more: str) -> None:
        await self.meet("done")
        challenges = challenge if isinstance(challenge, list) else [challenge] if challenge else []
        lines = [f"HTTP/1.1 {status} {REASONS[status]}", f"Content-Length: {len(body)}", *more]
        lines += [f"WWW-Authenticate: {one}" for one in challenges] + ([f"Content-Type: {kind}"] if kind else [])
        head = "\r\n".join([*lines, "", ""]).encode()
        await self.meet("head", head[: len(head) // 2])
        await self.meet("body", head + body[: len(body) // 2])
        self.writer.write(head + body)
        await self.writer.drain()
        await self.meet("after")

    async def meet(self, point: str, sent: bytes = b"") -> None:
        """Goes wrong here, where the plan says so, with so much of the answer sent."""
        if self.strike and self.strike[0] == point:
            self.writer.write(sent)
            await self.writer.drain()
            await self.end(self.strike[1])

    async def end(self, how: str) -> None:
        if how == "silent":
            await self.reader.read()
        if how == "reset":
            linger = struct.pack("ii", 1, 0)
            self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.writer.transport.abort()
        raise Struck


class Server:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.plans: dict[str, Plan] = {}
        self.users = dict(user.split(":", 1) for user in options.user)
        # What pyspnego's acceptor of NTLM knows; the domain comes first.
        path = os.path.join(options.folder, "ntlm-users")
        with open(path, "w", encoding="utf-8") as file:
            for user, password in self.users.items():
                file.write(f"DOMAIN:{user}:{password}\n:{user}:{password}\n")
        os.environ["NTLM_USER_FILE"] = path
        self.bound_to = wsman_auth.bindings(options.tls)
        self.journal = open(os.path.join(options.folder, "log"), "a", buffering=1, encoding="utf-8")
        self.connections = 0
        self.port = 0

    def login(self, is_tls: bool) -> wsman_auth.Login:
        return wsman_auth.Login(self.options.auth.split(","), self.users, self.bound_to, is_tls, self.options.gssapi)

    def plan(self, target: str) -> Plan:
        # PowerShell's client says its version behind a semicolon.
        parts = urlsplit(target)
        words = dict(parse_qsl(parts.query.split(";PSVersion=")[0]))
        name = words.setdefault("id", parts.path.removeprefix("/wsman").strip("/"))
        if name not in self.plans:
            self.plans[name] = Plan(self, words)
        return self.plans[name]

    def url(self, target: str) -> str:
        return f"{'https' if self.options.tls else 'http'}://127.0.0.1:{self.port}{target}"

    def log(self, entry: dict) -> None:
        self.journal.write(json.dumps({"id": "", "connection": 0, "t": round(time.monotonic(), 6)} | entry) + "\n")

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(Struck, ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            await Connection(self, self.connections, reader, writer).serve()
        with contextlib.suppress(Exception):
            writer.close()

    async def run(self) -> None:
        context = None
        if self.options.tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.options.tls)
            if self.options.ca:
                context.load_verify_locations(self.options.ca)
                context.verify_mode = ssl.CERT_OPTIONAL
        server = await asyncio.start_server(self.accept, "127.0.0.1", 0, ssl=context, backlog=4096, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        path = os.path.join(self.options.folder, "port")
        with open(path + ".new", "w", encoding="ascii") as file:
            file.write(str(self.port))
        os.replace(path + ".new", path)
        parent = os.getppid()
        while os.getppid() == parent:
            await asyncio.sleep(0.2)
        for plan in self.plans.values():
            await plan.service.close()
        os._exit(0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--auth", default="basic")
    parser.add_argument("--user", action="append", default=[])
    parser.add_argument("--tls")
    parser.add_argument("--ca")
    parser.add_argument("--gssapi", action="store_true")
    parser.add_argument("--canned", action="store_true")
    parser.add_argument("folder")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    asyncio.run(Server(options).run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
