"""Isolation: how long a step of one second takes beside a target that sends values of 17 MB, in one run over SSH. It is
to be 1.2 s at most.

SHORT=1 sends one value of 1 MB and shows that both targets have run."""
import json
import os
import pathlib
import subprocess
import tempfile

import fleet_sshd

SHORT = bool(os.environ.get("SHORT"))
BYTES, VALUES, STEPS = (1_000_000, 1, 1) if SHORT else (17_000_000, 8, 5)
LOUD, QUIET = "127.1.0.1", "127.1.0.2"


def run(server, folder, *options):
    """The milliseconds of each of the quiet target's steps."""
    playbook = pathlib.Path(folder, "isolation.sh")
    loud = f"for value in $(seq {VALUES}); do head -c {BYTES} /dev/zero | tr '\\0' x; echo; done"
    quiet = "".join(f'case "$SSH_CONNECTION" in *" {QUIET} "*) sleep 1; echo step-{step};; esac\n' for step in range(STEPS))
    # The quiet target's steps are the loud one's too, which has its own before them.
    playbook.write_text(f'case "$SSH_CONNECTION" in *" {LOUD} "*) {loud};; esac\n{quiet}')
    command = [fleet_sshd.PROGRAM, playbook, "--any-shell", "--ssh-config", server.ssh_config, "-KeyFilePath", server.key,
               "-Port", str(server.port), "-UserName", server.user, "--fanout", "2", "--format", "json",
               "--recordings", os.path.join(folder, "recordings"), "--host", LOUD, "--host", QUIET, *options]
    result = subprocess.run(command, capture_output=True)
    assert result.returncode == 0, result.stderr.decode()[-2000:]
    targets = {target["target"]: target for target in json.loads(result.stdout)["targets"]}
    quiet = next(target for name, target in targets.items() if QUIET in name)
    assert len(targets) == 2 and len(quiet["steps"]) == STEPS + 1, sorted(targets)
    return [step["duration_us"] / 1000 for step in quiet["steps"][1:]]


def main():
    fleet_sshd.enter_own_network()
    with fleet_sshd.server() as server, tempfile.TemporaryDirectory() as folder:
        for options in ([], ["--redact", "x{40}y"]):
            steps = run(server, folder, *options)
            print(f"a step of 1 s beside {VALUES} values of {BYTES / 1e6:.0f} MB{' and a pattern to redact' if options else ''}: "
                  f"longest {max(steps):.0f} ms, all {' '.join(f'{step:.0f}' for step in steps)}")


main()
