"""A WinRM service with canned shells, and the commands of its two clients, for benchmarks."""
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
USER, PASSWORD = "op", "correct horse"
PRINCIPAL, SECRET, HOST = "alice@PSRUN.TEST", "Pässword 1", "localhost"
# The release that is measured against; the tests' own is another.
PYPSRP = pathlib.Path(sys.prefix) / "pypsrp-0.9.1"
PROGRAM = os.environ.get("PSRUN", ".build/release/psrun")


def build(folder):
    """The service is written in C: what a server takes of a machine's processors is not its clients'."""
    program = pathlib.Path(folder, "winrm_canned")
    subprocess.run(["cc", "-O2", "-o", program, HERE / "winrm_canned.c", "-lssl", "-lcrypto", "-lgssapi_krb5", "-pthread"],
                   check=True)
    return program


def until(path, seconds=60):
    for _ in range(int(seconds * 100)):
        if path.exists():
            return path
        time.sleep(0.01)
    raise AssertionError(f"there is no {path}")


class Server:
    """One service. `way` is Basic (over https), Negotiate (NTLM over http) or Kerberos (over http)."""

    def __init__(self, program, folder, way, size=100, holders=0, realm=None):
        self.folder, self.way, self.realm = pathlib.Path(folder), way, realm
        self.scheme = "https" if way == "Basic" else "http"
        self.user, password = (PRINCIPAL, SECRET) if way == "Kerberos" else (USER, PASSWORD)
        if way == "Negotiate":
            self.user = f"DOMAIN\\{USER}"
        command = [program, folder, str(size), str(holders)]
        if self.scheme == "https":
            command.append(self.make_certificate())
        # What gss-ntlmssp knows of users, in place of a domain.
        users = self.folder / "users"
        users.write_text(f"DOMAIN:{USER}:{PASSWORD}\n:{USER}:{PASSWORD}\n")
        environment = {**os.environ, "NTLM_USER_FILE": str(users)}
        self.client = dict(os.environ)
        if realm:
            environment |= {"KRB5_CONFIG": str(realm / "krb5.conf"), "KRB5_KTNAME": str(realm / "keytab")}
            self.client["KRB5_CONFIG"] = str(realm / "krb5.conf")
        self.process = subprocess.Popen(command, env=environment)
        self.port = int(until(self.folder / "port").read_text())
        self.password_file = self.folder / "password"
        self.password_file.write_text(password + "\n")
        self.password_file.chmod(0o600)

    def make_certificate(self):
        key, self.certificate, both = (self.folder / name for name in ("key.pem", "certificate.pem", "server.pem"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", self.certificate],
            check=True, stderr=subprocess.DEVNULL)
        both.write_text(self.certificate.read_text() + key.read_text())
        return both

    def moments(self, word):
        """When each event of this name was, in seconds."""
        lines = (line.split() for line in (self.folder / "log").read_text().splitlines())
        return [float(line[1]) for line in lines if line[0] == word]

    def psrun(self, playbook, recordings, *more, sessions=1, fanout=8, port=None):
        """So many targets, all of which are the one service by other addresses."""
        inventory = self.folder / f"hosts-{sessions}"
        user = self.user.replace("\\", "\\\\")
        variables = (f"ansible_connection=psrp ansible_port={port or self.port} ansible_psrp_protocol={self.scheme} "
                     f"ansible_psrp_auth={self.way.lower()} ansible_user={user}")
        # A machine is entered once, whatever it is called, so each has an address of its own.
        hosts = [HOST] if self.realm else [f"127.1.{index // 200}.{index % 200 + 1}" for index in range(sessions)]
        inventory.write_text("".join(f"h{index} ansible_host={host} {variables}\n" for index, host in enumerate(hosts)))
        trust = ["--ca-file", self.certificate, "-SkipCNCheck"] if self.scheme == "https" else []
        return [PROGRAM, playbook, "-i", inventory, "--password-file", self.password_file, "--fanout", str(fanout), "--any-shell",
                "--recordings", recordings, *trust, *more], self.client

    def pypsrp(self, lines, *, sessions=1, fanout=1, port=None):
        """The same of pypsrp's client; each of `lines` is a line of a session."""
        auth = {"Basic": "basic", "Negotiate": "ntlm", "Kerberos": "kerberos"}[self.way]
        password = SECRET if self.realm else PASSWORD
        command = [sys.executable, HERE / "pypsrp_winrm.py", HOST if self.realm else "127.0.0.1", str(port or self.port),
                   self.scheme, auth, self.user, password, str(sessions), str(fanout), *lines]
        return command, {**self.client, "PYTHONPATH": str(PYPSRP)}

    def close(self):
        self.process.terminate()
        self.process.wait()


@contextlib.contextmanager
def server(program, way, **more):
    with tempfile.TemporaryDirectory() as folder:
        running = Server(program, folder, way, **more)
        try:
            yield running
        finally:
            running.close()


@contextlib.contextmanager
def kerberos_realm():
    """MIT Kerberos with this machine's services; its folder."""
    with tempfile.TemporaryDirectory() as folder:
        script = HERE.parent / "Peers" / "kerberos_realm.sh"
        services = [f"{service}/{HOST}" for service in ("host", "HTTP", "WSMAN")]
        process = subprocess.Popen([script, folder, "23088", *services], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(pathlib.Path(folder, "ready"))
            time.sleep(0.5)
            yield pathlib.Path(folder)
        finally:
            process.terminate()
            process.wait()
