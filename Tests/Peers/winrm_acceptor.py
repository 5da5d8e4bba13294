#!/usr/bin/env python3
"""The server's side of WinRM's authentication and sealing, by libraries that are not psrun's; it answers with what it was told.

usage: winrm_acceptor.py PORT_FILE LOG_FILE LIBRARY [BINDING]

LIBRARY is what proves and seals:
    pyspnego    pyspnego's NTLM within SPNEGO, and pypsrp's multipart bodies; users are those of NTLM_USER_FILE
    gssapi      this machine's GSSAPI: MIT Kerberos by KRB5_KTNAME, gss-ntlmssp by NTLM_USER_FILE; bodies are taken apart here
BINDING is the channel binding that a client must show, in base64.

Speaks HTTP/1.1 on 127.0.0.1. A request in clear, which comes with a token, is answered in clear once the token proves the
user; a sealed one is answered sealed: `heard: ` and the text, backwards. LOG_FILE gets a line of JSON for each request:
the connection's number, the scheme, the lengths of token and body, the length of a sealed body's header, and the status.
Ends with its parent.
"""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import socketserver
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler

LOCK = threading.Lock()
TYPE = "application/soap+xml;charset=UTF-8"


class Pyspnego:
    def __init__(self, scheme: str, binding: bytes | None) -> None:
        import spnego
        from pypsrp.encryption import WinRMEncryption
        from spnego.channel_bindings import GssChannelBindings

        shown = GssChannelBindings(application_data=binding) if binding else None
        self.context = spnego.server(protocol="negotiate", channel_bindings=shown)
        self.bodies = WinRMEncryption(self.context, WinRMEncryption.SPNEGO)

    def step(self, token: bytes) -> bytes | None:
        return self.context.step(token)

    @property
    def is_complete(self) -> bool:
        return self.context.complete

    def open(self, body: bytes) -> bytes:
        return self.bodies.unwrap_message(body, "Encrypted Boundary")

    def seal(self, plain: bytes) -> bytes:
        return self.bodies.wrap_message(plain)[1]


class GSSAPI:
    def __init__(self, scheme: str, binding: bytes | None) -> None:
        import gssapi

        shown = gssapi.raw.ChannelBindings(application_data=binding) if binding else None
        kerberos = gssapi.MechType.kerberos
        mechanism = kerberos if scheme == "Kerberos" else gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
        credential = gssapi.Credentials(usage="accept", mechs=[mechanism])
        self.context = gssapi.SecurityContext(creds=credential, usage="accept", channel_bindings=shown)
        # Else a failure would be told only by whatever is asked of the context next.
        self.context.__DEFER_STEP_ERRORS__ = False

    def step(self, token: bytes) -> bytes | None:
        return self.context.step(token)

    @property
    def is_complete(self) -> bool:
        return self.context.complete

    def open(self, body: bytes) -> bytes:
        parts = re.split(rb"--Encrypted Boundary\r\n", body)
        data = parts[2].removeprefix(b"\tContent-Type: application/octet-stream\r\n")
        data = data.removesuffix(b"--Encrypted Boundary--\r\n")
        length = struct.unpack("<I", data[:4])[0]
        announced = int(re.search(rb"Length=(\d+)\r\n", parts[1]).group(1))
        plain = self.context.unwrap(data[4:]).message
        assert len(data) == 4 + length + announced, "the data are not as long as what was sealed"
        return plain

    def seal(self, plain: bytes) -> bytes:
        # Plain tokens, cut anywhere: as some servers write them, and without tabs.
        token = self.context.wrap(plain, True).message
        return b"".join(
            [
                b"--Encrypted Boundary\r\nContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n",
                f"OriginalContent: type={TYPE};Length={len(plain)}\r\n".encode(),
                b"--Encrypted Boundary\r\nContent-Type: application/octet-stream\r\n",
                struct.pack("<I", 16),
                token,
                b"--Encrypted Boundary--\r\n\r\n",
            ]
        )


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    acceptor = None
    is_open = False

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        authorization = self.headers.get("Authorization")
        self.facts = {"connection": self.client_address[1], "scheme": None, "token": 0, "body": len(body), "header": None}
        if authorization:
            scheme, _, text = authorization.partition(" ")
            self.facts.update(scheme=scheme, token=len(text))
            self.authenticate(scheme, base64.b64decode(text), body)
        elif self.is_open and body:
            self.facts["header"] = struct.unpack("<I", body.split(b"octet-stream\r\n", 1)[1][:4])[0]
            heard = self.acceptor.open(body)
            sealed = 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"'
            self.answer(200, self.acceptor.seal(b"heard: " + heard[::-1]), {"Content-Type": sealed})
        else:
            self.answer(401, b"", {"WWW-Authenticate": "Negotiate"})

    def authenticate(self, scheme: str, token: bytes, body: bytes) -> None:
        try:
            self.acceptor = self.acceptor or self.server.make(scheme, self.server.binding)
            output = self.acceptor.step(token)
        except Exception as error:  # noqa: BLE001 - whatever the library says, the client hears 401
            self.facts["error"] = str(error)
            self.acceptor = None
            self.answer(401, b"", {"WWW-Authenticate": scheme})
            return
        headers = {"WWW-Authenticate": f"{scheme} {base64.b64encode(output).decode()}"} if output else {}
        self.is_open = self.acceptor.is_complete
        if self.is_open:
            self.answer(200, b"heard: " + body[::-1] if body else b"", headers)
        else:
            self.answer(401, b"", headers)

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        with LOCK, open(self.server.log, "a", encoding="utf-8") as log:
            log.write(json.dumps(self.facts | {"status": status}) + "\n")
        self.send_response(status)
        for name, value in {"Content-Type": TYPE, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, log: str, make: type, binding: bytes | None) -> None:
        self.log, self.make, self.binding = log, make, binding
        super().__init__(("127.0.0.1", 0), Handler)

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address


def main() -> int:
    port_file, log, library = sys.argv[1:4]
    binding = base64.b64decode(sys.argv[4]) if len(sys.argv) > 4 else None
    open(log, "w", encoding="utf-8").close()
    server = Server(log, {"pyspnego": Pyspnego, "gssapi": GSSAPI}[library], binding)
    with open(port_file + ".new", "w", encoding="utf-8") as file:
        file.write(str(server.server_address[1]))
    os.rename(port_file + ".new", port_file)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
