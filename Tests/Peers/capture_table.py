#!/usr/bin/env python3
"""What psrun must make of every capture, as the captures themselves and one table of exceptions say.

usage: capture_table.py FOLDER     prints JSON: one object a capture of FOLDER/{client,server,server-7.4,server-s,server-cut}

A capture's playbook is its recorded input lines, comments aside, which psrun sends with the line behind them; what a step
shows is its recorded host calls, and how it ended its recorded state. Input that was recorded as incomplete and never
completed is a playbook of its own, and so is a line that would belong to the one before it (`else`, `elseif`, `|`), and one
that the parser refused: nothing behind it is sent. Where the capture's client asked the parser for a playbook's blocks,
that playbook is the one.
Standard library only.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import capture as captures
import replies
from capture_player import DEFAULT_PROMPT, Recorded, Script
from psrp_wire import ERROR_RECORD, PIPELINE_HOST_CALL, PIPELINE_OUTPUT, flag_of, member, number_of, text_of

# Where the captures are that a playbook can be made of.
GROUPS = ("client", "server", "server-7.4", "server-s", "server-cut")

# Captures without lines that a playbook could send, and what is tested of each instead. The breaches are the rules that
# the capture's own client breaks when its bytes are sent to the player: the player counts what a real server punishes.
WITHOUT_LINES = {
    "client/nested-3": ("opened and closed by New-PSSession", []),
    "client/nested-4": ("an Invoke-Command: its script has no Out-Default", []),
    "client/sessions-more": ("opened and closed by New-PSSession", []),
    "client/sessions-more-2": ("opened and closed by New-PSSession", []),
    "server/batch-one-write": (
        "a pipeline in the opening's write",
        ["data-before-command-ack", "create-before-opened", "command-never-closed"],
    ),
    "server/entry": ("metadata and a prompt", []),
    "server-7.4/entry": ("metadata and a prompt", []),
    "server/extra-statements": ("two statements a pipeline", []),
    "server-7.4/extra-statements": ("two statements a pipeline", []),
    "server/garbage-base64": ("junk from the client", ["malformed-fragment"]),
    "server/garbage-blank": ("a blank line from the client", ["blank-line"]),
    "server/garbage-element": ("an unknown element from the client", ["unknown-element"]),
    "server/garbage-fragment": ("a fragment that is none", []),
    "server/garbage-text": ("junk from the client", ["unknown-element"]),
    "server-s/garbage-text": ("junk from the client", ["unknown-element"]),
    "server/input": ("pipeline input", []),
    "server/key-exchange": ("a SecureString as an object", []),
    "server-7.4/key-exchange": ("a SecureString as an object", []),
    "server/key-request": ("a SecureString as an object", ["data-before-command-ack", "command-never-closed"]),
    "server-7.4/key-request": ("a SecureString as an object", ["data-before-command-ack", "command-never-closed"]),
    "server/next-before-close": (
        "Data before its CommandAck, thrown away",
        ["data-before-command-ack", "command-never-closed"],
    ),
    "server/open-close": ("a session and nothing in it", []),
    "server-s/open-close": ("a session and nothing in it", []),
    "server/protocol-99": ("a version that does not exist: no pool is opened", []),
    "server/unacked-fragments": (
        "Data that overtakes its acknowledgement",
        ["second-unacked-data", "command-never-closed"],
    ),
    "server/unknown-pipeline": (
        "elements of a pipeline that is not there",
        ["close-without-command", "data-without-command"],
    ),
}

# The screens that are compared, with the options that give the answers typed there (`=@TEXT`: a secret), and the
# differences: what stands otherwise on that screen, and why it does not come from the far side.
WRAPPED = [("en\nter sensitive", "enter sensitive"), ("application o\nr script", "application or script")]
STOPPED = [(r"\[[^]]*\]: PS [^\n]*Start-Sleep 30[^\n]*\nError: The pipeline has been stopped\.\n", "")]
TYPED = ["--answer-secret", "Secret=@s3cret", "--answer-secret", "who=@pw1"]
SCREENS: dict[str, tuple[list[str], list[tuple[str, str]]]] = {
    **{
        name: ([], [])
        for name in (
            *("basic", "nested", "exit-3", "exit-300", "exit-bare", "exit-environment-exit-4"),
            *("exit-in-function", "exit-minus-1", "exit-pssession", "exit-server-killed", "exit-setshouldexit-9"),
            "exit-text",
        )
    },
    # Lines that the parser refuses are playbooks of their own.
    "errors": ([], [(r"\[[^]]*\]: PS [^\n]*if \(\$true \{ 'x' \}\n.*?\n(?=\[[^]]*\]: PS [^\n]*function f)", "")]),
    # psrun sends a comment with the line behind it.
    "blocks": ([], [(r"\[[^]]*\]: PS [^\n]*# comment\n", "")]),
    # That client had no terminal for secrets; here they are refused before anything is shown.
    "prompts": (
        [o for a in ("Name=alice", "^m$=y", "^$=bob", "^p$=pvalue", "^n$=7", "items=one,two") for o in ("--answer", a)],
        [
            (r"WARNING: A script[^\n]*\nSecret: ", ""),
            (r"\nPowerShell Credential Request: cap\n.*?Password for user user: ", ""),
        ],
    ),
    # A terminal wraps lines; the stopped line is a playbook of its own.
    "tty-74-client": (TYPED, WRAPPED + STOPPED),
    "tty-74-server": (TYPED, WRAPPED + STOPPED),
    # There the line editor drew a long line anew at each key, and a key was read.
    "tty": (
        TYPED,
        WRAPPED + STOPPED + [(r"(Write-Progre)\ns  .*?\nss( -Activity Working -Completed\n)", r"\1ss\2")],
    ),
}

BELONGS_BEFORE = re.compile(r"[ \t]*(else\b|elseif\b|\|)", re.I)
COLOUR = re.compile("\x1b\\[[0-9;:]*m")
PREFIXES = {19: "DEBUG: ", 21: "VERBOSE: ", 22: "WARNING: "}
SET_SHOULD_EXIT, POP_RUNSPACE = 6, 53
STOP_OPTIONS = ["--step-timeout", "1s"]


def call_text(message: captures.Message) -> tuple[int, str]:
    """A host call's method, and what a console shows of it."""
    tree = message.tree
    method = number_of(member(tree, "mi")) or 0
    values = list(member(tree, "mp").find("LST"))
    text = (text_of(values[-1]) or "") if values and values[-1].tag in ("S", "Nil") else ""
    if method in (13, 14):
        return method, text
    if method in (15, 16, 17, 18, 19, 21, 22):
        return method, PREFIXES.get(method, "") + text + "\n"
    return method, ""


