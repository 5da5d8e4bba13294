#!/usr/bin/env python3
"""A PSRP server on standard input and output that answers any client as a captured PowerShell did.

usage: capture_player.py CAPTURE [--report FILE] [--delay-ms N] [--seed N] [--cut]

Identifiers are the live client's own; every set of commands gets its recorded replies, a prefix of a recorded block is
answered as incomplete, a session that died in the capture dies. Acknowledgements and replies are held back by up to
--delay-ms (default 3), in an order drawn from --seed; --cut writes the bytes in odd pieces. Every breach of the order
rules of out-of-process framing is counted. The report (also: environment PSRUN_PLAYER_REPORT) is written at the end.
Standard library only.
"""

from __future__ import annotations

import argparse
import heapq
import json
import os
import random
import select
import signal
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import capture as captures
import replies
from psrp_wire import (
    APPLICATION_PRIVATE_DATA,
    CREATE_PIPELINE,
    ENCRYPTED_SESSION_KEY,
    END_OF_PIPELINE_INPUT,
    ERROR_RECORD,
    GET_AVAILABLE_RUNSPACES,
    GET_COMMAND_METADATA,
    INIT_RUNSPACEPOOL,
    PIPELINE_HOST_CALL,
    PIPELINE_HOST_RESPONSE,
    PIPELINE_INPUT,
    PIPELINE_OUTPUT,
    PIPELINE_STATE,
    POOL,
    PUBLIC_KEY,
    RESET_RUNSPACE_STATE,
    RUNSPACE_AVAILABILITY,
    RUNSPACEPOOL_STATE,
    SESSION_CAPABILITY,
    Creation,
    Defragmenter,
    Element,
    data_element,
    element,
    fragments,
    member,
    message_bytes,
    number_of,
    parse_creation,
    parse_element,
    parse_xml,
    text_of,
)

WRITE_ERROR_LINE = 18
DEFAULT_PROMPT = "PS /home/op> "
ENDED_NOISE = (
    '__NamedPipeError__:An unknown element "" was received. '
    "This can happen if the remote process closed or ended abnormally.\n"
)


@dataclass
class Recorded:
    """What the capture holds for one input line, and what belongs to it."""

    text: str
    pipeline: captures.Pipeline
    rendering: captures.Pipeline | None = None
    probe: captures.Pipeline | None = None
    prompt: captures.Pipeline | None = None


class Script:
    """A capture as answers: its lines in order, and what came with each."""

    def __init__(self, capture: captures.Capture) -> None:
        self.capture = capture
        self.lines: list[Recorded] = []
        self.others: list[captures.Pipeline] = []
        self.metadata: captures.Pipeline | None = None
        self.first_prompt: captures.Pipeline | None = None
        self.cut: captures.Pipeline | None = None
        self.cursor = 0
        for pipeline in capture.pipelines:
            self._place(pipeline)

    def _place(self, pipeline: captures.Pipeline) -> None:
        creation = pipeline.creation
        last = self.lines[-1] if self.lines else None
        if pipeline.is_metadata:
            self.metadata = pipeline
        elif creation is None or not creation.commands:
            return
        elif creation.asks_for_cut:
            # A question about nothing says nothing of the lines behind it.
            self.cut = pipeline if creation.argument else None
        elif creation.renders:
            if last:
                last.rendering = pipeline
        elif creation.commands[0].text in replies.PROBES:
            if last:
                last.probe = pipeline
        elif creation.commands[0].text == "prompt" and not creation.commands[0].is_script:
            self.first_prompt = self.first_prompt or pipeline
            if last:
                last.prompt = pipeline
        elif creation.is_line:
            self.lines.append(Recorded(creation.line, pipeline))
        else:
            self.others.append(pipeline)

    @property
    def cut_errors(self) -> int:
        """How many errors the parser found in the playbook it was asked about: the third value of its answer."""
        values = [m.tree.text for m in self.cut.replies if m.kind == PIPELINE_OUTPUT] if self.cut else []
        return int(values[2] or 0) if len(values) > 2 else 0

    @property
    def refuses_scripts(self) -> bool:
        return any(
            text_of(member(line.pipeline.failure, "FullyQualifiedErrorId")) == "ScriptsNotAllowed" for line in self.lines
        )

    def find(self, text: str) -> Recorded | None:
        """The recorded line with that text, the next one in the capture's order first.

        `exit` is what pwsh itself rewrites to Exit-PSSession before it is sent.
        """
        if text.strip().lower() == "exit" and not any(line.text == text for line in self.lines):
            text = "Exit-PSSession"
        if self.cut is not None and self.cursor < len(self.lines) and self.lines[self.cursor].text != text:
            # A cut says in which order blocks come, each once.
            return None
        order = list(range(self.cursor, len(self.lines))) + list(range(self.cursor))
        for index in order:
            if self.lines[index].text == text:
                self.cursor = index + 1
                return self.lines[index]
        return None

    def is_prefix(self, text: str) -> bool:
        """Whether whole lines of some recorded block begin with that text."""
        return any(line.text.startswith((text + "\n", text + "\r\n")) for line in self.lines)

    def incomplete_record(self) -> bytes | None:
        for line in self.lines:
            if line.pipeline.is_incomplete and line.pipeline.final_state:
                return line.pipeline.final_state.body
        return None


