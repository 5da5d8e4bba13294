#!/usr/bin/env python3
"""What psrpcore makes of CLIXML, in a form that says everything and is compared as text (CLIXMLTests/ValueDump.swift).

usage: clixml_peer.py dump                   a dump of each document of stdin (base64, one a line)
       clixml_peer.py generate SEED COUNT    documents of psrpcore's own, each with its dump, one a line
       clixml_peer.py bench FILE             CPU seconds that decoding the file's documents takes (32-bit lengths)
"""
import base64
import datetime
import decimal
import queue
import random
import struct
import sys
import time
from xml.etree import ElementTree

import psrpcore.types as ps
from psrpcore.types._base import PSNoteProperty, TypeRegistry
from psrpcore.types._primitive import _timedelta_total_nanoseconds
from psrpcore.types._serializer import deserialize, serialize

TAGS = {kind: tag for tag, kind in TypeRegistry().element_registry.items()}
EPOCH = datetime.datetime(1, 1, 1)


class NoCipher(ps.PSCryptoProvider):
    """A SecureString's text is compared as it stands."""

    def register_key(self, key):
        pass

    def decrypt(self, value):
        return value

    def encrypt(self, value):
        return value


def units(text):
    return text.encode("utf-16-be", "surrogatepass").hex()


def scalar(value):
    """A primitive, without what may decorate it."""
    tag = TAGS[type(value)]
    if isinstance(value, ps.PSSecureString):
        text = base64.b64decode(str(value)).hex()
    elif isinstance(value, str):
        text = units(value)
    elif isinstance(value, bytes):
        text = value.hex()
    elif isinstance(value, float):
        text = "nan" if value != value else struct.pack(">f" if tag == "Sg" else ">d", value).hex()
    elif isinstance(value, decimal.Decimal):
        text = format(decimal.Decimal(value), "f")
    elif isinstance(value, datetime.datetime):
        plain = datetime.datetime(value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)
        offset = value.utcoffset()
        zone = "-" if offset is None else str(offset // datetime.timedelta(minutes=1))
        text = f"{(plain - EPOCH) // datetime.timedelta(microseconds=1) * 10 + value.nanosecond // 100} {zone}"
    elif isinstance(value, datetime.timedelta):
        text = str(_timedelta_total_nanoseconds(value) // 100)
    elif isinstance(value, int):
        text = str(int(value))
    else:
        text = str(value)
    return f"{tag}:{text}"


def dump(value, around=()):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "B:true" if value else "B:false"
    if id(value) in around:
        return f"^{len(around) - around.index(id(value))}"
    meta = value.PSObject
    is_container = isinstance(value, (list, dict, queue.Queue))
    if type(value) in TAGS and not is_container and not (meta.adapted_properties or meta.extended_properties):
        return scalar(value)
    inner = around + (id(value),)
    if isinstance(value, dict):
        base = "DCT(" + ",".join(dump(k, inner) + "=" + dump(v, inner) for k, v in value.items()) + ")"
    elif isinstance(value, queue.Queue):
        base = "QUE(" + ",".join(dump(v, inner) for v in value.queue) + ")"
    elif isinstance(value, list):
        base = TAGS[type(value)] + "(" + ",".join(dump(v, inner) for v in value) + ")"
    elif type(value) in TAGS:
        base = scalar(value)
    else:
        base = ""
    # psrpcore marks the types that it does not know, as PowerShell does.
    names = ",".join(name.removeprefix("Deserialized.") for name in meta.type_names)
    parts = [names, "-" if meta._to_string is None else units(meta._to_string), base]
    for properties in (meta.adapted_properties, meta.extended_properties):
        parts.append(",".join(units(p.name) + "=" + dump(p.get_value(value), inner) for p in properties))
    return "{" + "|".join(parts) + "}"


def decode(document):
    return deserialize(ElementTree.fromstring(document), NoCipher())


class Generator:
    """Values of every kind that psrpcore can send."""

    letters = "abcXYZ_x_X09 \t\r\n<>&\"'\u00e9\u4e2d\U0001f600\x00\x1b\x7f\x85\u2028\ufeff"

    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self):
        return "".join(self.random.choice(self.letters) for _ in range(self.random.randrange(12)))

    def primitive(self):
        r = self.random
        bits = r.getrandbits
        return r.choice(
            [
                lambda: None,
                lambda: r.random() < 0.5,
                lambda: ps.PSString(self.text()),
                lambda: ps.PSScriptBlock(self.text()),
                lambda: ps.PSUri(self.text()),
                lambda: ps.PSXml(self.text()),
                lambda: ps.PSChar(bits(16)),
                lambda: ps.PSByte(bits(8)),
                lambda: ps.PSSByte(bits(8) - 128),
                lambda: ps.PSInt16(bits(16) - 32768),
                lambda: ps.PSUInt16(bits(16)),
                lambda: ps.PSInt(bits(32) - 2**31),
                lambda: ps.PSUInt(bits(32)),
                lambda: ps.PSInt64(bits(64) - 2**63),
                lambda: ps.PSUInt64(bits(64)),
                lambda: ps.PSDouble(struct.unpack(">d", struct.pack(">Q", bits(64)))[0]),
                lambda: ps.PSDouble(r.uniform(-1e6, 1e6)),
                lambda: ps.PSSingle(struct.unpack(">f", struct.pack(">f", r.uniform(-1e9, 1e9)))[0]),
                lambda: ps.PSDecimal(str(bits(80) - 2**79) + "." + str(bits(12))),
                lambda: ps.PSByteArray(r.randbytes(r.randrange(20))),
                lambda: ps.PSGuid(int=bits(128)),
                lambda: ps.PSVersion(".".join(str(bits(8)) for _ in range(r.randrange(2, 5)))),
                # Python's strftime does not pad a year below 1000, which makes psrpcore write no date at all.
                lambda: ps.PSDateTime(
                    r.randrange(1000, 10000), r.randrange(1, 13), r.randrange(1, 29), r.randrange(24), r.randrange(60),
                    r.randrange(60), r.randrange(10**6), nanosecond=r.randrange(10) * 100,
                    tzinfo=r.choice([None, datetime.timezone.utc, datetime.timezone(datetime.timedelta(minutes=-210))]),
                ),
                lambda: ps.PSDuration(days=r.randrange(-1000, 1000), seconds=r.randrange(86400), microseconds=bits(16)),
                lambda: ps.PSSecureString(base64.b64encode(r.randbytes(8)).decode(), NoCipher()),
            ]
        )()

    def value(self, depth=3):
        r = self.random
        if depth == 0 or r.random() < 0.5:
            return self.primitive()
        size = range(r.randrange(4))
        kind = r.randrange(6)
        if kind == 0:
            value = ps.PSDict({ps.PSString(f"{i}{self.text()}"): self.value(depth - 1) for i in size})
        elif kind == 1:
            value = ps.PSQueue()
            for _ in size:
                value.put(self.value(depth - 1))
        elif kind < 5:
            value = [ps.PSList, ps.PSStack, ps.PSIEnumerable][kind - 2]([self.value(depth - 1) for _ in size])
        else:
            value = ps.PSObject()
        name = f"Some.Type{r.randrange(5)}"
        value.PSObject.type_names = [name, "System.Object"]
        # psrpcore writes a container's properties before its elements and reads them after: type names and objects
        # that are in both are then referred to before they are known, and it cannot read what it wrote.
        member = self.primitive if kind < 5 else lambda: self.value(depth - 1)
        for properties in (value.PSObject.adapted_properties, value.PSObject.extended_properties):
            for i in range(r.randrange(3)):
                properties.append(PSNoteProperty(f"p{i}{self.text()}", value=member()))
        if kind == 5 and r.random() < 0.2:
            shared = ps.PSList([self.primitive()])
            value.PSObject.extended_properties.append(PSNoteProperty("first", value=shared))
            value.PSObject.extended_properties.append(PSNoteProperty("again", value=shared))
        return value


def main(arguments):
    if arguments == ["dump"]:
        for line in sys.stdin:
            print(dump(decode(base64.b64decode(line).decode())))
    elif arguments[:1] == ["generate"]:
        generator = Generator(int(arguments[1]))
        for _ in range(int(arguments[2])):
            document = ElementTree.tostring(serialize(generator.value(), NoCipher()), encoding="utf-8", xml_declaration=False)
            print(base64.b64encode(document).decode(), dump(decode(document.decode())))
    elif arguments[:1] == ["bench"]:
        rest, documents = open(arguments[1], "rb").read(), []
        while rest:
            (length,) = struct.unpack(">I", rest[:4])
            documents.append(rest[4 : 4 + length])
            rest = rest[4 + length :]
        times = []
        for _ in range(3):
            began = time.process_time()
            for document in documents:
                decode(document.decode("utf-8-sig"))
            times.append(time.process_time() - began)
        print(min(times))
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
