"""Client CPU of one whole session (connect, enter, one line, leave): the slope between 100 and 200 targets at fan-out
32, named key, loopback; psrun against pypsrp and `ssh -s` in one run, and against the least that libssh, libcrypto and
the kernel take for the same handshake and the same bytes (libssh_floor.c)."""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import fleet_sshd
import libssh_floor

# SHORT=1 is of a few sessions: it shows that each of the four clients does them all.
FANOUT, SMALL, LARGE, ROUNDS = (2, 2, 4, 1) if os.environ.get("SHORT") else (32, 100, 200, 3)


def hosts(count):
    return [f"127.1.{index // 200}.{index % 200 + 1}" for index in range(count)]


def psrun(server, count, playbook, recordings):
    command = [fleet_sshd.PROGRAM, playbook, "--any-shell", "--ssh-config", server.ssh_config, "-KeyFilePath", server.key,
               "-Port", str(server.port), "-UserName", server.user, "--fanout", str(FANOUT), "--recordings", recordings]
    for host in hosts(count):
        command += ["--host", host]
    result, cpu = fleet_sshd.children_cpu(command)
    assert result.returncode == 0, result.stderr.decode()[-2000:] + result.stdout.decode()[-500:]
    # That it ended well says that each target did; what they printed alike stands there once.
    assert b"\nfirst-output\n" in result.stdout, result.stdout.decode()[-500:]
    return cpu


def pypsrp(server, count, *_):
    command = [sys.executable, pathlib.Path(__file__).with_name("pypsrp_fleet.py"), str(server.port), server.key,
               server.user, str(FANOUT), "1", *hosts(count)]
    result, cpu = fleet_sshd.children_cpu(command)
    assert result.returncode == 0, result.stderr.decode()[-2000:]
    return cpu


def ssh(server, count, *_):
    """Connects and starts the subsystem only: the least that one ssh process a host can cost."""
    script = (f"xargs -P {FANOUT} -I{{}} sh -c 'ssh -F {server.ssh_config} -i {server.key} -p {server.port} "
              f"-l {server.user} -s {{}} powershell </dev/null >/dev/null 2>&1; true'")
    result, cpu = fleet_sshd.children_cpu(["sh", "-c", script], input="\n".join(hosts(count)).encode())
    assert result.returncode == 0, result.stderr.decode()[-2000:]
    return cpu


def floor(server, count, *_):
    result, cpu = fleet_sshd.children_cpu(server.floor.command(server, count, FANOUT))
    assert result.returncode == 0, result.stderr.decode()[-2000:]
    return cpu


def ratio(other, own):
    """A system that counts CPU time in ticks may see none in a few sessions."""
    return f"{other / own:.1f}" if own > 0 else "too little to be measured"


def main():
    fleet_sshd.enter_own_network()
    with fleet_sshd.server() as server, tempfile.TemporaryDirectory() as folder:
        playbook = os.path.join(folder, "one.sh")
        pathlib.Path(playbook).write_text("echo first-output\n")
        server.floor = libssh_floor.Floor(folder)
        with fleet_sshd.server(server.floor.subsystem, port=22023) as recording:
            psrun(recording, 1, playbook, os.path.join(folder, "recordings"))
        print("client CPU of one session, ms (slope from %d to %d targets, fan-out %d)" % (SMALL, LARGE, FANOUT))
        medians = {}
        for name, run in (("psrun", psrun), ("libssh", floor), ("pypsrp", pypsrp), ("ssh -s", ssh)):
            slopes = []
            for _ in range(ROUNDS):
                small = run(server, SMALL, playbook, os.path.join(folder, "recordings"))
                large = run(server, LARGE, playbook, os.path.join(folder, "recordings"))
                slopes.append((large - small) / (LARGE - SMALL) * 1000)
            medians[name] = statistics.median(slopes)
            print(f"  {name:8} median {medians[name]:6.2f}   all {' '.join(f'{slope:.2f}' for slope in sorted(slopes))}")
        print(f"  pypsrp / psrun = {ratio(medians['pypsrp'], medians['psrun'])}, ssh -s / psrun = "
              f"{ratio(medians['ssh -s'], medians['psrun'])}, psrun above libssh's floor = "
              f"{medians['psrun'] - medians['libssh']:.2f} ms")


main()
