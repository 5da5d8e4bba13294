"""Isolation: how long a step of one second takes beside a target that sends values of 17 MB, in one run over SSH. It is
to be 1.2 s at most.

SHORT=1 sends one value of 1 MB and shows that both targets have run."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import fleet_sshd

SHORT = bool(os.environ.get("SHORT"))
BYTES, VALUES, STEPS = (1_000_000, 1, 1) if SHORT else (17_000_000, 8, 6)
LOUD, QUIET = "127.1.0.1", "127.1.0.2"


def subsystem(folder):
    """At the loud target a server that takes the playbook's first line for an order, at the other one a shell."""
    peer = pathlib.Path(__file__).parent.parent / "Peers" / "psrpcore_server.py"
    script = pathlib.Path(folder, "subsystem")
    script.write_text(f'#!/bin/sh\ncase "$SSH_CONNECTION" in\n*" {LOUD} "*) exec {sys.executable} {peer} ;;\n'
                      f"*) exec {fleet_sshd.PROGRAM} endpoint ;;\nesac\n")
    script.chmod(0o755)
    return script


def run(server, folder, *options):
    """The milliseconds of each of the quiet target's steps."""
    playbook = pathlib.Path(folder, "isolation.sh")
    playbook.write_text(f": psrp wide {BYTES} {VALUES}\n" + "sleep 1\n" * STEPS)
    command = [fleet_sshd.PROGRAM, playbook, "--any-shell", "--ssh-config", server.ssh_config, "-KeyFilePath", server.key,
               "-Port", str(server.port), "-UserName", server.user, "--fanout", "2", "--format", "json",
               "--recordings", os.path.join(folder, "recordings"), "--host", LOUD, "--host", QUIET, *options]
    result = subprocess.run(command, capture_output=True)
    assert result.returncode == 0, result.stderr.decode()[-2000:]
    targets = {target["target"]: target for target in json.loads(result.stdout)["targets"]}
    loud, quiet = (next(target for name, target in targets.items() if host in name) for host in (LOUD, QUIET))
    assert len(loud["steps"]) == len(quiet["steps"]) == STEPS + 1, sorted(targets)
    return [step["duration_us"] / 1000 for step in quiet["steps"][1:]], loud["steps"][0]["duration_us"] / 1e6


def main():
    fleet_sshd.enter_own_network()
    with tempfile.TemporaryDirectory() as folder, fleet_sshd.server(subsystem(folder)) as server:
        for options, name in (([], ""), (["--redact", "w{40}y"], " and a pattern to redact")):
            steps, loud = run(server, folder, *options)
            print(f"a step of 1 s beside {VALUES} values of {BYTES / 1e6:.0f} MB{name}: longest {max(steps):.0f} ms, "
                  f"all {' '.join(f'{step:.0f}' for step in steps)}; the values took {loud:.1f} s")


main()
