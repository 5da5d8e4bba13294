"""Answers in PowerShell's own shapes (see the captures), for what a capture does not hold itself."""

from __future__ import annotations

import base64
import random
from xml.etree import ElementTree

from capture import Message
from psrp_wire import PIPELINE_HOST_CALL, PIPELINE_OUTPUT, PIPELINE_STATE, escape, member, text_of

PROBE = "$?; [string](Get-Variable LASTEXITCODE -ValueOnly -Scope Global -ErrorAction Ignore); prompt"
# The same where methods may be called.
WHOLE_PROBE = "$?; [string]$ExecutionContext.SessionState.PSVariable.GetValue('global:LASTEXITCODE'); prompt"
PROBES = (PROBE, WHOLE_PROBE)
_BOM = "\ufeff"


def _message(kind: int, xml: str) -> Message:
    return Message("s2c", kind, (_BOM + xml).encode("utf-8"))


def runspace_state(state: int) -> bytes:
    return (_BOM + f'<Obj RefId="0"><MS><I32 N="RunspaceState">{state}</I32></MS></Obj>').encode()


def availability(free: int, call: int) -> bytes:
    xml = f'<I32 N="SetMinMaxRunspacesResponse">{free}</I32><I64 N="ci">{call}</I64>'
    return (_BOM + f'<Obj RefId="0"><MS>{xml}</MS></Obj>').encode()


def reset_done(call: int) -> bytes:
    xml = f'<B N="SetMinMaxRunspacesResponse">true</B><I64 N="ci">{call}</I64>'
    return (_BOM + f'<Obj RefId="0"><MS>{xml}</MS></Obj>').encode()


def state(number: int) -> Message:
    return _message(PIPELINE_STATE, f'<Obj RefId="0"><MS><I32 N="PipelineState">{number}</I32></MS></Obj>')


def failed(body: bytes) -> Message:
    return Message("s2c", PIPELINE_STATE, body)


def output_string(text: str) -> Message:
    return _message(PIPELINE_OUTPUT, f"<S>{escape(text)}</S>")


def output_number(value: int) -> Message:
    return _message(PIPELINE_OUTPUT, f"<I32>{value}</I32>")


def output_boolean(value: bool) -> Message:
    return _message(PIPELINE_OUTPUT, f"<B>{str(value).lower()}</B>")


def write_line(text: str) -> Message:
    return _message(
        PIPELINE_HOST_CALL,
        '<Obj RefId="0"><MS><I64 N="ci">-100</I64><Obj N="mi" RefId="1"><TN RefId="0">'
        "<T>System.Management.Automation.Remoting.RemoteHostMethodId</T><T>System.Enum</T><T>System.ValueType</T>"
        "<T>System.Object</T></TN><ToString>WriteLine2</ToString><I32>16</I32></Obj>"
        '<Obj N="mp" RefId="2"><TN RefId="1"><T>System.Collections.ArrayList</T><T>System.Object</T></TN>'
        f"<LST><S>{escape(text)}</S></LST></Obj></MS></Obj>",
    )


def _failure(number: int, text: str, reason: str, error_id: str, category: int, kind: str) -> Message:
    shown = escape(text)
    return _message(
        PIPELINE_STATE,
        f'<Obj RefId="0"><MS><I32 N="PipelineState">{number}</I32><Obj N="ExceptionAsErrorRecord" RefId="1">'
        '<TN RefId="0"><T>System.Management.Automation.ErrorRecord</T><T>System.Object</T></TN>'
        f'<ToString>{shown}</ToString><MS><Obj N="Exception" RefId="2"><TN RefId="1">'
        f"<T>System.Management.Automation.{reason}</T><T>System.Exception</T><T>System.Object</T></TN>"
        f"<ToString>System.Management.Automation.{reason}: {shown}</ToString>"
        f'<Props><S N="Message">{shown}</S></Props></Obj><Nil N="TargetObject" />'
        f'<S N="FullyQualifiedErrorId">{error_id}</S><Nil N="InvocationInfo" />'
        f'<I32 N="ErrorCategory_Category">{category}</I32><S N="ErrorCategory_Activity"></S>'
        f'<S N="ErrorCategory_Reason">{reason}</S><S N="ErrorCategory_TargetName"></S>'
        f'<S N="ErrorCategory_TargetType"></S><S N="ErrorCategory_Message">{kind}: (:) [], {reason}</S>'
        '<B N="SerializeExtendedInfo">false</B></MS></Obj></MS></Obj>',
    )


def incomplete() -> Message:
    text = "Missing closing '}' in statement block or type definition."
    return _failure(5, text, "IncompleteParseException", "MissingEndCurlyBrace", 17, "ParserError")


def stopped() -> Message:
    text = "The pipeline has been stopped."
    return _failure(3, text, "PipelineStoppedException", "PipelineStopped", 14, "OperationStopped")


def not_found(text: str) -> Message:
    reason = "CommandNotFoundException"
    return _failure(5, f"The capture has no line {text!r}.", reason, reason, 13, "ObjectNotFound")


def metadata() -> list[Message]:
    outputs = ['<Obj RefId="0"><MS><I32 N="Count">2</I32></MS></Obj>']
    outputs += [f'<Obj RefId="0"><MS><S N="Name">{n}</S></MS></Obj>' for n in ("Out-Default", "Exit-PSSession")]
    return [_message(PIPELINE_OUTPUT, xml) for xml in outputs] + [state(4)]


def record_message(record: ElementTree.Element) -> str:
    """An error record's own message, as Out-Default shows it."""
    exception = member(record, "Exception")
    message = text_of(member(exception, "Message")) if exception is not None else None
    return message or text_of(record.find("ToString")) or text_of(member(record, "ErrorCategory_Message")) or ""


def sealed_session_key(public_key: str, source: random.Random) -> bytes:
    """ENCRYPTED_SESSION_KEY for a client's PUBLICKEYBLOB: RSA PKCS#1 v1.5 of a new AES key, in CryptoAPI's SIMPLEBLOB."""
    blob = base64.b64decode(public_key)
    size = int.from_bytes(blob[12:16], "little") // 8
    exponent = int.from_bytes(blob[16:20], "little")
    modulus = int.from_bytes(blob[20 : 20 + size], "little")
    key = source.randbytes(32)
    padding = bytes(source.randrange(1, 256) for _ in range(size - 3 - len(key)))
    number = int.from_bytes(b"\x00\x02" + padding + b"\x00" + key, "big")
    sealed = pow(number, exponent, modulus).to_bytes(size, "little")
    text = base64.b64encode(bytes.fromhex("010200001066000000a40000") + sealed).decode()
    return (_BOM + f'<Obj RefId="0"><MS><S N="EncryptedSessionKey">{text}</S></MS></Obj>').encode()
