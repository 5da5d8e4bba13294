#!/usr/bin/env python3
"""A PSRP server on standard input and output, written on psrpcore's server classes.

Scripts run in one /bin/sh, whose state lasts; a first line `: psrp WORDS` is a directive instead (see Directives). It is
as strict on framing as PowerShell: what it does not know ends it with status 160. Faults on demand:

--banner TEXT       prints a line before it says anything else; --junk BYTES that many bytes of such lines
--protocol VERSION  says that it speaks that version
--silent            reads and never answers
--exit STATUS       ends at once, with a line on its standard error
--keep FOLDER       runs nothing: every script goes, as UTF-8, to a numbered file there
--language NAME     what its PSVersionTable says of the language of its scripts
--endless           begins a message before its pool is open, and does not end it
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import re
import selectors
import sys
import uuid
from pathlib import Path

import psrpcore
from psrpcore import PSRPPayload, ServerPipeline, ServerRunspacePool, StreamType
from psrpcore.types import (
    ChoiceDescription,
    ConsoleColor,
    ErrorCategory,
    ErrorCategoryInfo,
    ErrorRecord,
    FieldDescription,
    HostMethodIdentifier,
    NETException,
    ProgressRecordType,
    PSCustomObject,
    PSInvocationState,
    PSSecureString,
    PSVersion,
)

from posix_shell import PosixShell, syntax_error
from psrp_wire import POOL, data_element, element, parse_element
from replies import PROBE

# Each client on Linux, PowerShell's own too, has consoles whose colours are -1, "none": an enum's value to PowerShell, and
# to psrpcore none of ConsoleColor's. Nothing here asks for the colours.
ConsoleColor._missing_ = classmethod(lambda cls, value: cls.Gray if value == -1 else None)

Method = HostMethodIdentifier
HERE_STRING = re.compile(r"@(['\"])[ \t]*\r?\n.*?^\1@", re.S | re.M)


class Ended(Exception):
    """The server ends, with that status."""


def error_record(text: str, reason: str, error_id: str, category: ErrorCategory) -> ErrorRecord:
    exception = NETException(Message=text)
    exception.PSObject.type_names = [f"System.Management.Automation.{reason}", *exception.PSTypeNames]
    return ErrorRecord(
        Exception=exception,
        CategoryInfo=ErrorCategoryInfo(Category=category, Reason=reason),
        FullyQualifiedErrorId=error_id,
    )


def is_incomplete_powershell(script: str) -> bool:
    """Enough of PowerShell's rule for scripts that are kept, not run: an open here-string, quote or brace."""
    rest = HERE_STRING.sub("", script)
    if re.search(r"@['\"][ \t]*\r?$", rest, re.M):
        return True
    code = re.sub(r"'[^']*'|\"(?:`.|[^\"])*\"|#[^\n]*", "", rest)
    return "'" in code or '"' in code or code.count("{") > code.count("}") or code.rstrip(" \t").endswith(("|", "`"))


class Running:
    """A pipeline of the client: what it asked, and how far it is."""

    def __init__(self, server: Server, guid: str) -> None:
        self.server = server
        self.guid = guid
        self.core = ServerPipeline(server.pool, uuid.UUID(guid))
        self.shows = False
        self.input: list[object] = []
        self.partial = {"out": "", "err": ""}
        self.on_reply = None
        self.keeps_running = False

    def start(self, shows: bool) -> None:
        self.shows = shows
        self.core._change_state(PSInvocationState.Running, emit=False)  # PowerShell tells final states only

    @property
    def is_running(self) -> bool:
        return self.core.state == PSInvocationState.Running

    def show(self, text: str) -> None:
        """A line of output: to the client's host where Out-Default ends the pipeline, else as an object."""
        if self.shows:
            self.core.host_call(Method.WriteLine2, [text])
        else:
            self.core.write_output(text)

    def show_error(self, text: str) -> None:
        if self.shows:
            self.core.host_call(Method.WriteErrorLine, [text])
        else:
            self.core.write_error(
                NETException(Message=text),
                ErrorCategoryInfo(Category=ErrorCategory.NotSpecified, Reason="RemoteException"),
                fully_qualified_error_id="NativeCommandError",
            )

    def complete(self) -> None:
        self.core.complete()

    def fail(self, record: ErrorRecord) -> None:
        self.core._change_state(PSInvocationState.Failed, record)

    def call(self, method: Method, parameters: list, on_reply) -> None:
        self.on_reply = on_reply
        self.core.host_call(method, parameters)


