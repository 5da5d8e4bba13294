"""Makes the certificates of the TLS tests in a folder: authorities, hosts that are sound and hosts that are not, clients.

usage: certificates.py FOLDER
"""
import datetime
import ipaddress
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSPHRASE = b"open sesame"
DAY = datetime.timedelta(days=1)
NOW = datetime.datetime.now(datetime.timezone.utc)
PEM = serialization.Encoding.PEM
PLAIN = serialization.NoEncryption()
folder = pathlib.Path(sys.argv[1])


def name(common):
    return x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ])


def make_key():
    return ec.generate_private_key(ec.SECP256R1())


def certificate(common, issuer=None, *, key=None, hosts=(), begins=-1, ends=30, usage=None, is_authority=False,
                digest=hashes.SHA256(), pss=None):
    """A certificate and its key; `issuer` is another such pair, else it signs itself."""
    key = key or make_key()
    signer_name, signer_key = (issuer[0].subject, issuer[1]) if issuer else (name(common), key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(signer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + begins * DAY)
        .not_valid_after(NOW + ends * DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key()), critical=False
        )
    )
    if is_authority:
        builder = builder.add_extension(
            x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True
        )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(hosts)), critical=False)
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    return builder.sign(signer_key, digest, rsa_padding=pss), key


def pem(pair):
    return pair[0].public_bytes(PEM)


def key_pem(key, encryption=PLAIN):
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, encryption)


def write(file, *parts):
    path = folder / file
    path.write_bytes(b"".join(parts))
    path.chmod(0o600)


def revocations(authority, serials, *, begins=-1, ends=30):
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority[0].subject)
        .last_update(NOW + begins * DAY)
        .next_update(NOW + ends * DAY)
    )
    for serial in serials:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW - DAY).build()
        builder = builder.add_revoked_certificate(revoked)
    return builder.sign(authority[1], hashes.SHA256()).public_bytes(PEM)


def make_hosts(authority):
    server = ExtendedKeyUsageOID.SERVER_AUTH
    own = [x509.DNSName("srv01.example"), x509.DNSName("localhost"), x509.DNSName("*.wild.example")]
    own += [x509.IPAddress(ipaddress.ip_address(text)) for text in ("127.0.0.1", "::1")]
    other = [x509.DNSName("srv02.example")]
    hosts = {
        "host": dict(hosts=own, usage=server),
        "expired": dict(hosts=own, usage=server, begins=-20, ends=-10),
        "early": dict(hosts=own, usage=server, begins=10),
        "othername": dict(hosts=other, usage=server),
        "wrong-purpose": dict(hosts=own, usage=ExtendedKeyUsageOID.CLIENT_AUTH),
        "revoked": dict(hosts=own, usage=server),
        "nameless": dict(usage=server),
        "weak": dict(hosts=own, usage=server, key=rsa.generate_private_key(65537, 1024)),
    }
    made = {}
    for file, options in hosts.items():
        made[file] = certificate("srv01.example", authority, **options)
        write(f"{file}.pem", pem(made[file]), key_pem(made[file][1]))
    for file, options in {
        "self-signed": dict(hosts=own), "self-signed-expired": dict(hosts=own, begins=-20, ends=-10),
        "self-signed-othername": dict(hosts=other),
    }.items():
        pair = certificate("srv01.example", **options)
        write(f"{file}.pem", pem(pair), key_pem(pair[1]))
    middle = certificate("Middle", authority, is_authority=True)
    below = certificate("srv01.example", middle, hosts=own, usage=server)
    write("below.pem", pem(below), pem(middle), key_pem(below[1]))
    write("lists.pem", revocations(authority, [made["revoked"][0].serial_number]))
    write("lists-old.pem", revocations(authority, [], begins=-20, ends=-10))


def make_signatures():
    """A certificate for each kind of signature, since the channel binding goes by it."""
    strong = rsa.generate_private_key(65537, 2048)
    pss = padding.PSS(padding.MGF1(hashes.SHA512()), hashes.SHA512.digest_size)
    for file, options in {
        "rsa-sha256": dict(key=strong), "rsa-sha384": dict(key=strong, digest=hashes.SHA384()),
        "rsa-sha512": dict(key=strong, digest=hashes.SHA512()), "ecdsa-sha384": dict(digest=hashes.SHA384()),
        "pss-sha512": dict(key=strong, digest=hashes.SHA512(), pss=pss),
        "ed25519": dict(key=ed25519.Ed25519PrivateKey.generate(), digest=None),
    }.items():
        pair = certificate("srv01.example", hosts=[x509.DNSName("srv01.example")], **options)
        write(f"{file}.pem", pem(pair), key_pem(pair[1]))


def make_clients(authority):
    client = certificate("operator", authority, usage=ExtendedKeyUsageOID.CLIENT_AUTH)
    locked = serialization.BestAvailableEncryption(PASSPHRASE)
    write("client.pem", pem(client), key_pem(client[1]))
    write("client.crt", pem(client))
    write("client.key", key_pem(client[1]))
    write("client-locked.pem", pem(client), key_pem(client[1], locked))
    write("client-locked.key", key_pem(client[1], locked))
    for file, encryption in {"client.p12": locked, "client-open.p12": PLAIN}.items():
        write(file, pkcs12.serialize_key_and_certificates(b"op", client[1], client[0], [authority[0]], encryption))
    expired = certificate("former", authority, begins=-20, ends=-10)
    write("client-expired.pem", pem(expired), key_pem(expired[1]))
    stranger = certificate("stranger")
    write("stranger.pem", pem(stranger), key_pem(stranger[1]))


def main():
    folder.mkdir(parents=True, exist_ok=True)
    authority = certificate("Authority", is_authority=True)
    write("authority.pem", pem(authority))
    write("authority-and-key.pem", pem(authority), key_pem(authority[1]))
    write("other-authority.pem", pem(certificate("Other", is_authority=True)))
    make_hosts(authority)
    make_signatures()
    make_clients(authority)


main()
