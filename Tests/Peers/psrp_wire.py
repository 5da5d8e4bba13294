"""PSRP's out-of-process framing, as small as a test peer needs it. Standard library only."""

from __future__ import annotations

import base64
import re
import struct
import uuid
from dataclasses import dataclass
from xml.etree import ElementTree

POOL = "00000000-0000-0000-0000-000000000000"

SESSION_CAPABILITY = 0x00010002
INIT_RUNSPACEPOOL = 0x00010004
PUBLIC_KEY = 0x00010005
ENCRYPTED_SESSION_KEY = 0x00010006
RUNSPACE_AVAILABILITY = 0x00021004
RUNSPACEPOOL_STATE = 0x00021005
CREATE_PIPELINE = 0x00021006
GET_AVAILABLE_RUNSPACES = 0x00021007
APPLICATION_PRIVATE_DATA = 0x00021009
GET_COMMAND_METADATA = 0x0002100A
RESET_RUNSPACE_STATE = 0x0002100C
PIPELINE_INPUT = 0x00041002
END_OF_PIPELINE_INPUT = 0x00041003
PIPELINE_OUTPUT = 0x00041004
ERROR_RECORD = 0x00041005
PIPELINE_STATE = 0x00041006
PIPELINE_HOST_CALL = 0x00041100
PIPELINE_HOST_RESPONSE = 0x00041101

MAXIMUM_FRAGMENT = 32768
_ELEMENT = re.compile(r"^\s*<(\w+)\s+([^>]*?)\s*(?:/>|>(.*)</\1>)\s*$", re.S)
_ATTRIBUTE = re.compile(r"(\w+)=(?:'([^']*)'|\"([^\"]*)\")")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PAIR = re.compile("[\\ud800-\\udbff][\\udc00-\\udfff]")


@dataclass
class Element:
    """One line of the framing: `<Data Stream='…' PSGuid='…'>…</Data>` or `<Close PSGuid='…' />` and its like."""

    tag: str
    attributes: dict[str, str]
    text: str

    @property
    def guid(self) -> str:
        return self.attributes.get("PSGuid", "").lower()

    @property
    def payload(self) -> bytes:
        """The bytes of a Data; raises ValueError where they are no base64."""
        return base64.b64decode(self.text, validate=True)


def parse_element(line: str) -> Element | None:
    match = _ELEMENT.match(line)
    if not match:
        return None
    attributes = {name: single or double for name, single, double in _ATTRIBUTE.findall(match.group(2))}
    return Element(match.group(1), attributes, match.group(3) or "")


def element(tag: str, guid: str) -> bytes:
    return f"<{tag} PSGuid='{guid}' />\n".encode()


def data_element(guid: str, payload: bytes, stream: str = "Default") -> bytes:
    return f"<Data Stream='{stream}' PSGuid='{guid}'>{base64.b64encode(payload).decode()}</Data>\n".encode()


def fragments(object_id: int, message: bytes, limit: int = MAXIMUM_FRAGMENT) -> list[bytes]:
    """A message cut into fragments of at most `limit` bytes, their 21-byte headers included."""
    room = limit - 21
    pieces = [message[i : i + room] for i in range(0, len(message), room)] or [b""]
    cut = []
    for number, piece in enumerate(pieces):
        flags = (1 if number == 0 else 0) | (2 if number == len(pieces) - 1 else 0)
        cut.append(struct.pack(">QQBI", object_id, number, flags, len(piece)) + piece)
    return cut


def message_bytes(kind: int, runspace: uuid.UUID, pipeline: uuid.UUID, body: bytes, destination: int = 1) -> bytes:
    return struct.pack("<II", destination, kind) + runspace.bytes_le + pipeline.bytes_le + body


class Defragmenter:
    """The messages in the fragments of one (PSGuid, stream); raises ValueError where they break the rules."""

    def __init__(self) -> None:
        self.held = b""
        self.open: tuple[int, int, bytes] | None = None

    def feed(self, data: bytes) -> list[tuple[int, uuid.UUID, uuid.UUID, bytes]]:
        self.held += data
        messages = []
        while len(self.held) >= 21:
            object_id, fragment_id, flags, length = struct.unpack(">QQBI", self.held[:21])
            if length + 21 > MAXIMUM_FRAGMENT or length == 0:
                raise ValueError(f"a fragment of {length} bytes")
            if len(self.held) < 21 + length:
                break
            blob, self.held = self.held[21 : 21 + length], self.held[21 + length :]
            if flags & 1:
                if fragment_id != 0 or self.open is not None:
                    raise ValueError("a first fragment where none belongs")
                self.open = (object_id, 0, blob)
            elif self.open is None or self.open[:2] != (object_id, fragment_id - 1):
                raise ValueError("a fragment out of its order")
            else:
                self.open = (object_id, fragment_id, self.open[2] + blob)
            if flags & 2:
                whole, self.open = self.open[2], None
                if len(whole) < 40:
                    raise ValueError("a message shorter than its header")
                kind = struct.unpack("<I", whole[4:8])[0]
                messages.append((kind, uuid.UUID(bytes_le=whole[8:24]), uuid.UUID(bytes_le=whole[24:40]), whole[40:]))
        return messages


