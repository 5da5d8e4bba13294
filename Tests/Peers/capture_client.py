#!/usr/bin/env python3
"""Sends a captured client's own bytes to a server, each line once the server has said what came before it then.

usage: capture_client.py CAPTURE [--timeout SECONDS] [--blind] [--unasked] -- SERVER [ARGUMENT…]

Waited for are acknowledgements, the pool's opening, host calls that want a reply and final states, not other output: so
another server than the captured one can be met. --blind waits for nothing and keeps the capture's own pauses, at most
200 ms each: for a client that does things in a wrong order. --unasked leaves out the answers to prompts and does not wait
for those: for a server that asks nothing. Prints as JSON what each pipeline asked and got, in order.
Standard library only.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import capture as captures
from psrp_wire import (
    PIPELINE_HOST_CALL,
    PIPELINE_OUTPUT,
    PIPELINE_STATE,
    POOL,
    RUNSPACEPOOL_STATE,
    Defragmenter,
    member,
    number_of,
    parse_element,
    parse_xml,
    text_of,
)


@dataclass
class Heard:
    """What one side's lines came to: how many of each thing that is waited for, and each pipeline's replies."""

    seen: Counter = field(default_factory=Counter)
    streams: dict[str, Defragmenter] = field(default_factory=dict)
    replies: dict[str, list[dict]] = field(default_factory=dict)
    noise: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        element = parse_element(line)
        if element is None or not element.guid:
            self.noise.append(line)
            return
        if element.tag != "Data":
            self.seen[(element.guid, element.tag)] += 1
            return
        for kind, _, _, body in self.streams.setdefault(element.guid, Defragmenter()).feed(element.payload):
            self.message(element.guid, kind, body)

    def message(self, guid: str, kind: int, body: bytes) -> None:
        tree = parse_xml(body)
        reply: dict = {"type": f"{kind:#010x}"}
        if kind == PIPELINE_HOST_CALL:
            reply["method"] = number_of(member(tree, "mi"))
            reply["texts"] = [text_of(n) for n in tree.iter("S") if n.get("N") is None]
            if (number_of(member(tree, "ci")) or 0) > 0:
                self.seen[(guid, "call")] += 1
        elif kind == PIPELINE_STATE:
            reply["state"] = number_of(member(tree, "PipelineState"))
            reply["error"] = text_of(member(member(tree, "ExceptionAsErrorRecord"), "FullyQualifiedErrorId"))
            self.seen[(guid, "state")] += 1
        elif kind == RUNSPACEPOOL_STATE:
            reply["state"] = number_of(member(tree, "RunspaceState"))
            self.seen[(guid, "state")] += 1
        elif kind == PIPELINE_OUTPUT and tree is not None:
            reply["output"] = text_of(tree)
            reply["values"] = {n.get("N"): text_of(n) for members in tree.findall("MS") for n in members if n.get("N")}
        self.replies.setdefault(guid, []).append(reply)


class Replay:
    def __init__(self, capture: captures.Capture, server: list[str], timeout: float, is_unasked: bool) -> None:
        self.capture = capture
        self.is_unasked = is_unasked
        self.timeout = timeout
        self.heard = Heard()
        self.held = b""
        self.is_ended = False
        self.process = subprocess.Popen(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, until: float) -> None:
        """Takes what comes, until something has come or that moment."""
        out = self.process.stdout.fileno()
        if self.is_ended or not select.select([out], [], [], max(0.0, until - time.monotonic()))[0]:
            return
        data = os.read(out, 1 << 16)
        self.is_ended = not data
        self.held += data
        *lines, self.held = self.held.split(b"\n")
        for line in lines:
            self.heard.take(line.decode("utf-8", "replace"))

    def lacks(self, wanted: Counter) -> list:
        missing = [key for key, count in wanted.items() if self.heard.seen[key] < count]
        return [key for key in missing if not (self.is_unasked and key[1] == "call")]

    def run(self, is_blind: bool) -> dict:
        expected = Heard()
        stuck = None
        last = 0.0
        for row in self.capture.rows:
            way, line = row.get("dir"), row.get("line")
            if way == "s2c" and not is_blind:
                element = parse_element(line)
                if element is not None and element.guid:
                    expected.take(line)
            if way != "c2s" or line == "<eof>":
                continue
            if self.is_unasked and "Stream='PromptResponse'" in line:
                expected.seen[(parse_element(line).guid, "DataAck")] -= 1
                continue
            moment = time.monotonic() + (min(0.2, row["t"] - last) if is_blind else self.timeout)
            last = row["t"]
            while (is_blind or self.lacks(expected.seen)) and time.monotonic() < moment and not self.is_ended:
                self.read(moment)
            if not is_blind and self.lacks(expected.seen):
                stuck = [list(key) for key in self.lacks(expected.seen)]
                break
            try:
                self.process.stdin.write(line.encode("utf-8"))
                self.process.stdin.flush()
            except BrokenPipeError:
                break
        end = time.monotonic() + self.timeout
        while not stuck and not self.heard.seen[(POOL, "CloseAck")] and time.monotonic() < end and not self.is_ended:
            self.read(end)
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        while not self.is_ended and time.monotonic() < end:
            self.read(end)
        try:
            status = self.process.wait(self.timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = None
        return {"stuck_before": stuck, "status": status, "noise": self.heard.noise, "pipelines": self.pipelines()}

    def pipelines(self) -> list[dict]:
        told = [{"asked": "pool", "replies": self.heard.replies.get(POOL, [])}]
        for pipeline in self.capture.pipelines:
            asked = "metadata" if pipeline.is_metadata else pipeline.creation.line if pipeline.creation else None
            told.append({"asked": asked, "replies": self.heard.replies.get(pipeline.guid, [])})
        return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("capture", type=Path)
    parser.add_argument("--timeout", type=float, default=10)
    parser.add_argument("--blind", action="store_true")
    parser.add_argument("--unasked", action="store_true")
    parser.add_argument("server", nargs="+")
    options = parser.parse_args()
    capture = captures.load(options.capture)
    result = Replay(capture, options.server, options.timeout, options.unasked).run(options.blind)
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0 if result["stuck_before"] is None else 1


if __name__ == "__main__":
    sys.exit(main())
