#!/usr/bin/env python3
"""A thousand secrets, the many ways in which a far side may tell them, and the hunt for them in what was written.

make FOLDER SEED COUNT WAY...    writes FOLDER/plan.json (secrets and steps; those that a pattern is to find are told first
                                 in one of these ways), a file for each secret that is told psrun (two of them as systemd's
                                 credentials), and FOLDER/arguments, psrun's arguments, a line each
typed FOLDER SECRET...           writes FOLDER/plan.json for secrets that psrun is told otherwise: in one step, in every form
hunt FOLDER FILE...              prints each secret that is in a file, with its form; ends with 1 where one is

The server's `: psrp plant FOLDER N` plays step N.
"""

from __future__ import annotations

import base64
import html
import json
import random
import re
import sys
import urllib.parse
from pathlib import Path

STEPS = 40
KINDS = ("answer", "secure", "pattern")
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "abcdefXYZ0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "abcdeÉéßøñ€Ждह漢字🔑xyz",
)
PIECEMEAL = ("write", "warning", "information", "output", "stderr")
WHOLE = (
    *("line", "error_line", "host_warning", "verbose", "debug", "progress", "error", "object", "bytes", "title", "question"),
    "prompt",
)


# MARK: forms


def utf16_as_text(secret: str, order: str) -> str:
    return secret.encode("utf-16-" + order).decode("latin-1")


def in_base64(draw: random.Random, secret: bytes, width: int = 1) -> str:
    def around() -> bytes:
        return b"".join(bytes([draw.randrange(33, 127)]) + bytes(width - 1) for _ in range(draw.randrange(6)))

    return base64.b64encode(around() + secret + around()).decode()


def in_lines(text: str, width: int) -> str:
    return "\r\n".join(text[start : start + width] for start in range(0, len(text), width))


FORMS = {
    "plain": lambda draw, secret: secret,
    "UTF-16LE": lambda draw, secret: utf16_as_text(secret, "le"),
    "UTF-16BE": lambda draw, secret: utf16_as_text(secret, "be"),
    "base64": lambda draw, secret: in_base64(draw, secret.encode()),
    "base64 for URLs": lambda draw, secret: in_base64(draw, secret.encode()).replace("+", "-").replace("/", "_"),
    "base64 in lines": lambda draw, secret: in_lines(in_base64(draw, secret.encode()), 7),
    "encoded command": lambda draw, secret: in_base64(draw, secret.encode("utf-16-le"), 2),
    "URL": lambda draw, secret: urllib.parse.quote(secret, ""),
    "URL, lower case": lambda draw, secret: re.sub("%..", lambda found: found[0].lower(), urllib.parse.quote(secret, "")),
    "URL, all": lambda draw, secret: "".join(f"%{byte:02X}" for byte in secret.encode()),
    "JSON": lambda draw, secret: json.dumps(secret)[1:-1],
    "UTF-16 in JSON": lambda draw, secret: json.dumps(utf16_as_text(secret, "le"))[1:-1],
    "XML": lambda draw, secret: html.escape(secret),
    "CLIXML": lambda draw, secret: "".join(f"_x{unit:04X}_" for unit in memoryview(secret.encode("utf-16-le")).cast("H")),
    "hexadecimal": lambda draw, secret: secret.encode().hex(),
    "dump": lambda draw, secret: secret.encode().hex(" "),
    "colours": lambda draw, secret: "\x1b[1m".join(secret),
    "lines": lambda draw, secret: "\r\n".join(secret),
    "doubled quotes": lambda draw, secret: secret.replace("'", "''"),
    "shell": lambda draw, secret: secret.replace("'", "'\\''"),
}


def cut(draw: random.Random, text: str) -> list[str]:
    pieces = []
    while text:
        count = draw.randrange(1, 12)
        pieces.append(text[:count])
        text = text[count:]
    return pieces


# MARK: the plan


def make(folder: Path, seed: int, count: int, ways: list[str]) -> None:
    draw = random.Random(seed)
    secrets = []
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        alphabet = draw.choice(ALPHABETS)
        body = "".join(draw.choice(alphabet) for _ in range(draw.randrange(10, 30)))
        # What belongs to which of the plan's words is not for the far side to say.
        secrets.append({"kind": kind, "text": "a" + body + "z"})
    steps: list[list[dict]] = [[] for _ in range(STEPS)]
    for secret in secrets:
        if secret["kind"] == "secure":
            steps[0].append({"way": "secure", "pieces": [secret["text"]]})
        if secret["kind"] == "pattern":
            steps[0].append({"way": draw.choice(ways), "pieces": cut(draw, f"key={secret['text']} \n")})
        for _ in range(3):
            name = draw.choice(list(FORMS))
            text = FORMS[name](draw, secret["text"])
            step = steps[draw.randrange(1, STEPS)]
            if draw.random() < 0.5:
                step.append({"way": draw.choice(PIECEMEAL), "pieces": cut(draw, f"<{text}>\n")})
            else:
                step.append({"way": draw.choice(WHOLE), "pieces": [f"<{text}>"]})
    plan = {"secrets": secrets, "steps": steps}
    (folder / "plan.json").write_text(json.dumps(plan))
    arguments = ["--redact", r"key=\K\S+"]
    lines = []
    for number, secret in enumerate(secrets):
        if secret["kind"] != "answer":
            continue
        credential = {0: "psrun.password", 3: "psrun.passphrase"}.get(number)
        path = folder / (credential or f"secret-{number}")
        path.touch(0o600)
        path.write_text(secret["text"] + "\n")
        if not credential:
            arguments += ["--answer-secret", f"^field-{number}$={path}"]
        if len(lines) < 20 and "\\" not in secret["text"]:
            lines.append(f"# a playbook should not hold this: {secret['text']}")
    (folder / "arguments").write_text("\n".join(arguments))
    lines += [f": psrp plant {folder} {number}" for number in range(STEPS)]
    (folder / "playbook.ps1").write_text("\n".join(lines) + "\n")


