"""The tests' server of WS-Management with its canned shell, for benchmarks."""
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time

PEERS = pathlib.Path(__file__).resolve().parents[1] / "Peers"
USER, PASSWORD = "op", "correct horse"


class Server:
    def __init__(self, folder, schemes, is_tls, *more):
        self.folder, self.is_tls = pathlib.Path(folder), is_tls
        arguments = ["--auth", schemes, "--user", f"{USER}:{PASSWORD}", *more]
        if is_tls:
            key, self.certificate = self.folder / "key.pem", self.folder / "certificate.pem"
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                 "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", self.certificate],
                check=True, stderr=subprocess.DEVNULL)
            both = self.folder / "server.pem"
            both.write_text(self.certificate.read_text() + key.read_text())
            arguments += ["--tls", str(both)]
        self.process = subprocess.Popen(
            [sys.executable, PEERS / "wsman_server.py", *arguments, "--canned", folder], stderr=subprocess.DEVNULL)
        port = self.folder / "port"
        for _ in range(2000):
            if port.exists():
                break
            time.sleep(0.01)
        self.port = int(port.read_text())
        self.password_file = self.folder / "password"
        self.password_file.write_text(PASSWORD + "\n")
        self.password_file.chmod(0o600)

    def close(self):
        self.process.terminate()
        self.process.wait()


@contextlib.contextmanager
def server(schemes, is_tls, *more):
    with tempfile.TemporaryDirectory() as folder:
        running = Server(folder, schemes, is_tls, *more)
        try:
            yield running
        finally:
            running.close()


def psrun(program, server, playbook, recordings, *more, authentication, query="", port=None):
    """The command of psrun over a server."""
    scheme = "https" if server.is_tls else "http"
    user = USER if authentication == "Basic" else f"DOMAIN\\{USER}"
    trust = ["--ca-file", str(server.certificate)] if server.is_tls else []
    return [program, playbook, "-ConnectionUri", f"{scheme}://127.0.0.1:{port or server.port}/wsman{query}",
            "-Authentication", authentication, "-Credential", user, "--password-file", str(server.password_file), *trust,
            "--recordings", recordings, *more]


def pypsrp(server, sessions, lines, *, authentication, query="", port=None):
    """The same of pypsrp's client."""
    scheme = "https" if server.is_tls else "http"
    auth = {"Basic": "basic", "Negotiate": "ntlm"}[authentication]
    user = USER if auth == "basic" else f"DOMAIN\\{USER}"
    environment = {**os.environ, "PYTHONPATH": str(PYPSRP)}
    command = [sys.executable, pathlib.Path(__file__).with_name("pypsrp_winrm.py"), "127.0.0.1", str(port or server.port),
               f"wsman{query}", scheme, auth, user, PASSWORD, str(sessions), str(lines)]
    return command, environment


# The release that is measured against; the tests' own is another.
PYPSRP = pathlib.Path(sys.prefix) / "pypsrp-0.9.1"