# CLIXML, read as far as a peer needs it.


def unescape(text: str) -> str:
    """CLIXML's `_xHHHH_`, the halves of a surrogate pair joined."""
    units = _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text)
    return _PAIR.sub(lambda match: match.group().encode("utf-16", "surrogatepass").decode("utf-16"), units)


def escape(text: str) -> str:
    """Text as CLIXML and XML want it."""
    escaped = re.sub(r"_(?=[xX][0-9A-Fa-f]{4}_)", "_x005F_", text)
    escaped = re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda match: f"_x{ord(match.group()):04X}_", escaped)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def parse_xml(body: bytes) -> ElementTree.Element | None:
    return ElementTree.fromstring(body.decode("utf-8-sig")) if body else None


def member(node: ElementTree.Element | None, name: str) -> ElementTree.Element | None:
    """An object's property of that name, adapted or extended."""
    if node is None:
        return None
    for members in node.findall("MS") + node.findall("Props"):
        for child in members:
            if child.get("N") == name:
                return child
    return None


def text_of(node: ElementTree.Element | None) -> str | None:
    """A primitive's text; None for Nil and for what is not there."""
    if node is None or node.tag == "Nil":
        return None
    return unescape(node.text or "")


def number_of(node: ElementTree.Element | None) -> int | None:
    """A whole number, bare or under an enum."""
    if node is None:
        return None
    for candidate in [node, *node]:
        if candidate.tag in ("I32", "I64", "U32", "By"):
            return int(candidate.text or "0")
    return None


def flag_of(node: ElementTree.Element | None) -> bool:
    return node is not None and (node.text or "").lower() == "true"


@dataclass(frozen=True)
class Command:
    text: str
    is_script: bool
    arguments: tuple[tuple[str | None, str | None], ...] = ()


@dataclass
class Creation:
    """What a CREATE_PIPELINE asks for."""

    commands: list[Command]
    statements: int
    history: str | None
    add_to_history: bool
    no_input: bool

    @property
    def shape(self) -> tuple:
        return tuple(self.commands)

    @property
    def line(self) -> str:
        """The line behind it: a script's own text, or for parsed commands the history that pwsh keeps with them."""
        first = self.commands[0] if self.commands else Command("", True)
        return first.text if first.is_script else (self.history or first.text)

    @property
    def is_line(self) -> bool:
        """Whether it is an input line, rather than something a client asks for itself.

        pwsh sends the statements of one line as several; two scripts in one pipeline are a line and a client's probe.
        """
        if not self.commands or self.renders or (self.statements > 1 and self.commands[0].is_script):
            return False
        return self.add_to_history or self.commands[-1].text == "Out-Default"

    @property
    def asks_for_cut(self) -> bool:
        """Whether it asks PowerShell's own parser for the blocks of a playbook, its one argument."""
        return len(self.commands) == 1 and "Language.Parser]::ParseInput" in self.commands[0].text

    @property
    def argument(self) -> str | None:
        """The value of the first command's first argument."""
        return next((value for _, value in self.commands[0].arguments), None)

    @property
    def renders(self) -> bool:
        """Whether it is a pipeline that has the far side show an error record."""
        return not self.no_input and [c.text for c in self.commands] == ["Out-Default"]


def parse_creation(body: bytes) -> Creation:
    root = parse_xml(body)
    shell = member(root, "PowerShell")
    commands = []
    listing = member(shell, "Cmds")
    for entry in listing.iterfind("LST/Obj") if listing is not None else []:
        arguments = tuple(
            (text_of(member(argument, "N")), _argument(member(argument, "V")))
            for argument in entry.iterfind("MS/Obj[@N='Args']/LST/Obj")
        )
        commands.append(Command(text_of(member(entry, "Cmd")) or "", flag_of(member(entry, "IsScript")), arguments))
    extra = member(shell, "ExtraCmds")
    return Creation(
        commands,
        len(extra.findall("LST/Obj")) if extra is not None else 1,
        text_of(member(shell, "History")),
        flag_of(member(root, "AddToHistory")),
        flag_of(member(root, "NoInput")),
    )


def _argument(node: ElementTree.Element | None) -> str | None:
    if node is not None and node.tag == "Obj":
        return text_of(node.find("ToString"))
    return text_of(node)
