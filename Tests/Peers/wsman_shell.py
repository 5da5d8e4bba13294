"""What a WSMan server of the tests runs behind each shell: a program that speaks PSRP on its standard streams, or a canned
one that answers each pipeline with the same bytes. Beside the standard library it needs psrp_wire.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable

import psrp_wire as wire

POOL = wire.POOL
ENDED_STATES = (3, 4, 5)  # Stopped, Completed, Failed


class ProcessShell:
    """A process with out-of-process framing: each operation is an element, and its acknowledgement is waited for."""

    def __init__(self, command: list[str], tell: Callable[[str, bytes | None], None]) -> None:
        self.command, self.tell = command, tell
        self.waiting: dict[tuple[str, str], list[asyncio.Future]] = {}
        self.watching: dict[str, wire.Defragmenter] = {}
        self.process: asyncio.subprocess.Process | None = None

    async def begin(self) -> None:
        pipe = asyncio.subprocess.PIPE
        self.process = await asyncio.create_subprocess_exec(
            *self.command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, limit=1 << 26
        )
        self.reader = asyncio.ensure_future(self.read())

    async def read(self) -> None:
        try:
            while line := await self.process.stdout.readline():
                element = wire.parse_element(line.decode())
                if element is None:
                    continue
                if element.tag == "Data":
                    self.heard(element.guid, element.payload)
                for waiter in self.waiting.pop((element.tag, element.guid), [])[:1]:
                    if not waiter.done():
                        waiter.set_result(None)
        finally:
            for waiters in self.waiting.values():
                for waiter in waiters:
                    if not waiter.done():
                        waiter.set_result(None)
            self.tell(POOL, None)

    def heard(self, guid: str, payload: bytes) -> None:
        """Passes data on, and tells the end of a pipeline behind its state."""
        self.tell(guid, payload)
        if guid == POOL:
            return
        for kind, _, _, body in self.watching.setdefault(guid, wire.Defragmenter()).feed(payload):
            if kind == wire.PIPELINE_STATE:
                state = wire.number_of(wire.member(wire.parse_xml(body), "PipelineState"))
                if state in ENDED_STATES:
                    self.tell(guid, None)

    async def ask(self, elements: bytes, answer: str, guid: str) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self.waiting.setdefault((answer, guid), []).append(waiter)
        with contextlib.suppress(ConnectionError):
            self.process.stdin.write(elements)
            await self.process.stdin.drain()
        if self.process.returncode is None:
            await waiter

    async def data(self, guid: str, payload: bytes, stream: str = "Default") -> None:
        await self.ask(wire.data_element(guid, payload, stream), "DataAck", guid)

    async def create(self, payload: bytes) -> None:
        await self.begin()
        await self.data(POOL, payload)

    async def command_(self, guid: str, payload: bytes) -> None:
        await self.ask(wire.element("Command", guid), "CommandAck", guid)
        await self.data(guid, payload)

    async def stop(self, guid: str) -> None:
        await self.ask(wire.element("Signal", guid), "SignalAck", guid)

    async def terminate(self, guid: str) -> None:
        await self.ask(wire.element("Close", guid), "CloseAck", guid)

    async def delete(self) -> None:
        """Ends it, in order where it wants to."""
        if self.process is None or self.process.returncode is not None:
            return
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.ask(wire.element("Close", POOL), "CloseAck", POOL), 1)
        with contextlib.suppress(ProcessLookupError):
            self.process.stdin.close()
            try:
                await asyncio.wait_for(self.process.wait(), 1)
            except asyncio.TimeoutError:
                self.process.kill()


class CannedShell:
    """Opens at once, and answers each pipeline with 100 bytes, and one that says `long-output` with so many: for measurements."""

    def __init__(self, size: int, tell: Callable[[str, bytes | None], None]) -> None:
        self.size, self.tell = size, tell
        self.last = 0
        self.reader = wire.Defragmenter()
        self.runspace = uuid.UUID(POOL)

    def say(self, guid: str, kind: int, body: str) -> None:
        pipeline = uuid.UUID(POOL) if guid == POOL else uuid.UUID(guid)
        self.last += 1
        message = wire.message_bytes(kind, self.runspace, pipeline, b"\xef\xbb\xbf" + body.encode())
        for fragment in wire.fragments(self.last, message):
            self.tell(guid, fragment)

    async def create(self, payload: bytes) -> None:
        for kind, runspace, _, _ in self.reader.feed(payload):
            self.runspace = runspace
            if kind == wire.SESSION_CAPABILITY:
                names = (("protocolversion", "2.3"), ("PSVersion", "2.0"), ("SerializationVersion", "1.1.0.1"))
                versions = "".join(f'<Version N="{name}">{value}</Version>' for name, value in names)
                self.say(POOL, wire.SESSION_CAPABILITY, f'<Obj RefId="0"><MS>{versions}</MS></Obj>')
            elif kind == wire.INIT_RUNSPACEPOOL:
                self.say(POOL, wire.APPLICATION_PRIVATE_DATA, '<Obj RefId="0"><MS><Nil N="ApplicationPrivateData"/></MS></Obj>')
                self.say(POOL, wire.RUNSPACEPOOL_STATE, '<Obj RefId="0"><MS><I32 N="RunspaceState">2</I32></MS></Obj>')

    async def command_(self, guid: str, payload: bytes) -> None:
        # What a client asks for itself is short.
        asyncio.ensure_future(self.run(guid, self.size if b"long-output" in payload else min(self.size, 100)))

    async def run(self, guid: str, left: int) -> None:
        while left > 0:
            # As a real server cuts long output: objects of about 100 kB.
            size = min(left, 100_000)
            left -= size
            self.say(guid, wire.PIPELINE_OUTPUT, f"<S>{'y' * size}</S>")
            await asyncio.sleep(0)
        self.say(guid, wire.PIPELINE_STATE, '<Obj RefId="0"><MS><I32 N="PipelineState">4</I32></MS></Obj>')
        self.tell(guid, None)

    async def data(self, guid: str, payload: bytes, stream: str = "Default") -> None:
        if guid == POOL:
            await self.create(payload)

    async def stop(self, guid: str) -> None:
        self.say(guid, wire.PIPELINE_STATE, '<Obj RefId="0"><MS><I32 N="PipelineState">3</I32></MS></Obj>')
        self.tell(guid, None)

    async def terminate(self, guid: str) -> None:
        pass

    async def delete(self) -> None:
        pass
