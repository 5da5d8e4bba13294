"""The other side of CredSSP, and an authentication for within it: pyspnego's, over lines on a loopback port.

usage: credssp_peer.py PORT_FILE

Each connection is one conversation. A line is a word and hexadecimal arguments, and so is its answer:
    begin VERSION TLS HOW     VERSION 2 to 6; TLS 1.2 or 1.3; HOW honest, wrong-proof or wrong-password
    step TOKEN                the inner client's next token, and whether it is complete
    wrap BYTES, unwrap BYTES  by the inner client
    accept TOKEN              the host's answer, and whether it has the credentials
    seal BYTES                the host's message: header and data
    open HEADER DATA          what the host understands
    credentials               domain, user and password as the host got them
An answer is `ok`, then the values; or `error` and why. Standard library and pyspnego. Ends with its parent.
"""
import os
import socketserver
import ssl
import sys
import tempfile
import threading
import time

USER, PASSWORD = "DOMAIN\\operator", "p\u00e4ss \U0001f511 word"

with tempfile.NamedTemporaryFile("w", suffix=".users", delete=False, encoding="utf-8") as users:
    users.write("DOMAIN:operator:%s\n" % PASSWORD)
os.environ["NTLM_USER_FILE"] = users.name

import spnego  # noqa: E402  (it reads the variable)
import spnego._credssp as credssp  # noqa: E402
from spnego.tls import default_tls_context  # noqa: E402

TURN = threading.Lock()
HONEST_PROOF = credssp._get_pub_key_auth


def wrong_proof(pub_key, usage, nonce=None):
    proof = HONEST_PROOF(pub_key, usage, nonce)
    return proof if usage == "initiate" else bytes([proof[0] ^ 1]) + proof[1:]


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            word, *rest = line.decode().split()
            try:
                with TURN:
                    values = getattr(self, "do_" + word)(*rest)
                answer = "ok " + " ".join(value if isinstance(value, str) else value.hex() or "-" for value in values)
            except Exception as error:  # told to the test, whatever it is
                answer = "error " + type(error).__name__ + ": " + str(error).replace("\n", " ")
            self.wfile.write(answer.encode() + b"\n")

    def do_begin(self, version, tls, how):
        self.version, self.how = int(version), how
        password = "wrong" if how == "wrong-password" else PASSWORD
        self.inner = spnego.client(USER, password, hostname="localhost", service="HTTP", protocol="negotiate")
        credssp._X509_CERTIFICATE = None
        context = credssp._create_tls_context("accept")
        context.context.maximum_version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[tls]
        self.host = spnego.server(
            hostname="localhost", service="HTTP", protocol="credssp", credssp_tls_context=context
        )
        return []

    def do_step(self, token="-"):
        output = self.inner.step(bytes.fromhex(token) if token != "-" else None)
        return [output or b"", "complete" if self.inner.complete else "on"]

    def do_wrap(self, data):
        return [self.inner.wrap(bytes.fromhex(data)).data]

    def do_unwrap(self, data):
        return [self.inner.unwrap(bytes.fromhex(data)).data]

    def do_accept(self, token="-"):
        credssp._CREDSSP_VERSION = self.version
        credssp._get_pub_key_auth = wrong_proof if self.how == "wrong-proof" else HONEST_PROOF
        output = self.host.step(bytes.fromhex(token) if token != "-" else b"")
        return [output or b"", "complete" if self.host.complete else "on"]

    def do_seal(self, data):
        result = self.host.wrap_winrm(bytes.fromhex(data))
        return [result.header, result.data]

    def do_open(self, header, data):
        return [self.host.unwrap_winrm(bytes.fromhex(header), bytes.fromhex(data))]

    def do_credentials(self):
        given = self.host.get_extra_info("client_credential")
        return [text.encode() for text in (given.domain_name, given.username, given.password)]


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


def main():
    with Server(("127.0.0.1", 0), Conversation) as server:
        with open(sys.argv[1] + ".new", "w", encoding="ascii") as file:
            file.write(str(server.server_address[1]))
        os.replace(sys.argv[1] + ".new", sys.argv[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        parent = os.getppid()
        while os.getppid() == parent:
            time.sleep(0.5)
    os.unlink(users.name)
    os._exit(0)


main()
