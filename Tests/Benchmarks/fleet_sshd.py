"""A real sshd on loopback for benchmarks, in a network namespace of its own where that is permitted."""
import contextlib
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time

PROGRAM = os.environ.get("PSRUN", ".build/release/psrun")


def enter_own_network():
    """Runs this script again in a network namespace that holds loopback alone, so that any address of it may be used."""
    if os.environ.get("PSRUN_BENCHMARK_NETWORK") == "own":
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    if subprocess.run(["unshare", "--net", "true"], stderr=subprocess.DEVNULL).returncode != 0:
        return  # Not permitted: the machine's own loopback has these addresses too.
    os.environ["PSRUN_BENCHMARK_NETWORK"] = "own"
    os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])


class Server:
    def __init__(self, folder, subsystem, port=22022):
        self.folder, self.port = pathlib.Path(folder), port
        self.user = pwd.getpwuid(os.getuid()).pw_name
        self.key = self.folder / "id"
        host_key = self.folder / "host_key"
        for key in (self.key, host_key):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        public = pathlib.Path(f"{host_key}.pub").read_text().split()[:2]
        self.known_hosts = self.folder / "known_hosts"
        self.known_hosts.write_text(f"[127.*]:* {' '.join(public)}\n")
        shutil.copy(f"{self.key}.pub", self.folder / "authorized_keys")
        self.ssh_config = self.folder / "ssh_config"
        self.ssh_config.write_text(
            f"Host *\n  UserKnownHostsFile {self.known_hosts}\n  GlobalKnownHostsFile none\n  IdentitiesOnly yes\n"
            f"  StrictHostKeyChecking yes\n  KexAlgorithms curve25519-sha256\n")
        config = self.folder / "sshd_config"
        config.write_text(
            f"Port {port}\nListenAddress 0.0.0.0\nHostKey {host_key}\nPidFile {self.folder}/pid\nUsePAM no\n"
            f"StrictModes no\nPermitRootLogin yes\nAuthorizedKeysFile {self.folder}/authorized_keys\n"
            f"MaxStartups 2000:30:4000\nMaxSessions 1000\nLogLevel ERROR\nSubsystem powershell {subsystem}\n"
            # A bash that believes itself started by another one reads no .bashrc, whose cost would be measured.
            f"SetEnv SHLVL=1\n")
        os.makedirs("/run/sshd", exist_ok=True)
        self.process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", config], stderr=subprocess.DEVNULL)
        for _ in range(1000):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.01)
        raise RuntimeError(f"sshd does not listen on port {port}")

    def close(self):
        self.process.terminate()
        self.process.wait()


@contextlib.contextmanager
def server(subsystem=None, port=22022):
    with tempfile.TemporaryDirectory() as folder:
        running = Server(folder, subsystem or f"{PROGRAM} endpoint", port)
        try:
            yield running
        finally:
            running.close()


def children_cpu(command, **options):
    """Runs a command and returns its result and the CPU seconds, user and system, of it and of all that it waited for."""
    before = os.times()
    result = subprocess.run(command, capture_output=True, **options)
    after = os.times()
    return result, (after.children_user - before.children_user) + (after.children_system - before.children_system)
