"""The operations of a WSMan server of the tests: strict where servers are, in the dialect of Windows or of OMI."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import wsman_envelope as wsman
from wsman_envelope import Fault, Request
from wsman_shell import POOL

PREFIX = "http://schemas.microsoft.com/powershell/"


@dataclass
class Target:
    """The pool, or a command."""

    wire_id: str | None
    waiting: list[bytes] = field(default_factory=list)
    ended: bool = False
    said_done: bool = False
    is_received: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    # The newest Receive and its answer, which is told again to whoever asks again.
    answered: tuple[str, bytes] = ("", b"")
    lost: bool = False


class WSManShell:
    """One shell and what of it is on the wire."""

    def __init__(self, service: Service, request: Request, dialect: str) -> None:
        self.service, self.dialect = service, dialect
        wanted = request.operation.attrib.get("ShellId") or str(uuid.uuid4()).upper()
        # Windows Server 2008 R2 names shells and commands itself.
        self.id = str(uuid.uuid4()).upper() if service.options.own_names else wanted
        self.session, self.resource = request.session, request.resource
        self.targets: dict[str, Target] = {POOL: Target(None)}
        self.has_opened = False
        self.process = service.make_shell(self.heard)

    def heard(self, guid: str, payload: bytes | None) -> None:
        target = self.targets.get(guid)
        if payload is None and guid == POOL:
            for one in self.targets.values():
                one.ended = one.lost = True
                one.changed.set()
        elif target is not None:
            if payload is None:
                target.ended = True
            else:
                target.waiting.append(payload)
            target.changed.set()

    def named(self, command: str | None) -> tuple[str, Target]:
        """The target of an operation, by the name that the client gave it."""
        if command is None:
            return POOL, self.targets[POOL]
        for guid, target in self.targets.items():
            if target.wire_id == command:
                return guid, target
        raise Fault(wsman.UNKNOWN, f"no command {command}")

    # MARK: operations

    async def command(self, request: Request) -> bytes:
        if not self.has_opened:
            self.service.breach("a Command before the pool's first Receive")
            raise Fault(wsman.INVALID, "the pool is not open")
        guid = str(uuid.UUID(request.command)).lower()
        payload = request.bytes_of(f"{{{wsman.RSP}}}Arguments")
        if guid in self.targets or not payload:
            self.service.breach(f"the Command {guid}")
            raise Fault(wsman.INVALID, "a wrong Command")
        wire_id = str(uuid.uuid4()).upper() if self.service.options.own_names else request.command
        self.targets[guid] = Target(wire_id)
        await self.process.command_(guid, payload)
        return wsman.commanded(request, wire_id)

    async def send(self, request: Request) -> bytes:
        guid, target = self.named(request.command)
        name, payload = request.stream
        if name not in ("stdin", "pr"):
            raise Fault(wsman.INVALID, f"the stream {name}")
        await self.process.data(guid, payload, "PromptResponse" if name == "pr" else "Default")
        if guid != POOL:
            await self.hold(target)
        return wsman.done(request)

    async def signal(self, request: Request) -> bytes:
        guid, target = self.named(request.command)
        if request.code == wsman.STOP:
            await self.process.stop(guid)
            await self.hold(target)
        elif request.code in wsman.TERMINATE:
            del self.targets[guid]
            target.lost = True
            target.changed.set()
            await self.process.terminate(guid)
        else:
            self.service.breach(f"the Signal {request.code}")
            raise Fault(wsman.INVALID, f"the code {request.code}")
        return wsman.done(request)

    async def hold(self, target: Target) -> None:
        """Real servers answer a Signal and a host response once a Receive waits on that command, and not before."""
        while self.dialect == "omi" and not (target.is_received or target.said_done or target.lost):
            await asyncio.sleep(0.01)

    async def receive(self, request: Request, idle: float) -> bytes:
        guid, target = self.named(request.command)
        if request.message == target.answered[0]:
            self.service.note(request, "asked again")
            if self.dialect == "windows":
                return target.answered[1]
        if target.is_received:
            raise Fault(wsman.RECEIVING)
        target.is_received = True
        try:
            await self.wait(target, idle)
        finally:
            target.is_received = False
        if target.lost and not target.waiting:
            if self.dialect == "windows":
                raise Fault(wsman.UNKNOWN)
            return wsman.received(request, [], target.wire_id, "Done", False)
        answer = self.collect(request, target)
        if guid == POOL:
            self.has_opened = True
        target.answered = (request.message, answer)
        return answer

    async def wait(self, target: Target, idle: float) -> None:
        while not target.waiting and not (target.ended and not target.said_done) and not target.lost:
            target.changed.clear()
            try:
                await asyncio.wait_for(target.changed.wait(), idle)
            except asyncio.TimeoutError:
                if self.dialect == "windows":
                    raise Fault(wsman.IDLE) from None
                return

    def collect(self, request: Request, target: Target) -> bytes:
        """The answer: all that there is and an envelope holds, or one fragment."""
        room, streams = request.max_envelope - 2048, []
        while target.waiting and (not streams or self.dialect == "windows"):
            room -= len(target.waiting[0]) * 4 // 3 + 120
            if streams and room < 0:
                break
            streams.append(target.waiting.pop(0))
        is_windows = self.dialect == "windows"
        is_done = target.ended and not target.waiting and (is_windows or not streams) and target.wire_id is not None
        target.said_done = target.said_done or is_done
        state = "Done" if is_done else None if is_windows and target.wire_id is None else "Running"
        name = target.wire_id if is_windows else None
        return wsman.received(request, streams, name, state, is_done and is_windows)


class Service:
    """What one plan's shells are."""

    def __init__(
        self,
        options: object,
        make_shell: Callable[[Callable[[str, bytes | None], None]], object],
        note: Callable[[Request | None, str], None],
    ) -> None:
        self.options, self.make_shell, self.note = options, make_shell, note
        self.shells: dict[str, WSManShell] = {}
        self.messages: set[str] = set()

    def breach(self, what: str) -> None:
        self.note(None, f"breach: {what}")

    async def handle(self, request: Request, url: str) -> bytes:
        """Does an operation and gives its answer; raises Fault."""
        if request.size > min(self.options.max_envelope, request.max_envelope):
            self.breach(f"an envelope of {request.size} bytes")
            raise Fault(wsman.TOO_LARGE)
        if request.message in self.messages and request.name != "Receive":
            self.breach(f"{request.label} came twice")
        self.messages.add(request.message)
        if request.session is None:
            self.breach("no SessionId")
        if not request.resource.startswith(PREFIX) or request.resource != PREFIX + self.options.configuration:
            raise Fault(wsman.BAD_URI, request.resource)
        if request.name == "Create":
            return await self.create(request, url)
        shell = self.shells.get((request.shell or "").upper())
        if shell is None or shell.resource != request.resource:
            raise Fault(wsman.UNKNOWN)
        if shell.session != request.session:
            self.breach("another SessionId")
        if request.name == "Delete":
            del self.shells[shell.id.upper()]
            for target in shell.targets.values():
                target.lost = True
                target.changed.set()
            await shell.process.delete()
            return wsman.done(request)
        if request.name == "Receive":
            return await shell.receive(request, min(request.timeout, self.options.idle))
        return await getattr(shell, request.name.lower())(request)

    async def create(self, request: Request, url: str) -> bytes:
        has_name = self.options.dialect == "windows" or request.operation.attrib.get("Name")
        if not request.options.get("protocolversion", "").startswith("2.") or not has_name:
            raise Fault(wsman.INVALID, "protocolversion or Name")
        shell = WSManShell(self, request, self.options.dialect)
        self.shells[shell.id.upper()] = shell
        await shell.process.create(request.bytes_of(f"{{{wsman.PS}}}creationXml"))
        return wsman.created(request, shell.id, url, with_shell=shell.dialect == "windows")

    async def close(self) -> None:
        for shell in list(self.shells.values()):
            await shell.process.delete()