def typed(folder: Path, secrets: list[str]) -> None:
    draw = random.Random(1)
    step = []
    for secret in secrets:
        for form in FORMS.values():
            text = form(draw, secret)
            step += [{"way": way, "pieces": cut(draw, f"<{text}>\n")} for way in ("write", "stderr")]
            # A question would wait for the person.
            way = draw.choice([way for way in WHOLE if way != "question"])
            step.append({"way": way, "pieces": [f"<{text}>"]})
    plan = {"secrets": [{"kind": "typed", "text": secret} for secret in secrets], "steps": [step]}
    (folder / "plan.json").write_text(json.dumps(plan))


# MARK: the hunt

CORE = 6


def base64_cores(secret: bytes) -> list[bytes]:
    """What base64 has of it at each alignment, whatever stands around it."""
    cores = []
    for lead in range(3):
        digits = base64.b64encode(bytes(lead) + secret + bytes(2))
        cores.append(digits[-(-lead * 8 // 6) : (lead + len(secret)) * 8 // 6])
    return cores


def needles(secret: str) -> dict[bytes, str]:
    found = {secret.encode(): "as it is", urllib.parse.quote(secret, "").encode(): "URL"}
    found[secret.encode().hex().encode()] = "hexadecimal"
    found[secret.encode("utf-16-le").replace(b"\0", b"")] = "UTF-16"
    for name, data in (("UTF-8", secret.encode()), ("UTF-16", secret.encode("utf-16-le"))):
        for core in base64_cores(data):
            found[core] = f"base64 of {name}"
            found[core.replace(b"+", b"-").replace(b"/", b"_")] = f"base64 of {name} for URLs"
    return found


def unescaped(data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    text = re.sub(r"(?:\\u[0-9a-fA-F]{4})+", lambda found: units(re.findall(r"\\u(....)", found[0])), text)
    text = re.sub(r"\\([\"\\/rnt])", lambda found: {"r": "\r", "n": "\n", "t": "\t"}.get(found[1], found[1]), text)
    return text.encode("utf-8", "replace")


def units(digits: list[str]) -> str:
    return b"".join(int(unit, 16).to_bytes(2, "little") for unit in digits).decode("utf-16-le", "replace")


def bare(data: bytes) -> bytes:
    return re.sub(rb"\x1b\[[0-9;]*m|[\x00-\x1f]", b"", data)


def hunt(folder: Path, files: list[Path]) -> int:
    wanted: dict[bytes, list[tuple[bytes, str, str]]] = {}
    for secret in json.loads((folder / "plan.json").read_text())["secrets"]:
        for needle, form in needles(secret["text"]).items():
            assert len(needle) >= CORE, f"{needle!r} is too short to be hunted"
            wanted.setdefault(needle[:CORE], []).append((needle, secret["text"], form))
    count = 0
    for path in files:
        once = unescaped(path.read_bytes())
        twice = unescaped(once)
        readings = {"raw": path.read_bytes(), "JSON": once, "JSON in JSON": twice, "bare": bare(once)}
        readings |= {"bare, twice": bare(twice), "URL": urllib.parse.unquote_to_bytes(bare(twice))}
        for reading, data in readings.items():
            for start in range(len(data) - CORE + 1):
                for needle, secret, form in wanted.get(data[start : start + CORE], ()):
                    if data.startswith(needle, start):
                        count += 1
                        around = data[max(0, start - 60) : start + len(needle) + 20]
                        print(f"{path.name}, read as {reading}: {secret!r} {form}: {around!r}")
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files)} bytes: {count} found")
    return 1 if count else 0


def main() -> int:
    folder = Path(sys.argv[2])
    if sys.argv[1] == "make":
        make(folder, int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
        return 0
    if sys.argv[1] == "typed":
        typed(folder, sys.argv[3:])
        return 0
    return hunt(folder, [Path(name) for name in sys.argv[3:]])


if __name__ == "__main__":
    sys.exit(main())
