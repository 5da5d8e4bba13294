#!/usr/bin/env python3
"""Writes what each capture says, read without psrun: said.txt.zst, which CaptureTests compares with psrun's reading.

A line of `# NAME` begins a capture. Then a line for each element or message: its direction, the first group of its
PSGuid, and the element's name or the message's type; for messages also the bytes of the body (byte order mark aside) and
the numbers of host calls and states. `fault` stands for the first line of a direction that is no element.

usage: make_said.py CAPTURES_FOLDER | zstd -19 -o said.txt.zst
"""
import base64, json, lzma, re, struct, sys
from pathlib import Path

ELEMENT = re.compile(r"^\s*<(Data|Command|Signal|Close)(Ack)?\s+([^>]*?)\s*(?:/>|>(.*)</\1>)\s*$", re.S)
NUMBER = {
    0x00041100: rb'N="mi".*?<I32>(\d+)<',
    0x00021100: rb'N="mi".*?<I32>(\d+)<',
    0x00041006: rb'State">(\d+)<',
    0x00021005: rb'State">(\d+)<',
}


def said(path):
    streams, faults = {}, set()
    for row in lzma.open(path, "rt", encoding="utf-8"):
        event = json.loads(row)
        way, line = event["dir"], event["line"]
        if way not in ("c2s", "s2c") or way in faults or line == "<eof>":
            continue
        element = ELEMENT.match(line)
        try:
            if not element:
                raise ValueError(line)
            guid = re.search(r"PSGuid='([^']+)'", element[3])[1]
            name = element[1] + (element[2] or "")
            if name != "Data":
                yield f"{way} {guid[:8]} {name}"
                continue
            data = base64.b64decode(element[4], validate=True)
        except ValueError:
            faults.add(way)
            yield f"{way} fault"
            continue
        held = streams.setdefault((way, guid, re.search(r"Stream='([^']+)'", element[3])[1]), [b"", {}])
        held[0] += data
        while len(held[0]) >= 21:
            number, _, flags, length = struct.unpack(">QQBI", held[0][:21])
            if len(held[0]) < 21 + length:
                break
            whole = (b"" if flags & 1 else held[1].get(number, b"")) + held[0][21 : 21 + length]
            held[0] = held[0][21 + length :]
            if not flags & 2:
                held[1][number] = whole
                continue
            held[1].pop(number, None)
            kind, body = struct.unpack("<I", whole[4:8])[0], whole[40:].removeprefix(b"\xef\xbb\xbf")
            found = re.search(NUMBER[kind], body, re.S)[1].decode() if kind in NUMBER else "-"
            yield f"{way} {guid[:8]} {kind:08x} {len(body)} {found}"


folder = Path(sys.argv[1])
for path in sorted(folder.rglob("*.wire.jsonl.xz")):
    print("#", path.relative_to(folder).as_posix().removesuffix(".wire.jsonl.xz"))
    for line in said(path):
        print(line)