def shown(pipeline: captures.Pipeline) -> tuple[str, set[int]]:
    """What a pipeline's host calls show, and the methods called."""
    text, methods = "", set()
    for message in pipeline.replies:
        if message.kind == PIPELINE_HOST_CALL:
            method, part = call_text(message)
            text += part
            methods.add(method)
    return text, methods


class Walk:
    """Goes through a capture's lines in order, as a session would, and says what each must come to."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.is_over = False
        self.exit_code: int | None = None

    def step(self, line: Recorded, text: str) -> dict:
        if self.is_over:
            return {"text": text, "outcome": "not_sent", "output": ""}
        pipeline = line.pipeline
        output, methods = shown(pipeline)
        state = pipeline.state_number
        kinds = {message.kind for message in pipeline.replies}
        step = {"text": text, "outcome": "ok", "output": output}
        if state == 5:
            step["outcome"] = "failed"
            self.is_over = pipeline.is_refused and not self.is_state_dependent(pipeline)
            rendered = shown(line.rendering)[0] if line.rendering else self.rendering(pipeline)
            step["output"] = output + rendered
        elif pipeline.waits_for_stop:
            step["outcome"] = "unknown" if state is None and self.script.capture.died else "stopped"
            if step["outcome"] == "stopped":
                step["output"] = output + "Error: The pipeline has been stopped.\n"
            self.is_over = True
        elif state == 3:
            step["outcome"] = None
        elif 18 in methods or ERROR_RECORD in kinds or self.probed_false(line):
            step["outcome"] = "error"
        if line.probe is not None and not self.is_over:
            # What a prompt function writes cannot be told from what the line left behind.
            step["output"] += shown(line.probe)[0]
        # What prompts would show is not there: nobody answers. Objects are shown in a way of psrun's own.
        if PIPELINE_OUTPUT in kinds:
            step["output"] = None
        if step["output"] is not None:
            step["output"] = COLOUR.sub("", step["output"])
        self.leave(pipeline, methods)
        if self.exit_code and step["outcome"] == "ok":
            step["outcome"] = "error"
        return step

    def is_state_dependent(self, pipeline: captures.Pipeline) -> bool:
        """Whether the parser that cut the playbook refused a block only for what no earlier line has loaded."""
        return self.script.cut is not None and text_of(member(pipeline.failure, "FullyQualifiedErrorId")) in STATE_DEPENDENT

    def rendering(self, pipeline: captures.Pipeline) -> str:
        return "".join(f"Error: {text}\n" for text in [replies.record_message(pipeline.failure)])

    def probed_false(self, line: Recorded) -> bool:
        """What the probe read of `$?`; a prompt that fails behind it changes nothing of that."""
        return line.probe is not None and not flag_of(line.probe.replies[0].tree)

    def leave(self, pipeline: captures.Pipeline, methods: set[int]) -> None:
        if SET_SHOULD_EXIT in methods:
            for message in pipeline.replies:
                if message.kind == PIPELINE_HOST_CALL and call_text(message)[0] == SET_SHOULD_EXIT:
                    self.exit_code = number_of(member(message.tree, "mp").find("LST")[0])
            self.is_over = True
        if POP_RUNSPACE in methods:
            self.is_over = True


STATE_DEPENDENT = ("TypeNotFound", "CustomAttributeTypeNotFound", "ModuleNotFoundDuringParse")
RANKS = ["ok", "not_sent", "error", "failed"]


def playbook(name: str, script: Script, chosen: list[tuple[Recorded, str]], options: list[str]) -> dict:
    """One playbook of a capture: its text, and what it must come to."""
    walk = Walk(script)
    steps = [walk.step(line, text) for line, text in chosen]
    outcomes = [step["outcome"] for step in steps]
    target, status = "ok", 0
    worst = max((RANKS.index(o) for o in outcomes if o in RANKS), default=0)
    if worst >= 2:
        target, status = RANKS[worst], 1
    if walk.exit_code:
        status = 1
    if "unknown" in outcomes:
        target, status = "broken", 1
    if "stopped" in outcomes:
        target, status = "timed_out", 124
    if None in outcomes:
        target = status = None
    return {
        "name": name,
        "text": "\n".join(text for _, text in chosen) + "\n",
        "options": options,
        "steps": steps,
        "target": target,
        "session_exit_code": walk.exit_code,
        "status": status,
    }


def playbooks(name: str, script: Script) -> list[dict]:
    lines = [(line, line.text) for line in script.lines if line.text.strip() and not line.text.lstrip().startswith("#")]
    if name.startswith("client/") and name != "client/exit-pssession":
        lines = [(line, "exit" if text == "Exit-PSSession" else text) for line, text in lines]
    if script.refuses_scripts:
        return [refused(lines)]
    if script.cut is not None:
        return [cut(script)]
    main, alone, stopped, refusals = [], [], [], []
    for index, (line, text) in enumerate(lines):
        if line.pipeline.is_incomplete:
            following = [other for _, other in lines[index + 1 :]]
            if not any(other.startswith((text + "\n", text + "\r\n")) for other in following[:3]):
                alone.append((line, text))
        elif line.pipeline.is_refused:
            refusals.append((line, text))
        elif BELONGS_BEFORE.match(text):
            alone.append((line, text))
        elif line.pipeline.waits_for_stop and not script.capture.died:
            stopped.append((line, text))
        else:
            main.append((line, text))
    books = [playbook("main", script, main, [])] if main else []
    for line, text in stopped:
        books.append(playbook("stop", script, [(line, text), *main[:1]], STOP_OPTIONS))
    for line, text in refusals:
        behind = [other for other in main if "\n" not in other[1]][:1]
        books.append(playbook("refused", script, [(line, text), *behind], []) | {"error": "BlockRefused"})
    for line, text in alone:
        book = playbook("alone", script, [(line, text)], [])
        if line.pipeline.is_incomplete:
            book["steps"][0]["output"] = None
            book["open_block"] = True
        books.append(book)
    return books


def cut(script: Script) -> dict:
    """The playbook that the capture's client asked about: its lines are its blocks; or nothing of it was sent."""
    book = playbook("cut", script, [(line, line.text) for line in script.lines], [])
    text = book["text"] = script.cut.creation.argument
    place = 0
    for step in book["steps"]:
        place = text.index(step["text"], place)
        first = text.count("\n", 0, place) + 1
        place += len(step["text"])
        if step["outcome"] == "failed" and "At line:1 char" in step["output"] and first > 1:
            step["output"] += f"[psrun: line:1 of this block is line {first} of the playbook]\n"
    if script.lines and book["session_exit_code"]:
        rest = [line for line in text[place:].split("\n") if line.strip()]
        book["steps"] += [{"text": line, "outcome": "not_sent", "output": ""} for line in rest]
    if not script.lines:
        texts = [text for text in book["text"].split("\n") if text.strip()]
        is_refused = script.cut_errors > 0
        book["steps"] = [{"text": t, "outcome": "not_sent", "output": ""} for t in texts] if is_refused else []
        if is_refused:
            book |= {"target": "not_run", "status": 1, "error": "PlaybookSyntaxError"}
    return book


