"""WSMan's envelopes, as a server of the tests reads and writes them (MS-WSMV). Standard library only."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.sax.saxutils import escape

S = "http://www.w3.org/2003/05/soap-envelope"
A = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
W = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
P = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
RSP = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
X = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
F = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
PS = "http://schemas.microsoft.com/powershell"

# The spelling is the protocol's.
STOP = "powershell/signal/crtl_c"
TERMINATE = (f"{RSP}/signal/Terminate", f"{RSP}/signal/terminate")

ACTIONS = {
    f"{X}/Create": "Create",
    f"{X}/Delete": "Delete",
    **{f"{RSP}/{name}": name for name in ("Command", "Send", "Receive", "Signal")},
}

# Codes of faults: what they mean, and the SOAP code and subcode that go with them.
IDLE = 2150858793
UNKNOWN = 2150858843
TOO_LARGE = 2150858790
RECEIVING = 2150859047
BAD_URI = 2150858811
BAD_HEADER = 2150858767
QUOTA = 2150859173
INVALID = 87
ABORTED = 995

FAULTS = {
    IDLE: ("s:Receiver", "w:TimedOut", "The WS-Management service cannot complete the operation within the time specified."),
    UNKNOWN: ("s:Sender", "w:InvalidSelectors", "The request for the Windows Remote Shell failed because the shell was not found."),
    TOO_LARGE: ("s:Receiver", "w:EncodingLimit", "The WS-Management service cannot process a SOAP packet of this size."),
    RECEIVING: ("s:Receiver", "w:Concurrency", "A Receive operation is already in progress."),
    BAD_URI: ("s:Sender", "wsa:DestinationUnreachable", "The resource URI cannot be found."),
    BAD_HEADER: ("s:Sender", "w:SchemaValidationError", "A header of the request cannot be processed."),
    QUOTA: ("s:Receiver", "w:QuotaLimit", "This user has exceeded the maximum number of concurrent shells allowed."),
    INVALID: ("s:Sender", "w:InternalError", "The parameter is incorrect."),
    ABORTED: ("s:Receiver", "w:InternalError", "The I/O operation has been aborted."),
}


class Fault(Exception):
    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(code)
        self.code, self.text = code, text


@dataclass
class Request:
    """One request: its header as far as a server looks at it, and its operation."""

    name: str
    message: str
    resource: str
    session: str | None
    shell: str | None
    max_envelope: int
    timeout: float
    options: dict[str, str]
    body: ElementTree.Element = field(repr=False)
    size: int = 0
    said: dict[str, str] = field(default_factory=dict)

    @property
    def operation(self) -> ElementTree.Element:
        return self.body[0] if len(self.body) else self.body

    @property
    def command(self) -> str | None:
        """The CommandId, wherever the operation has it."""
        for node in self.body.iter():
            if "CommandId" in node.attrib:
                return node.attrib["CommandId"].upper()
        return None

    @property
    def code(self) -> str:
        """What a Signal says."""
        return self.operation.findtext(f"{{{RSP}}}Code") or ""

    @property
    def label(self) -> str:
        """The operation by the name that plans and logs use."""
        if self.name == "Receive":
            return "ReceiveCommand" if self.command else "Receive"
        if self.name == "Send":
            return "SendPr" if self.stream[0] == "pr" else "Send"
        if self.name == "Signal":
            return "Stop" if self.code == STOP else "Terminate" if self.code in TERMINATE else "Signal"
        return self.name

    @property
    def stream(self) -> tuple[str, bytes]:
        node = self.operation.find(f"{{{RSP}}}Stream")
        return node.attrib["Name"], base64.b64decode(node.text or "", validate=True)

    def bytes_of(self, path: str) -> bytes:
        return base64.b64decode(self.operation.findtext(path) or "", validate=True)


def seconds(text: str | None) -> float:
    """A duration as PT20S, PT0.5S or PT3M."""
    if not text or not text.startswith("PT"):
        raise Fault(BAD_HEADER, f"OperationTimeout {text}")
    return float(text[2:-1]) * {"S": 1, "M": 60, "H": 3600}[text[-1]]


def read(envelope: bytes) -> Request:
    """Reads a request; raises Fault, or ParseError where it is not XML."""
    root = ElementTree.fromstring(envelope.rstrip(b"\0"))
    header, body = root.find(f"{{{S}}}Header"), root.find(f"{{{S}}}Body")
    if root.tag != f"{{{S}}}Envelope" or header is None or body is None:
        raise Fault(BAD_HEADER, "not an envelope")

    def text(tag: str) -> str | None:
        return header.findtext(tag)

    action = text(f"{{{A}}}Action") or ""
    if action not in ACTIONS:
        raise Fault(2150858771, f"the action {action}")
    selectors = {node.attrib.get("Name", "").lower(): node.text for node in header.iter(f"{{{W}}}Selector")}
    options = {node.attrib["Name"]: node.text or "" for node in header.iter(f"{{{W}}}Option")}
    message = text(f"{{{A}}}MessageID") or ""
    if not message.startswith("uuid:") or message != "uuid:" + message[5:].upper():
        raise Fault(BAD_HEADER, f"MessageID {message}")
    if text(f"{{{A}}}ReplyTo/{{{A}}}Address") != f"{A}/role/anonymous" or not text(f"{{{A}}}To"):
        raise Fault(BAD_HEADER, "ReplyTo or To")
    return Request(
        ACTIONS[action],
        message,
        text(f"{{{W}}}ResourceURI") or "",
        text(f"{{{P}}}SessionId"),
        selectors.get("shellid"),
        int(text(f"{{{W}}}MaxEnvelopeSize") or "153600"),
        seconds(text(f"{{{W}}}OperationTimeout") or "PT60S"),
        options,
        body,
        len(envelope),
        said(header, body, options),
    )


def said(header: ElementTree.Element, body: ElementTree.Element, options: dict[str, str]) -> dict[str, str]:
    """What of a request a session option decides, by short names."""
    found = {f"option {name}": value for name, value in options.items()}
    for name, tag in (("locale", f"{{{W}}}Locale"), ("data locale", f"{{{P}}}DataLocale")):
        node = header.find(tag)
        if node is not None:
            found[name] = node.attrib.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    found["operation timeout"] = header.findtext(f"{{{W}}}OperationTimeout") or ""
    found["envelope"] = header.findtext(f"{{{W}}}MaxEnvelopeSize") or ""
    found["resource"] = header.findtext(f"{{{W}}}ResourceURI") or ""
    found["to"] = header.findtext(f"{{{A}}}To") or ""
    for node in body.iter(f"{{{RSP}}}IdleTimeOut"):
        found["idle"] = node.text or ""
    return found


def answer(action: str, relates_to: str, body: str) -> bytes:
    head = (
        f'<s:Envelope xml:lang="en-US" xmlns:s="{S}" xmlns:a="{A}" xmlns:wsa="{A}" xmlns:x="{X}" xmlns:w="{W}" '
        f'xmlns:rsp="{RSP}" xmlns:p="{P}"><s:Header><a:Action>{action}</a:Action>'
        f"<a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>"
        f"<a:To>{A}/role/anonymous</a:To><a:RelatesTo>{escape(relates_to)}</a:RelatesTo></s:Header><s:Body>"
    )
    return f"{head}{body}</s:Body></s:Envelope>".encode()


def fault(relates_to: str, error: Fault) -> bytes:
    code, subcode, reason = FAULTS.get(error.code, ("s:Sender", "w:InternalError", "The request failed."))
    text = escape(f"{reason} {error.text}".strip())
    body = (
        f"<s:Fault><s:Code><s:Value>{code}</s:Value><s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{text}</s:Text></s:Reason><s:Detail>'
        f'<f:WSManFault xmlns:f="{F}" Code="{error.code}" Machine="peer"><f:Message>{text}</f:Message></f:WSManFault>'
        "</s:Detail></s:Fault>"
    )
    return answer(f"{W[:-4]}/fault", relates_to, body)


def created(request: Request, shell: str, url: str, *, with_shell: bool) -> bytes:
    address = url if with_shell else f"{A}/role/anonymous"
    body = (
        f"<x:ResourceCreated><a:Address>{escape(address)}</a:Address><a:ReferenceParameters>"
        f"<w:ResourceURI>{escape(request.resource)}</w:ResourceURI><w:SelectorSet>"
        f'<w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>'
    )
    if with_shell:
        body += (
            f"<rsp:Shell><rsp:ShellId>{shell}</rsp:ShellId><rsp:ResourceUri>{escape(request.resource)}</rsp:ResourceUri>"
            "<rsp:Owner>peer</rsp:Owner><rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut>"
            "<rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>"
            "<rsp:State>Connected</rsp:State></rsp:Shell>"
        )
    return answer(f"{X}/CreateResponse", request.message, body)


def received(request: Request, streams: list[bytes], command: str | None, state: str | None, exit_code: bool) -> bytes:
    name = f' CommandId="{command}"' if command else ""
    body = "".join(f'<rsp:Stream Name="stdout"{name}>{base64.b64encode(s).decode()}</rsp:Stream>' for s in streams)
    if state:
        code = "<rsp:ExitCode>0</rsp:ExitCode>" if exit_code else ""
        body += f'<rsp:CommandState{name} State="{RSP}/CommandState/{state}">{code}</rsp:CommandState>'
    return answer(f"{RSP}/ReceiveResponse", request.message, f"<rsp:ReceiveResponse>{body}</rsp:ReceiveResponse>")


def commanded(request: Request, command: str) -> bytes:
    body = f"<rsp:CommandResponse><rsp:CommandId>{command}</rsp:CommandId></rsp:CommandResponse>"
    return answer(f"{RSP}/CommandResponse", request.message, body)


def done(request: Request) -> bytes:
    if request.name == "Delete":
        return answer(f"{X}/DeleteResponse", request.message, "")
    return answer(f"{RSP}/{request.name}Response", request.message, f"<rsp:{request.name}Response/>")