class Server:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.pool = ServerRunspacePool({"PSVersionTable": {"PSVersion": PSVersion("7.4.0")}})
        if options.language:
            self.pool.application_private_data["PSVersionTable"]["Language"] = options.language
        if options.protocol:
            self.pool.our_capability.protocolversion = PSVersion(options.protocol)
        self.pipelines: dict[str, Running] = {}
        self.closed: set[str] = set()
        self.wanted_end = False
        self.shell: PosixShell | None = None
        self.in_shell: Running | None = None
        self.folder = os.getcwd()
        self.last_status = 0
        self.kept = 0
        self.selector = selectors.DefaultSelector()
        self.held = b""

    # MARK: the loop

    def run(self) -> int:
        self.selector.register(0, selectors.EVENT_READ, self.read_input)
        try:
            while True:
                for key, _ in self.selector.select():
                    if self.is_watched(key.fd):
                        key.data()
                self.flush()
        except Ended as end:
            return end.args[0]
        finally:
            if self.shell:
                self.shell.close()

    def read_input(self) -> None:
        data = os.read(0, 1 << 16)
        if not data:
            raise Ended(160)
        self.held += data
        *lines, self.held = self.held.split(b"\n")
        for line in lines:
            self.take(line.decode("utf-8", "replace"))
            self.flush()

    def write(self, data: bytes) -> None:
        while data:
            data = data[os.write(1, data) :]

    def flush(self) -> None:
        """Sends what psrpcore has ready, one fragment in each Data, as PowerShell does."""
        while True:
            payload = self.pool.data_to_send(32768)
            if payload is None:
                return
            guid = str(payload.pipeline_id) if payload.pipeline_id else POOL
            self.write(data_element(guid, payload.data))

    def write_endlessly(self, guid: str) -> None:
        """Fragments of one message that never ends."""
        for number in itertools.count():
            header = (999).to_bytes(8, "big") + number.to_bytes(8, "big") + bytes([number == 0])
            self.write(data_element(guid, header + (32747).to_bytes(4, "big") + bytes(32747)))

    def refuse(self, text: str) -> None:
        self.write(f"__NamedPipeError__:{text}\n".encode())
        raise Ended(160)

    # MARK: elements

    def take(self, line: str) -> None:
        item = parse_element(line)
        if item is None or item.tag not in ("Data", "Command", "Signal", "Close"):
            self.refuse(f'An unknown element "{item.tag if item else ""}" was received.')
        wanted = ["PSGuid", "Stream"] if item.tag == "Data" else ["PSGuid"]
        if sorted(item.attributes) != wanted or (item.tag == "Data" and not item.text):
            self.refuse("wrong attributes")
        if self.options.silent:
            return
        getattr(self, "take_" + item.tag.lower())(item)

    def take_command(self, item) -> None:
        self.pipelines[item.guid] = Running(self, item.guid)
        self.write(element("CommandAck", item.guid))

    def take_data(self, item) -> None:
        guid = item.guid
        if self.options.endless:
            self.write_endlessly(guid)
        if guid != POOL and guid not in self.pipelines:
            self.write(element("DataAck", guid))
            return
        is_reply = item.attributes["Stream"] == "PromptResponse"
        stream = StreamType.prompt_response if is_reply else StreamType.default
        self.pool.receive_data(PSRPPayload(item.payload, stream, None if guid == POOL else uuid.UUID(guid)))
        self.flush()
        while (event := self.pool.next_event()) is not None:
            self.take_event(event)
        self.flush()
        self.write(element("DataAck", guid))

    def take_signal(self, item) -> None:
        running = self.pipelines.get(item.guid)
        if running and running.is_running:
            self.interrupt(running)
        self.write(element("SignalAck", item.guid))

    def take_close(self, item) -> None:
        if item.guid == POOL:
            self.wanted_end = True
        else:
            self.closed.add(item.guid)
            running = self.pipelines.get(item.guid)
            if running and running.is_running:
                self.interrupt(running)
            if running:
                running.core.close()
            self.write(element("CloseAck", item.guid))
        if self.wanted_end and self.closed >= set(self.pipelines):
            self.pool.begin_close()
            self.pool.close()
            self.flush()
            self.write(element("CloseAck", POOL))

    # MARK: events of psrpcore

    def take_event(self, event: psrpcore.PSRPEvent) -> None:
        running = self.pipelines.get(str(event.pipeline_id)) if event.pipeline_id else None
        if isinstance(event, psrpcore.CreatePipelineEvent):
            self.create(running, event.pipeline)
        elif isinstance(event, psrpcore.GetCommandMetadataEvent):
            self.describe(running)
        elif isinstance(event, psrpcore.PipelineInputEvent):
            running.input.append(event.data)
        elif isinstance(event, psrpcore.EndOfPipelineInputEvent):
            self.end_input(running)
        elif isinstance(event, psrpcore.PipelineHostResponseEvent):
            on_reply, running.on_reply = running.on_reply, None
            if on_reply and running.is_running:
                on_reply(event)
        elif isinstance(event, psrpcore.GetAvailableRunspacesEvent):
            self.pool.runspace_availability_response(event.ci, 0 if self.in_shell else 1)
        elif isinstance(event, psrpcore.ResetRunspaceStateEvent):
            self.pool.runspace_availability_response(event.ci, True)

    def describe(self, running: Running) -> None:
        running.start(False)
        running.core.write_output(PSCustomObject(Count=2))
        for name in ("Out-Default", "Exit-PSSession"):
            running.core.write_output(PSCustomObject(Name=name, Namespace="", CommandType=8))
        running.complete()

    def create(self, running: Running, shell) -> None:
        commands = shell.commands
        shows = commands[-1].command_text == "Out-Default"
        running.start(shows)
        first = commands[0]
        if shows and len(commands) == 1:
            return  # an error record to be shown comes as input
        if not shell.no_input:
            running.keeps_running = True
            return
        text = first.command_text
        if not first.is_script:
            words = [text] + [str(a.value if a.value is not None else a.name) for a in getattr(first, "parameters", [])]
            text = " ".join(words)
        self.begin(running, text, first.is_script)

    def begin(self, running: Running, text: str, is_script: bool) -> None:
        if text == PROBE:
            running.core.write_output(self.last_status == 0)
            running.core.write_output(str(self.last_status))
            running.core.write_output(self.prompt)
            return running.complete()
        # A far side that knows nothing of blocks answers the question for them with the prompt behind it.
        if (text == "prompt" and not is_script) or (is_script and "Language.Parser]::ParseInput" in text):
            running.core.write_output(self.prompt)
            return running.complete()
        if text == "Exit-PSSession":
            running.core.host_call(Method.PopRunspace, [])
            return running.complete()
        if self.options.keep:
            return self.keep(running, text)
        # Comments come with the line behind them.
        first = next((line for line in text.split("\n") if not line.startswith("#")), "")
        if first.startswith(": psrp "):
            return Directives(self, running, first[7:]).run()
        fault = syntax_error(text)
        if fault:
            reason = "IncompleteParseException" if fault[0] else "ParseException"
            return running.fail(error_record(fault[1], reason, "SyntaxError", ErrorCategory.ParserError))
        self.run_script(running, text)

    def keep(self, running: Running, text: str) -> None:
        if is_incomplete_powershell(text):
            record = error_record("More is needed.", "IncompleteParseException", "Open", ErrorCategory.ParserError)
            return running.fail(record)
        self.kept += 1
        (Path(self.options.keep) / f"{self.kept:04}").write_bytes(text.encode("utf-8", "surrogatepass"))
        running.complete()

    def end_input(self, running: Running) -> None:
        if running.keeps_running:
            for value in running.input:
                running.show(f"got {value}")
            return running.complete()
        for record in running.input:
            message = getattr(getattr(record, "Exception", None), "Message", None) or str(record)
            for line in f"Error: {message}".split("\n"):
                running.show(line)
        running.complete()

    @property
    def prompt(self) -> str:
        return f"PS {self.folder}> "

    # MARK: the shell

    def run_script(self, running: Running, text: str) -> None:
        if self.shell is None:
            self.shell = PosixShell()
            self.selector.register(self.shell.out, selectors.EVENT_READ, lambda: self.read_shell("out"))
            self.selector.register(self.shell.err, selectors.EVENT_READ, lambda: self.read_shell("err"))
            self.selector.register(self.shell.status, selectors.EVENT_READ, self.read_status)
        self.in_shell = running
        self.shell.run(text)

    def read_shell(self, name: str) -> bool:
        """Takes what one stream has; False where it has nothing now."""
        descriptor = self.shell.out if name == "out" else self.shell.err
        try:
            data = os.read(descriptor, 1 << 16)
        except BlockingIOError:
            return False
        if not data:
            if self.is_watched(descriptor):
                self.selector.unregister(descriptor)
            return False
        if self.in_shell and self.in_shell.is_running:
            text = self.in_shell.partial[name] + data.decode("utf-8", "replace")
            *lines, self.in_shell.partial[name] = text.split("\n")
            for line in lines:
                self.in_shell.show(line) if name == "out" else self.in_shell.show_error(line)
        return True

    def is_watched(self, descriptor: int) -> bool:
        return descriptor in self.selector.get_map()

    def drain_shell(self) -> None:
        for name in ("out", "err"):
            while self.read_shell(name):
                pass
        running = self.in_shell
        if running and running.is_running:
            if running.partial["out"]:
                running.show(running.partial["out"])
            if running.partial["err"]:
                running.show_error(running.partial["err"])

    def read_status(self) -> None:
        data = os.read(self.shell.status, 1 << 16)
        self.drain_shell()
        running, self.in_shell = self.in_shell, None
        if data:
            status, _, folder = data.decode("utf-8", "replace").partition(" ")
            self.last_status, self.folder = int(status), folder.rstrip("\n")
        else:
            status = self.shell.process.wait()
            self.drop_shell()
            self.last_status = status if status >= 0 else 128 - status
            if running and running.is_running:
                running.core.host_call(Method.SetShouldExit, [self.last_status])
        if running and running.is_running:
            running.complete()

    def drop_shell(self) -> None:
        for descriptor in (self.shell.out, self.shell.err, self.shell.status):
            if self.is_watched(descriptor):
                self.selector.unregister(descriptor)
        self.shell.close()
        self.shell = None

    def interrupt(self, running: Running) -> None:
        if self.in_shell is running:
            self.drain_shell()
            self.drop_shell()
            self.in_shell = None
        running.core.stop()