def refused(lines: list[tuple[Recorded, str]]) -> dict:
    """An endpoint that takes no scripts: its first line is refused, and one error says so."""
    steps = [{"text": text, "outcome": "not_sent", "output": None} for _, text in lines]
    steps[0]["outcome"] = "failed"
    text = "\n".join(text for _, text in lines) + "\n"
    return {
        "name": "refused",
        "text": text,
        "options": [],
        "steps": steps,
        "target": None,
        "session_exit_code": None,
        "status": 1,
        "error": "ScriptsNotAllowed",
    }


def screen(folder: Path, name: str) -> list[str]:
    """What the person at the real client saw of the session, without what product decisions change.

    Left out are the local lines before and behind it, the blank lines that end a block at a console, prompts at which
    nothing was typed, and what pwsh says when its session breaks.
    """
    seen = (folder / "console" / f"{name}.txt").read_text(encoding="utf-8")
    for pattern, replacement in SCREENS[name][1]:
        seen = re.sub(pattern, replacement, seen, flags=re.S)
    kept = []
    for line in seen.split("\n")[1:]:
        if line.startswith(DEFAULT_PROMPT) or "The SSH transport process has abruptly terminated" in line:
            break
        if line in (">> ", ">>") or re.fullmatch(r"\[[^]]*\]: PS [^>]*>( ?| <<.*>>)", line):
            continue
        kept.append(line.rstrip())
    return kept


def main() -> int:
    folder = Path(sys.argv[1])
    table = []
    for path in sorted(path for group in GROUPS for path in (folder / group).glob("*.wire.jsonl*")):
        capture = captures.load(path)
        script = Script(capture)
        name = f"{path.parent.name}/{capture.name}"
        entry = {"name": name, "file": str(path.relative_to(folder)), "client_breaches": []}
        if name in WITHOUT_LINES:
            entry["without_lines"], entry["client_breaches"] = WITHOUT_LINES[name]
            entry["playbooks"] = []
        else:
            entry["playbooks"] = playbooks(name, script)
            if path.parent.name == "client" and capture.name in SCREENS:
                entry["screen"] = screen(folder, capture.name)
                entry["screen_options"] = SCREENS[capture.name][0]
        table.append(entry)
    json.dump(table, sys.stdout, ensure_ascii=False, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
