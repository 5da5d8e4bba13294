#!/usr/bin/env python3
"""An HTTP server on 127.0.0.1 that answers each request wrongly, in the one way that it was started for.

usage: hostile_http.py WAY FOLDER [PEM]

Writes its port into FOLDER/port once it listens, and the heads of requests into FOLDER/log. With PEM it speaks TLS. Ends
with its parent. The ways are the names of the functions below.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import sys

SOAP = "Content-Type: application/soap+xml;charset=UTF-8\r\n"


def answer(status: str, headers: str = "", body: bytes = b"") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode("latin-1") + body


def envelope(body: str, headers: str = "") -> bytes:
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing">'
        f"<s:Header>{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def challenge(value: str) -> bytes:
    return answer("401 Unauthorized", f"WWW-Authenticate: {value}\r\n")


FAULT = (
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>"
    "evil\x9b31m text\n psrun: a false line\u202e</s:Text></s:Reason></s:Fault>"
)

ANSWERS = {
    "banner": b"SSH-2.0-OpenSSH_9.2\r\n",
    "garbage": bytes(range(256)) * 20,
    "html": answer("200 OK", "Content-Type: text/html\r\n", b"<html>\x1b[31m\x1b]0;evil\x07</html>"),
    "notsoap": answer("200 OK", SOAP, b"<a><b/></a>"),
    "badxml": answer("200 OK", SOAP, b"<s:Envelope"),
    "entities": answer("200 OK", SOAP, b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "deep": answer("200 OK", SOAP, b"<a>" * 20000),
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n" + SOAP.encode() + b"\r\n",
    "lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    "negative": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "chunksize": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + SOAP.encode() + b"\r\nFFFFFFFFF\r\n",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"20000\r\n" + b"z" * 131072 + b"\r\n") * 12,
    "gzip": answer("200 OK", SOAP + "Content-Encoding: gzip\r\n", b"\x1f\x8b\x08\x00" + b"\x00" * 40),
    "head": b"HTTP/1.1 200 OK\r\n" + (b"X: " + b"y" * 1000 + b"\r\n") * 100,
    "fields": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
    "interim": b"HTTP/1.1 100 Continue\r\n\r\n" * 100,
    "switching": b"HTTP/1.1 101 Switching\r\n\r\n",
    "cut": b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc",
    "challenges": answer(
        "401 Unauthorized", "".join(f'WWW-Authenticate: S{n} realm="\\"x", a=b\r\n' for n in range(200))
    ),
    "token": challenge("Negotiate !!!!"),
    "longtoken": challenge("Negotiate " + "QUFB" * 15000),
    "badtoken": challenge("Negotiate QUFBQQ=="),
    "unproven": answer("200 OK"),
    "again": challenge("Negotiate"),
    "fault": answer("500 Error", SOAP, envelope(FAULT)),
    "otherfault": answer("500 Error", SOAP, envelope(FAULT, "<a:RelatesTo>uuid:00000000-0000-0000-0000-000000000001</a:RelatesTo>")),
    "otheranswer": answer(
        "200 OK", SOAP, envelope("<x/>", "<a:RelatesTo>uuid:00000000-0000-0000-0000-000000000001</a:RelatesTo>")
    ),
    "nowhere": answer("302 Found"),
    "login": answer("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="give me"\r\n'),
}  # fmt: skip


async def serve(way: str, log, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            log.write(head.split(b"\r\n")[0] + b"\n")
            length = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
            await reader.readexactly(length[0] if length else 0)
            if way == "loop":
                target = head.split(b" ")[1].decode()
                host = [line for line in head.split(b"\r\n") if line.startswith(b"Host: ")][0][6:].decode()
                writer.write(answer("307 Elsewhere", f"Location: http://{host}{target}x\r\n"))
            elif way == "drip":
                writer.write(b"HTTP/1.1 200 OK\r\nX: ")
                for _ in range(100):
                    writer.write(b"y")
                    await writer.drain()
                    await asyncio.sleep(0.2)
            elif way != "silent":
                writer.write(ANSWERS[way])
            await writer.drain()
            if way == "cut":
                break
    writer.close()


async def main() -> None:
    way, folder = sys.argv[1:3]
    context = None
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3])
    log = open(os.path.join(folder, "log"), "ab", buffering=0)
    server = await asyncio.start_server(lambda r, w: serve(way, log, r, w), "127.0.0.1", 0, ssl=context)
    path = os.path.join(folder, "port")
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.replace(path + ".new", path)
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(0.2)
    os._exit(0)


asyncio.run(main())