class Directives:
    """What a client can make this server do: the first word names it, the rest is its text."""

    def __init__(self, server: Server, running: Running, line: str) -> None:
        self.server = server
        self.running = running
        self.word, _, self.text = line.split("\n")[0].partition(" ")

    def run(self) -> None:
        getattr(self, self.word.replace("-", "_"))()

    # MARK: host calls that want a reply

    def _ask(self, method: Method, parameters: list) -> None:
        def answered(event) -> None:
            if event.error is not None:
                self.running.show_error(f"refused: {event.error.FullyQualifiedErrorId}: {event.error}")
            else:
                self.running.show(f"answered: {self._plain(event.result)}")
            self.running.complete()

        self.running.call(method, parameters, answered)

    def _plain(self, value: object) -> str:
        if isinstance(value, PSSecureString):
            return "secret " + hashlib.sha256(value.decrypt().encode()).hexdigest()[:16]
        if isinstance(value, dict):
            return ", ".join(f"{key}={self._plain(item)}" for key, item in value.items())
        if hasattr(value, "UserName"):
            return f"{value.UserName} {self._plain(value.Password)}"
        return str(value)

    def read_line(self) -> None:
        self._ask(Method.ReadLine, [])

    def read_secret(self) -> None:
        self._ask(Method.ReadLineAsSecureString, [])

    def prompt(self) -> None:
        caption, message, *names = self.text.split("|")
        self._ask(Method.Prompt, [caption, message, [FieldDescription(name) for name in names]])

    def prompt_secret(self) -> None:
        """As a mandatory parameter that takes a SecureString does."""
        field = FieldDescription(self.text, ParameterTypeFullName="System.Security.SecureString")
        self._ask(Method.Prompt, ["caption", "message", [field]])

    def choice(self) -> None:
        caption, message, labels, default = self.text.split("|")
        choices = [ChoiceDescription(label) for label in labels.split(",")]
        self._ask(Method.PromptForChoice, [caption, message, choices, int(default)])

    def credential(self) -> None:
        self._ask(Method.PromptForCredential2, ["caption", self.text, "user", "target", 1, 0])

    def tell_secret(self) -> None:
        """Asks for a secret and tells it, in one piece and in several."""

        def answered(event) -> None:
            secret = event.result.decrypt()
            core = self.running.core
            for piece in (f"whole {secret}\n", f"in pieces {secret[:2]}", secret[2:-1], f"{secret[-1:]}\n"):
                core.host_call(Method.Write1, [piece])
            core.write_error(NETException(Message="error " + secret + "\u0301"))
            core.write_information("information " + secret, "peer")
            print("diagnostics " + secret, file=sys.stderr, flush=True)
            self.running.fail(error_record("failure " + secret, "RuntimeException", "Told", ErrorCategory.NotSpecified))

        self.running.call(Method.ReadLineAsSecureString, [], answered)

    # MARK: streams and objects

    def streams(self) -> None:
        core = self.running.core
        core.write_debug("debug " + self.text)
        core.write_verbose("verbose " + self.text)
        core.write_warning("warning " + self.text)
        core.write_progress("activity", 1, self.text, record_type=ProgressRecordType.Processing)
        core.write_information("information " + self.text, "peer", tags=["peer"])
        self.running.core.write_error(NETException(Message="error " + self.text))
        self.running.complete()

    def output(self) -> None:
        self.running.core.write_output(self.text)
        self.running.complete()

    def secret(self) -> None:
        self.running.core.write_output(PSSecureString(self.text))
        self.running.complete()

    def plant(self) -> None:
        """Plays a step of a plan of planted_secrets.py."""
        folder, number = self.text.rsplit(" ", 1)
        for item in json.loads(Path(folder, "plan.json").read_text())["steps"][int(number)]:
            for piece in item["pieces"]:
                self._tell(item["way"], piece)
            self.server.flush()
        self.running.complete()

    def _tell(self, way: str, text: str) -> None:
        core = self.running.core
        calls = {
            "write": (Method.Write1, [text]),
            "line": (Method.WriteLine2, [text]),
            "error_line": (Method.WriteErrorLine, [text]),
            "host_warning": (Method.WriteWarningLine, [text]),
            "title": (Method.SetWindowTitle, [text]),
            "question": (Method.Prompt, [text, text, [FieldDescription(Name=text)]]),
        }
        if way in calls:
            core.host_call(*calls[way])
        elif way == "stderr":
            os.write(2, text.encode())
        elif way == "secure":
            core.write_output(PSSecureString(text))
        elif way == "error":
            core.write_error(NETException(Message=text))
        elif way == "object":
            core.write_output(PSCustomObject(Name="planted", Value=text, Parts=list(text), **{text: 1}))
        elif way == "bytes":
            core.write_output(text.encode())
        elif way == "prompt":
            self.server.folder = text
        elif way == "progress":
            core.write_progress("activity", 1, text, record_type=ProgressRecordType.Processing)
        elif way == "information":
            core.write_information(text, "peer")
        else:
            getattr(core, "write_" + way)(text)

    def throw(self) -> None:
        self.running.fail(error_record(self.text, "RuntimeException", self.text, ErrorCategory.OperationStopped))

    def lines(self) -> None:
        for number in range(int(self.text)):
            self.running.show(f"line {number}")
            self.server.flush()
        self.running.complete()

    def wide(self) -> None:
        """One line of so many bytes; with a second number, so many of them."""
        width, _, count = self.text.partition(" ")
        for _ in range(int(count or 1)):
            self.running.show("w" * int(width))
            self.server.flush()
        self.running.complete()

    # MARK: faults

    def leave(self) -> None:
        """Asks for the session's end with that exit code and never ends the line; with `die` the server ends instead."""
        code, _, then = self.text.partition(" ")
        self.running.show("half")
        self.running.core.host_call(Method.SetShouldExit, [int(code)])
        self.server.flush()
        if then == "die":
            os._exit(0)

    def endless(self) -> None:
        self.server.flush()
        self.server.write_endlessly(self.running.guid)

    def die(self) -> None:
        self.running.show("dying")
        self.server.flush()
        raise Ended(3)

    def never(self) -> None:
        self.running.show("waiting")

    def deaf(self) -> None:
        """Reads on and does nothing any more, not even for a Signal or a Close."""
        self.running.show("deaf now")
        self.server.flush()
        self.server.options.silent = True

    def _spoil(self, payload: bytes) -> None:
        self.server.flush()
        self.server.write(data_element(self.running.guid, payload))

    def malformed_fragment(self) -> None:
        self._spoil(bytes.fromhex("0000000000000063" "0000000000000005" "00" "00000004") + b"junk")

    def malformed_clixml(self) -> None:
        header = (1).to_bytes(4, "little") + (0x00041004).to_bytes(4, "little")
        ids = self.server.pool.runspace_pool_id.bytes_le + uuid.UUID(self.running.guid).bytes_le
        body = header + ids + b"<Obj RefId='0'><MS><S N='open'>never closed"
        self._spoil((999).to_bytes(8, "big") + bytes(8) + b"\x03" + len(body).to_bytes(4, "big") + body)

    def malformed_base64(self) -> None:
        self.server.flush()
        self.server.write(f"<Data Stream='Default' PSGuid='{self.running.guid}'>!!!!</Data>\n".encode())

    def malformed_element(self) -> None:
        self.server.flush()
        self.server.write(b"<Data Stream='Default' PSGuid='")
        self.server.write(b"not a guid'>AAAA</Data>\n")

    def error_line(self) -> None:
        self.server.flush()
        self.server.write(f"__NamedPipeError__:{self.text}\n   at Peer.Method()\n".encode())
        raise Ended(160)

    def foreign(self) -> None:
        """Says something of a pipeline that nobody knows, then goes on."""
        self.server.flush()
        self.server.write(element("DataAck", str(uuid.uuid4())))
        self.running.show("went on")
        self.running.complete()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--banner")
    parser.add_argument("--junk", type=int, default=0)
    parser.add_argument("--protocol")
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("--exit", type=int)
    parser.add_argument("--keep")
    parser.add_argument("--language")
    parser.add_argument("--endless", action="store_true")
    options = parser.parse_args()
    if options.exit is not None:
        print("psrpcore_server: told to end", file=sys.stderr)
        return options.exit
    if options.banner:
        os.write(1, options.banner.encode() + b"\n")
    if options.junk:
        line = b"junk " * 15 + b"\n"
        sys.stdout.buffer.write((line * (options.junk // len(line) + 1))[: options.junk])
        sys.stdout.buffer.flush()
    return Server(options).run()


if __name__ == "__main__":
    sys.exit(main())