@dataclass
class Live:
    """One PSGuid of the live client."""

    guid: str
    is_command_acked: bool = False
    unacked: int = 0
    is_created: bool = False
    is_ended: bool = False
    is_closed: bool = False
    creation: Creation | None = None
    streams: dict[str, Defragmenter] = field(default_factory=dict)
    queue: list[captures.Message] = field(default_factory=list)
    pending_call: tuple[int, int] | None = None
    awaits_stop: bool = False
    dies_when_drained: bool = False
    rendered: bytes | None = None
    line: Recorded | None = None


class Player:
    def __init__(self, script: Script, report: str | None, delay: float, seed: int, cut: bool) -> None:
        self.script = script
        self.report_path = report
        self.delay = delay
        self.random = random.Random(seed)
        self.cut = cut
        self.runspace = uuid.UUID(int=0)
        self.is_open = False
        self.is_opening_acked = False
        self.is_closed = False
        self.live: dict[str, Live] = {}
        self.pool = Live(POOL, is_command_acked=True, is_created=True)
        self.due: list[tuple[float, int, object]] = []
        self.sequence = 0
        self.object_id = self.random.randrange(1, 1000)
        self.held = b""
        self.line_number = 0
        self.last_line: Recorded | None = None
        self.had_error = False
        self.breaches: list[dict] = []
        self.notes: list[str] = []
        self.received: list[str] = []
        self.played: list[str] = []
        self.unknown: list[str] = []
        self.status: int | None = None

    # MARK: the loop

    def run(self) -> int:
        while self.status is None:
            now = time.monotonic()
            while self.due and self.due[0][0] <= now and self.status is None:
                heapq.heappop(self.due)[2]()
            if self.status is not None:
                break
            timeout = max(0.0, self.due[0][0] - time.monotonic()) if self.due else None
            if not select.select([0], [], [], timeout)[0]:
                continue
            data = os.read(0, 1 << 16)
            if not data:
                self.end_of_input()
                break
            self.held += data
            *lines, self.held = self.held.split(b"\n")
            for line in lines:
                self.line_number += 1
                self.take(line.rstrip(b"\r").decode("utf-8", "replace"))
                if self.status is not None:
                    break
        self.write_report()
        return self.status or 0

    def end_of_input(self) -> None:
        if not self.is_closed:
            self.notes.append("input ended before Close(0)")
        self.status = 160

    def later(self, action, delay: float | None = None) -> None:
        self.sequence += 1
        wait = self.random.uniform(0, self.delay) if delay is None else delay
        heapq.heappush(self.due, (time.monotonic() + wait, self.sequence, action))

    def write(self, data: bytes) -> None:
        while data:
            size = self.random.choice([1, 7, 64, 1000, 5000]) if self.cut else len(data)
            written = os.write(1, data[:size])
            data = data[written:]

    def breach(self, rule: str, detail: str) -> None:
        self.breaches.append({"rule": rule, "line": self.line_number, "detail": detail})

    # MARK: what the client sends

    def take(self, line: str) -> None:
        if not line.strip():
            self.breach("blank-line", "a blank line ends a real server")
            return self.fail(ENDED_NOISE)
        item = parse_element(line)
        if item is None or item.tag not in ("Data", "Command", "Signal", "Close") or not item.guid:
            if item is not None and item.tag.endswith("Ack"):
                self.breach("client-ack", item.tag)
            else:
                self.breach("unknown-element", line[:80])
            return self.fail(f'__NamedPipeError__:An unknown element "{item.tag if item else ""}" was received.\n')
        wanted = {"PSGuid", "Stream"} if item.tag == "Data" else {"PSGuid"}
        if set(item.attributes) != wanted or (item.tag == "Data" and not item.text):
            self.breach("malformed-element", line[:80])
            return self.fail("__NamedPipeError__:Remote transport error: \n")
        if self.is_closed:
            return self.breach("after-close", item.tag)
        if item.guid == POOL:
            return self.take_pool(item)
        getattr(self, "take_" + item.tag.lower())(item)

    def take_pool(self, item: Element) -> None:
        if item.tag == "Data":
            return self.take_data(item)
        if item.tag == "Close":
            return self.close_pool()
        self.breach("malformed-element", f"{item.tag} of the pool")

    def take_command(self, item: Element) -> None:
        if item.guid in self.live:
            return self.breach("guid-twice", item.guid)
        self.live[item.guid] = pipeline = Live(item.guid)

        def acknowledge() -> None:
            pipeline.is_command_acked = True
            self.write(element("CommandAck", item.guid))

        # Sometimes later than all else that a client may be waiting for: the opened pool, the last line's end.
        self.later(acknowledge, self.random.uniform(0, 6 * self.delay))

    def take_data(self, item: Element) -> None:
        pipeline = self.pool if item.guid == POOL else self.live.get(item.guid)
        if pipeline is None:
            self.breach("data-without-command", item.guid)
            return self.later(lambda: self.write(element("DataAck", item.guid)))
        if not pipeline.is_command_acked:
            self.breach("data-before-command-ack", item.guid)
        if pipeline.unacked:
            self.breach("second-unacked-data", item.guid)
        if pipeline.is_closed:
            self.breach("data-after-close", item.guid)
        pipeline.unacked += 1

        def acknowledge() -> None:
            pipeline.unacked -= 1
            self.is_opening_acked = True
            self.write(element("DataAck", item.guid))

        stream = item.attributes["Stream"]
        try:
            parts = pipeline.streams.setdefault(stream, Defragmenter()).feed(item.payload)
        except ValueError as error:
            self.breach("malformed-fragment", str(error))
            return self.fail("__NamedPipeError__:Remote transport error: \n")
        if item.guid != POOL or self.opens(parts):
            self.later(acknowledge)
        for kind, runspace, _, body in parts:
            if (stream == "PromptResponse") != (kind == PIPELINE_HOST_RESPONSE):
                self.breach("wrong-stream", f"{kind:#x} on {stream}")
            self.runspace = runspace
            if item.guid == POOL:
                self.take_pool_message(kind, body)
            else:
                self.take_message(pipeline, kind, body)

    def opens(self, parts: list) -> bool:
        """Whether Data of the pool is acknowledged: a server that did not take the version never does."""
        is_silent = not any(e.tag == "DataAck" for e in self.script.capture.pool.events if e.direction == "s2c")
        return not is_silent or not any(kind in (SESSION_CAPABILITY, INIT_RUNSPACEPOOL) for kind, *_ in parts)

    def take_signal(self, item: Element) -> None:
        pipeline = self.live.get(item.guid)
        if pipeline and not pipeline.is_ended and pipeline.is_created:
            self.stop(pipeline)
        self.later(lambda: self.write(element("SignalAck", item.guid)), self.delay)

    def take_close(self, item: Element) -> None:
        pipeline = self.live.get(item.guid)
        if pipeline is None or pipeline.is_closed:
            self.breach("close-without-command", item.guid)
        else:
            if not pipeline.is_command_acked:
                self.breach("close-before-command-ack", item.guid)
            pipeline.is_closed = True
            if pipeline.is_created and not pipeline.is_ended:
                self.notes.append(f"Close of a running pipeline: {pipeline.creation and pipeline.creation.line!r}")
                self.stop(pipeline)
        self.later(lambda: self.write(element("CloseAck", item.guid)))

    def close_pool(self) -> None:
        for pipeline in self.live.values():
            if not pipeline.is_closed:
                self.breach("command-never-closed", pipeline.guid)
        self.is_closed = True

        def answer() -> None:
            for state in (4, 3):
                self.send(self.pool, RUNSPACEPOOL_STATE, replies.runspace_state(state))
            self.write(element("CloseAck", POOL))
            self.write(ENDED_NOISE.encode())

        # Behind every acknowledgement that is still on its way.
        self.later(answer, self.delay * 1.5)

    # MARK: messages

    def take_pool_message(self, kind: int, body: bytes) -> None:
        opening = self.script.capture.pool.replies
        if kind == SESSION_CAPABILITY:
            for message in opening[:1]:
                self.later(lambda message=message: self.send(self.pool, message.kind, message.body), 0)
        elif kind == INIT_RUNSPACEPOOL:
            for message in opening[1:]:
                if message.kind not in (APPLICATION_PRIVATE_DATA, RUNSPACEPOOL_STATE):
                    break
                is_state = message.kind == RUNSPACEPOOL_STATE
                self.later(lambda message=message, is_state=is_state: self.open_with(message, is_state), self.delay)
                if is_state:
                    break
        elif kind == GET_AVAILABLE_RUNSPACES:
            call = number_of(member(parse_xml(body), "ci")) or 0
            free = 0 if any(p.is_created and not p.is_ended for p in self.live.values()) else 1
            self.later(lambda: self.send(self.pool, RUNSPACE_AVAILABILITY, replies.availability(free, call)))
        elif kind == RESET_RUNSPACE_STATE:
            call = number_of(member(parse_xml(body), "ci")) or 0
            self.later(lambda: self.send(self.pool, RUNSPACE_AVAILABILITY, replies.reset_done(call)))
        elif kind == PUBLIC_KEY:
            blob = text_of(member(parse_xml(body), "PublicKey")) or ""
            sealed = replies.sealed_session_key(blob, self.random)
            self.later(lambda: self.send(self.pool, ENCRYPTED_SESSION_KEY, sealed))
        else:
            self.notes.append(f"a pool message of type {kind:#x}")

    def open_with(self, message: captures.Message, is_state: bool) -> None:
        self.is_open = self.is_open or is_state
        self.send(self.pool, message.kind, message.body)

    def take_message(self, pipeline: Live, kind: int, body: bytes) -> None:
        if kind == CREATE_PIPELINE:
            self.create(pipeline, body)
        elif kind == GET_COMMAND_METADATA:
            self.begin(pipeline)
            recorded = self.script.metadata
            self.play(pipeline, recorded.replies if recorded else replies.metadata())
        elif kind == PIPELINE_HOST_RESPONSE:
            self.take_response(pipeline, body)
        elif kind == PIPELINE_INPUT:
            pipeline.rendered = body
        elif kind == END_OF_PIPELINE_INPUT:
            if body:
                self.breach("malformed-element", "END_OF_PIPELINE_INPUT with a body")
            if pipeline.creation and pipeline.creation.renders:
                self.render(pipeline)
        else:
            self.notes.append(f"a pipeline message of type {kind:#x}")

    def begin(self, pipeline: Live) -> None:
        if not self.is_open:
            self.breach("create-before-opened", pipeline.guid)
        running = [p for p in self.live.values() if p is not pipeline and p.is_created and not p.is_ended]
        if running:
            self.breach("create-before-last-state", running[0].creation.line if running[0].creation else "metadata")
        if pipeline.is_created:
            self.breach("created-twice", pipeline.guid)
        pipeline.is_created = True

    def create(self, pipeline: Live, body: bytes) -> None:
        self.begin(pipeline)
        pipeline.creation = creation = parse_creation(body)
        first = creation.commands[0]
        if creation.renders:
            return
        if first.is_script and first.text in replies.PROBES:
            return self.play(pipeline, self.probe_replies())
        if not first.is_script and first.text == "prompt":
            return self.play(pipeline, self.prompt_replies())
        if creation.asks_for_cut:
            return self.play(pipeline, self.cut_replies(creation))
        for other in self.script.others:
            if other.creation.shape == creation.shape:
                return self.play(pipeline, other.replies)
        if not creation.is_line:
            self.notes.append(f"a pipeline of its own: {creation.line!r}")
            return self.play(pipeline, [replies.state(4)])
        self.take_line(pipeline, creation.line)

    def take_line(self, pipeline: Live, text: str) -> None:
        self.received.append(text)
        recorded = self.script.find(text)
        self.had_error = False
        if recorded is None and self.script.is_prefix(text):
            record = self.script.incomplete_record()
            return self.play(pipeline, [replies.failed(record) if record else replies.incomplete()])
        if recorded is None:
            self.unknown.append(text)
            self.had_error = True
            return self.play(pipeline, [replies.not_found(text)])
        self.played.append(text)
        self.last_line = pipeline.line = recorded
        source = recorded.pipeline
        pipeline.dies_when_drained = source.state_number is None and self.script.capture.died
        pipeline.awaits_stop = source.waits_for_stop and not pipeline.dies_when_drained
        messages = source.replies
        if pipeline.awaits_stop:
            messages = [m for m in messages if m.kind != PIPELINE_STATE]
        self.play(pipeline, messages)

    def take_response(self, pipeline: Live, body: bytes) -> None:
        tree = parse_xml(body)
        answered = (number_of(member(tree, "ci")), number_of(member(tree, "mi")))
        if pipeline.pending_call is None or pipeline.pending_call != answered:
            self.breach("unasked-response", f"{answered}, asked was {pipeline.pending_call}")
            return
        if member(tree, "mr") is None and member(tree, "me") is None:
            self.notes.append(f"an empty response to {answered}")
        pipeline.pending_call = None
        self.later(lambda: self.drain(pipeline))

    # MARK: answers

    def play(self, pipeline: Live, messages: list[captures.Message]) -> None:
        pipeline.queue = list(messages)
        self.later(lambda: self.drain(pipeline))

    def drain(self, pipeline: Live) -> None:
        while pipeline.queue and pipeline.pending_call is None and not pipeline.is_ended:
            message = pipeline.queue.pop(0)
            if message.kind == PIPELINE_HOST_CALL:
                tree = message.tree
                call, method = number_of(member(tree, "ci")), number_of(member(tree, "mi"))
                self.had_error = self.had_error or method == WRITE_ERROR_LINE
                if call is not None and call > 0:
                    pipeline.pending_call = (call, method or 0)
            elif message.kind == ERROR_RECORD:
                self.had_error = True
            elif message.kind == PIPELINE_STATE:
                if pipeline.line:
                    self.had_error = self.had_error or number_of(member(message.tree, "PipelineState")) != 4
                pipeline.is_ended = True
            self.send(pipeline, message.kind, message.body)
        if pipeline.dies_when_drained and not pipeline.queue:
            self.later(self.die, self.delay)

    def stop(self, pipeline: Live) -> None:
        recorded = pipeline.line.pipeline if pipeline.line else None
        state = recorded.final_state if recorded and recorded.state_number == 3 else replies.stopped()
        pipeline.pending_call = None
        self.play(pipeline, [state])

    def render(self, pipeline: Live) -> None:
        """Out-Default with an error record as its input: as recorded behind that line, else as a server shows it."""
        sent = parse_xml(pipeline.rendered or b"")
        if sent is None:
            self.notes.append("a rendering without a record")
            return self.play(pipeline, [replies.state(4)])
        failure = self.last_line.pipeline.failure if self.last_line else None
        for name in ("FullyQualifiedErrorId", "ErrorCategory_Reason"):
            if failure is not None and text_of(member(sent, name)) != text_of(member(failure, name)):
                self.notes.append(f"the rendered record is not the one that came: {name}")
        if self.last_line and self.last_line.rendering:
            return self.play(pipeline, self.last_line.rendering.replies)
        shown = "Error: " + replies.record_message(sent)
        calls = [replies.write_line(line) for line in shown.split("\n")]
        self.play(pipeline, [*calls, replies.state(4)])

    def cut_replies(self, creation: Creation) -> list[captures.Message]:
        """What was recorded for that very playbook; a capture without a cut knows no blocks, and answers the prompt."""
        recorded = self.script.cut
        if recorded is None:
            return self.script.lines[0].pipeline.replies if self.script.refuses_scripts else self.prompt_replies()
        if recorded.creation.argument != creation.argument:
            self.notes.append("asked about another playbook")
        return recorded.replies

    def prompt_replies(self) -> list[captures.Message]:
        if self.last_line and self.last_line.probe:
            return self.last_line.probe.replies[2:]
        recorded = (self.last_line and self.last_line.prompt) or self.script.first_prompt
        if recorded:
            return recorded.replies
        return [replies.output_string(DEFAULT_PROMPT), replies.state(4)]

    def probe_replies(self) -> list[captures.Message]:
        if self.last_line and self.last_line.probe:
            return self.last_line.probe.replies
        if self.script.refuses_scripts:
            return next(line.pipeline.replies for line in self.script.lines)
        values = [replies.output_boolean(not self.had_error), replies.output_string("")]
        return values + self.prompt_replies()

    def send(self, pipeline: Live, kind: int, body: bytes) -> None:
        self.object_id += self.random.choice([1, 1, 2, 5])
        is_zero = kind in (SESSION_CAPABILITY, ENCRYPTED_SESSION_KEY)
        message = message_bytes(kind, uuid.UUID(int=0) if is_zero else self.runspace, uuid.UUID(pipeline.guid), body)
        for piece in fragments(self.object_id, message):
            self.write(data_element(pipeline.guid, piece))

    # MARK: ends

    def fail(self, text: str) -> None:
        self.write(text.encode())
        self.status = 160

    def die(self) -> None:
        self.write_report()
        status = int(self.script.capture.exit_status or "1")
        if status < 0:
            os.kill(os.getpid(), -status)
        os._exit(status)

    def write_report(self) -> None:
        if not self.report_path:
            return
        report = {
            "capture": self.script.capture.name,
            "breaches": self.breaches,
            "received": self.received,
            "played": self.played,
            "unknown": self.unknown,
            "notes": self.notes,
            "commands": len(self.live),
            "opened": self.is_open,
            "closed": self.is_closed,
        }
        partial = f"{self.report_path}.{os.getpid()}"
        Path(partial).write_text(json.dumps(report, indent=1, ensure_ascii=False, default=str), encoding="utf-8")
        os.replace(partial, self.report_path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("capture", type=Path)
    parser.add_argument("--report", default=os.environ.get("PSRUN_PLAYER_REPORT"))
    parser.add_argument("--delay-ms", type=float, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cut", action="store_true")
    options = parser.parse_args()
    player = Player(
        Script(captures.load(options.capture)), options.report, options.delay_ms / 1000, options.seed, options.cut
    )

    def end(number: int, _frame: object) -> None:
        if not player.is_closed:
            player.notes.append(f"ended by signal {number}")
        player.write_report()
        os._exit(128 + number)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
    try:
        return player.run()
    except BrokenPipeError:
        if not player.is_closed:
            player.notes.append("nobody reads any more")
        player.write_report()
        return 141


if __name__ == "__main__":
    sys.exit(main())
