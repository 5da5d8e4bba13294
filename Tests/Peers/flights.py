"""Passes standard input and output on to a command, and notes each piece that came from the client: how many Data it had.
usage: flights.py LOG COMMAND…"""
import os
import select
import subprocess
import sys

log, command = sys.argv[1], sys.argv[2:]
process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
sides = {0: process.stdin.fileno(), process.stdout.fileno(): 1}
while sides:
    for source in select.select(list(sides), [], [])[0]:
        piece = os.read(source, 1 << 20)
        if not piece:
            if source == 0:
                process.stdin.close()
            del sides[source]
            if source != 0:
                sides = {}
            break
        if source == 0:
            with open(log, "a") as notes:
                notes.write(f"{piece.count(b'<Data ')}\n")
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(sides[source], rest):]
sys.exit(process.wait())
