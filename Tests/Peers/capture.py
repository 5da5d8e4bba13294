"""Reads a captured PSRP session: its pipelines, and what either side said in each. Standard library only.

A capture has one JSON object a line: `t` seconds, `dir` (c2s, s2c, err, exit), `line` the bytes as text. It may be
compressed with xz.
"""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from psrp_wire import (
    CREATE_PIPELINE,
    GET_COMMAND_METADATA,
    PIPELINE_STATE,
    POOL,
    Creation,
    Defragmenter,
    member,
    number_of,
    parse_creation,
    parse_element,
    parse_xml,
    text_of,
)


@dataclass
class Message:
    """One PSRP message of a capture."""

    direction: str
    kind: int
    body: bytes

    @property
    def tree(self) -> ElementTree.Element | None:
        return parse_xml(self.body)


@dataclass
class Event:
    """An element of a capture; where it completed messages, those follow as events with the tag `message`."""

    direction: str
    tag: str
    message: Message | None = None


@dataclass
class Pipeline:
    """One PSGuid: what the client asked, and all elements of both sides, in order."""

    guid: str
    events: list[Event] = field(default_factory=list)
    creation: Creation | None = None
    is_metadata: bool = False

    @property
    def replies(self) -> list[Message]:
        return [e.message for e in self.events if e.direction == "s2c" and e.message is not None]

    @property
    def final_state(self) -> Message | None:
        states = [m for m in self.replies if m.kind == PIPELINE_STATE]
        return states[-1] if states else None

    @property
    def state_number(self) -> int | None:
        state = self.final_state
        return number_of(member(state.tree, "PipelineState")) if state else None

    @property
    def failure(self) -> ElementTree.Element | None:
        state = self.final_state
        return member(state.tree, "ExceptionAsErrorRecord") if state else None

    @property
    def is_incomplete(self) -> bool:
        """Whether the parser wants more: what was thrown with the same reason has an invocation."""
        record = self.failure
        reason = text_of(member(record, "ErrorCategory_Reason"))
        return reason == "IncompleteParseException" and member(record, "InvocationInfo").tag == "Nil"

    @property
    def is_refused(self) -> bool:
        """Whether the parser refused the text for good: nothing came of it, and the record has no script of its own."""
        record = self.failure
        if text_of(member(record, "ErrorCategory_Reason")) != "ParseException" or len(self.replies) > 1:
            return False
        if text_of(member(record, "ErrorDetails_ScriptStackTrace")):
            return False
        invocation = member(record, "InvocationInfo")
        return not text_of(member(invocation, "ScriptName"))

    @property
    def asks_for_cut(self) -> bool:
        """Whether it asks the parser for the blocks of a playbook, which is its argument."""
        return bool(self.creation and self.creation.asks_for_cut)

    @property
    def waits_for_stop(self) -> bool:
        """Whether it ends only when somebody stops it: it was stopped in the capture, or never ended there."""
        return self.state_number is None or (self.state_number == 3 and self.failure is not None)


@dataclass
class Capture:
    name: str
    rows: list[dict]
    pool: Pipeline
    pipelines: list[Pipeline]
    exit_status: str | None

    @property
    def died(self) -> bool:
        """Whether the server ended otherwise than PowerShell ends at the end of its input: status 160."""
        return self.exit_status not in ("160", None)

    @property
    def client_lines(self) -> list[str]:
        """What the client sent, line by line, terminators included."""
        return [row["line"] for row in self.rows if row.get("dir") == "c2s" and row["line"] != "<eof>"]


def read_rows(path: Path) -> list[dict]:
    raw = path.read_bytes()
    text = (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode("utf-8")
    return [json.loads(row) for row in text.split("\n") if row]


def load(path: Path) -> Capture:
    rows = read_rows(path)
    pool = Pipeline(POOL)
    pipelines: dict[str, Pipeline] = {}
    streams: dict[tuple[str, str, str], Defragmenter] = {}
    status = None
    for row in rows:
        direction = row.get("dir")
        if direction == "exit":
            status = str(row["line"])
        element = parse_element(row["line"]) if direction in ("c2s", "s2c") else None
        if element is None or not element.guid:
            continue
        owner = pool if element.guid == POOL else pipelines.setdefault(element.guid, Pipeline(element.guid))
        owner.events.append(Event(direction, element.tag))
        if element.tag != "Data":
            continue
        stream = streams.setdefault((direction, element.guid, element.attributes.get("Stream", "")), Defragmenter())
        try:
            parts = stream.feed(element.payload)
        except ValueError:
            continue  # a capture of what a server does with junk
        for kind, _, _, body in parts:
            owner.events.append(Event(direction, "message", Message(direction, kind, body)))
            if kind == CREATE_PIPELINE:
                owner.creation = parse_creation(body)
            owner.is_metadata = owner.is_metadata or kind == GET_COMMAND_METADATA
    return Capture(path.name.split(".")[0], rows, pool, list(pipelines.values()), status)
