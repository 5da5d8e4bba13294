"""How clients of a WSMan server of the tests authenticate, and how what they say is sealed (MS-WSMV 2.2.9.1).

Needs pyspnego, and with --gssapi Debian's python3-gssapi: this machine's GSSAPI proves and seals then, Kerberos among it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import ssl
import struct
from dataclasses import dataclass

import spnego
import spnego.channel_bindings
import spnego.exceptions

CERTIFICATE = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
PROTOCOLS = {"negotiate": "negotiate", "kerberos": "kerberos", "credssp": "credssp"}
WORDS = {"negotiate": "Negotiate", "kerberos": "Kerberos", "credssp": "CredSSP", "basic": 'Basic realm="WSMAN"'}
SEALS = {
    "negotiate": "application/HTTP-SPNEGO-session-encrypted",
    "kerberos": "application/HTTP-Kerberos-session-encrypted",
    "credssp": "application/HTTP-CredSSP-session-encrypted",
}
BOUNDARY = b"Encrypted Boundary"
SOAP = "application/soap+xml;charset=UTF-8"


class Garbled(Exception):
    """A sealed body that breaks the rules."""


def bindings(certificate: str | None) -> spnego.channel_bindings.GssChannelBindings | None:
    """tls-server-end-point of a server's certificate (RFC 5929); SHA-256, as for all that the tests make."""
    if certificate is None:
        return None
    with open(certificate, encoding="ascii") as file:
        first = re.search(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", file.read(), re.S)
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(first.group())).digest()
    return spnego.channel_bindings.GssChannelBindings(application_data=b"tls-server-end-point:" + digest)


@dataclass
class Sealed:
    header: bytes
    data: bytes
    padding_length: int = 0


class SystemContext:
    """A context of this machine's GSSAPI, as pyspnego's are used."""

    def __init__(self, scheme: str, binding: bytes | None) -> None:
        import gssapi

        shown = gssapi.raw.ChannelBindings(application_data=binding) if binding else None
        spnego_mechanism = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
        mechanism = gssapi.MechType.kerberos if scheme == "kerberos" else spnego_mechanism
        credential = gssapi.Credentials(usage="accept", mechs=[mechanism])
        self.context = gssapi.SecurityContext(creds=credential, usage="accept", channel_bindings=shown)
        # Else a failure would be told only by whatever is asked of the context next.
        self.context.__DEFER_STEP_ERRORS__ = False
        self.error = gssapi.exceptions.GSSError

    @property
    def complete(self) -> bool:
        return self.context.complete

    @property
    def negotiated_protocol(self) -> str:
        return {"1.2.840.113554.1.2.2": "kerberos", "1.3.6.1.4.1.311.2.2.10": "ntlm"}[self.context.mech.dotted_form]

    @property
    def initiator(self) -> str:
        return str(self.context.initiator_name).rstrip("\0")

    def step(self, token: bytes) -> bytes | None:
        try:
            return self.context.step(token)
        except self.error as error:
            raise ValueError(str(error)) from error

    def wrap_winrm(self, plain: bytes) -> Sealed:
        import gssapi.raw as raw

        if self.negotiated_protocol == "kerberos":
            # As Windows writes it; its readers need not know tokens of the other kind.
            iov = raw.IOV(raw.IOVBufferType.header, plain, raw.IOVBufferType.padding, std_layout=False)
            raw.wrap_iov(self.context, iov, confidential=True, qop=None)
            header, data, padding = (part.value or b"" for part in iov)
            return Sealed(header, data + padding, len(padding))
        # A plain token, cut anywhere, as some servers write it.
        token = self.context.wrap(plain, True).message
        return Sealed(token[:16], token[16:])

    def unwrap_winrm(self, header: bytes, data: bytes) -> bytes:
        return self.context.unwrap(header + data).message


