#!/usr/bin/env python3
"""Reads what psrun writes for other programs with those programs, and prints as JSON what they found.

usage: result_readers.py junit FILE | nagios LINE STATUS | metrics FOLDER

junit: the counts and cases as junitparser and xunitparser have them, which refuse a file whose counts are wrong.
nagios: a plug-in's line: its words, and its figures as nagiosplugin writes them; refused where a figure, a threshold or the
status is not what that library would make of it. metrics: what the node exporter gives of a textfile folder.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request

PATIENCE = 30.0


def junit(path: str) -> dict:
    import junitparser
    import xunitparser

    document = junitparser.JUnitXml.fromfile(path)
    root = [document.tests, document.failures, document.errors, document.skipped]
    suites = []
    for suite in document:
        written = [suite.tests, suite.failures, suite.errors, suite.skipped]
        suite.update_statistics()
        assert written == [suite.tests, suite.failures, suite.errors, suite.skipped], suite.name
        cases = [[case.name, [type(result).__name__ for result in case.result]] for case in suite]
        suites.append({"name": suite.name, "counts": written, "cases": cases})
    assert root == [sum(suite["counts"][place] for suite in suites) for place in range(4)], root
    # It stops where the root's counts are not those of the cases.
    with open(path, encoding="utf-8") as file:
        parsed, result = xunitparser.parse(file)
    found = [len(list(parsed)), len(result.failures), len(result.errors), len(result.skipped)]
    assert found == root, found
    return {"root": root, "suites": suites}


def nagios(line: str, status: int) -> dict:
    import nagiosplugin

    assert line.endswith("\n") and line.count("\n") == 1, "not one line"
    assert all(character.isprintable() for character in line[:-1]), "control characters"
    words, _, data = line[:-1].partition(" | ")
    name = re.fullmatch(r"PSRUN (OK|WARNING|CRITICAL|UNKNOWN) - (.+)", words)
    assert name and ["OK", "WARNING", "CRITICAL", "UNKNOWN"][status] == name[1], words
    figures = {}
    outside = False
    for item in data.split():
        label, value, unit, *rest = re.fullmatch(r"([^'=]+)=([0-9.]+)([a-z%]*)(.*)", item).groups()
        warning, critical, least, most = (rest[0].split(";")[1:] + [""] * 4)[:4]
        figure = nagiosplugin.performance.Performance(
            label,
            float(value) if "." in value else int(value),
            unit,
            nagiosplugin.Range(warning) if warning else "",
            nagiosplugin.Range(critical) if critical else "",
            int(least) if least else None,
            int(most) if most else None,
        )
        # The library leaves out a range's end that is its default.
        if critical and not nagiosplugin.Range(critical).match(float(value)):
            outside = True
        figures[label] = str(figure)
    return {"words": name[2], "figures": figures, "outside": outside}


def metrics(folder: str) -> dict:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    options = ["--collector.disable-defaults", "--collector.textfile", f"--collector.textfile.directory={folder}"]
    exporter = subprocess.Popen(
        ["prometheus-node-exporter", f"--web.listen-address={address}", "--log.level=error", *options],
        stderr=subprocess.PIPE,
    )
    try:
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://{address}/metrics", timeout=PATIENCE) as answer:
                    lines = answer.read().decode().split("\n")
                break
            except OSError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.05)
    finally:
        exporter.terminate()
        errors = exporter.communicate()[1].decode()
    wanted = ("psrun_", "# HELP psrun_", "# TYPE psrun_", "node_textfile_scrape_error")
    return {"lines": [line for line in lines if line.startswith(wanted)], "errors": errors}


def main() -> None:
    kind, *arguments = sys.argv[1:]
    if kind == "junit":
        found = junit(arguments[0])
    elif kind == "nagios":
        found = nagios(arguments[0], int(arguments[1]))
    else:
        found = metrics(arguments[0])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
