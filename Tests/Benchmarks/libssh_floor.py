"""The least that a session costs on libssh: libssh_floor.c sends the very bytes that psrun sent, recorded here."""
import os
import pathlib
import subprocess

import fleet_sshd


class Floor:
    """What a bare libssh client needs for a session whose bytes are psrun's own, recorded here."""

    # Lines that psrun sends at once, and how many have come back in all before it sends the next: open, prompt, line,
    # probe, close.
    FLIGHTS = ["2:5", "2:9", "3:14", "3:21", "3:26"]

    def __init__(self, folder):
        self.program, self.sent = os.path.join(folder, "libssh_floor"), os.path.join(folder, "sent")
        source = pathlib.Path(__file__).with_name("libssh_floor.c")
        subprocess.run(["cc", "-O2", "-o", self.program, source, "-lssh"], check=True)
        self.subsystem = os.path.join(folder, "subsystem")
        pathlib.Path(self.subsystem).write_text(f"#!/bin/sh\ntee {self.sent} | {fleet_sshd.PROGRAM} endpoint\n")
        os.chmod(self.subsystem, 0o755)

    def command(self, server, count, fanout, port=None):
        return [self.program, str(port or server.port), server.key, server.user, "powershell", str(count), str(fanout),
                self.sent, *self.FLIGHTS]