class Login:
    """One connection's: who has logged in on it, and what seals its messages."""

    def __init__(self, schemes: list[str], users: dict[str, str], bound_to: object, is_tls: bool, is_system: bool) -> None:
        self.schemes, self.users, self.bound_to, self.is_tls, self.is_system = schemes, users, bound_to, is_tls, is_system
        self.context: spnego.ContextProxy | None = None
        self.scheme: str | None = None
        self.is_done = False

    def challenges(self) -> list[str]:
        return [WORDS[scheme] for scheme in self.schemes if scheme in WORDS]

    def step(self, authorization: str | None, certificate: object) -> tuple[bool, str | None]:
        """Whether the request may pass, and what `WWW-Authenticate` says with the answer."""
        if "none" in self.schemes:
            self.is_done = True
            return True, None
        if authorization is None:
            return self.is_done and self.scheme != "basic", None
        if authorization == CERTIFICATE:
            self.scheme = "certificate"
            return "certificate" in self.schemes and bool(certificate), None
        word, _, token = authorization.partition(" ")
        scheme = word.lower()
        if scheme not in self.schemes:
            return False, None
        if scheme == "basic":
            user, _, password = base64.b64decode(token).decode().rpartition("\\")[2].partition(":")
            self.scheme = scheme
            self.is_done = user in self.users and hmac.compare_digest(self.users[user].encode(), password.encode())
            return self.is_done, None
        if self.context is None or self.is_done or self.scheme != scheme:
            self.context, self.scheme, self.is_done = self.begin(scheme), scheme, False
        try:
            out = self.context.step(base64.b64decode(token))
        except (spnego.exceptions.SpnegoError, ValueError):
            self.context = None
            return False, None
        self.is_done = self.context.complete
        answer = f"{word} {base64.b64encode(out).decode()}" if out else None
        return self.is_done, answer

    def begin(self, scheme: str) -> spnego.ContextProxy:
        if self.is_system:
            return SystemContext(scheme, self.bound_to.application_data if self.bound_to else None)
        bound_to = None if scheme == "credssp" else self.bound_to
        return spnego.server(protocol=PROTOCOLS[scheme], channel_bindings=bound_to)

    @property
    def told(self) -> str:
        """What proved who, for the log: `negotiate ntlm`, `kerberos kerberos alice@PSRUN.TEST`, `certificate`."""
        proof = getattr(self.context, "negotiated_protocol", None), getattr(self.context, "initiator", None)
        return " ".join(word for word in (self.scheme, *proof) if word)

    @property
    def must_seal(self) -> bool:
        return not self.is_tls and self.scheme in SEALS

    # MARK: sealing

    def open(self, content_type: str, body: bytes) -> bytes:
        """The envelope in a sealed body; raises Garbled."""
        kind = content_type.split(";")[0].strip().lower()
        if self.context is None or f'protocol="{SEALS[self.scheme]}"' not in content_type:
            raise Garbled(f"content type {content_type}")
        if kind not in ("multipart/encrypted", "multipart/x-multi-encrypted"):
            raise Garbled(kind)
        plain, rest, parts = b"", body, 0
        while rest != b"--" + BOUNDARY + b"--\r\n":
            rest, length = self.head(rest)
            size = self.size(rest, is_last=kind == "multipart/encrypted")
            header_length = struct.unpack("<I", rest[:4])[0]
            sealed, rest = rest[4:size], rest[size:]
            try:
                opened = self.context.unwrap_winrm(sealed[:header_length], sealed[header_length:])
            except (spnego.exceptions.SpnegoError, ssl.SSLError, ValueError) as error:
                raise Garbled(f"cannot be opened: {error}") from error
            if len(opened) != length:
                raise Garbled(f"{len(opened)} bytes where {length} are told")
            plain, parts = plain + opened, parts + 1
        if (parts > 1) != (kind == "multipart/x-multi-encrypted"):
            raise Garbled(f"{parts} parts as {kind}")
        return plain

    def head(self, rest: bytes) -> tuple[bytes, int]:
        """What follows a part's two heads, and the length that they tell."""
        seal = re.escape(SEALS[self.scheme].encode())
        match = re.match(
            b"--Encrypted Boundary\r\n\tContent-Type: " + seal + b"\r\n"
            b"\tOriginalContent: type=application/soap\\+xml;charset=UTF-8;Length=(\\d+)\r\n"
            b"--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n",
            rest,
        )
        if not match:
            raise Garbled(repr(rest[:200]))
        return rest[match.end() :], int(match.group(1))

    def size(self, rest: bytes, *, is_last: bool) -> int:
        """Where a part's bytes end: a TLS record says it itself, and what stands alone is all that is left."""
        if self.scheme == "credssp":
            return 4 + 5 + struct.unpack(">H", rest[7:9])[0]
        end = b"--" + BOUNDARY + b"--\r\n"
        if not is_last or not rest.endswith(end):
            raise Garbled("no last boundary")
        return len(rest) - len(end)

    def seal(self, plain: bytes) -> tuple[str, bytes]:
        """A body and its content type."""
        step = 16384 if self.scheme == "credssp" else max(1, len(plain))
        chunks = [plain[i : i + step] for i in range(0, len(plain), step)]
        kind = "multipart/encrypted" if len(chunks) == 1 else "multipart/x-multi-encrypted"
        body = b""
        for chunk in chunks:
            sealed = self.context.wrap_winrm(chunk)
            body += (
                b"--Encrypted Boundary\r\n\tContent-Type: " + SEALS[self.scheme].encode() + b"\r\n"
                b"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length="
                + str(len(chunk) + sealed.padding_length).encode()
                + b"\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
                + struct.pack("<I", len(sealed.header)) + sealed.header + sealed.data
            )
        return f'{kind};protocol="{SEALS[self.scheme]}";boundary="Encrypted Boundary"', body + b"--Encrypted Boundary--\r\n"
