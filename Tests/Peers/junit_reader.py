#!/usr/bin/env python3
"""Reads JUnit XML as the schema of its consumers has it, and prints what it found as JSON.

usage: junit_reader.py < FILE.xml

Elements, their order and their attributes are those that JUnit's consumers agree on (testsuites, testsuite, testcase,
failure, error, skipped, system-out); each suite's counts must be those of its cases. Standard library only.
"""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ElementTree

ALLOWED = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, ["testsuite"]),
    "testsuite": (
        {"name", "hostname", "tests", "failures", "errors", "skipped", "time", "timestamp"}, ["testcase"],
    ),
    "testcase": ({"name", "classname", "time"}, ["skipped", "error", "failure", "system-out"]),
    "failure": ({"type", "message"}, []),
    "error": ({"type", "message"}, []),
    "skipped": ({"message"}, []),
    "system-out": (set(), []),
}
REQUIRED = {"testsuite": {"name", "tests", "failures", "errors"}, "testcase": {"name", "classname"}}


def check(element: ElementTree.Element) -> None:
    attributes, children = ALLOWED[element.tag]
    assert set(element.attrib) <= attributes, f"{element.tag}: {sorted(element.attrib)}"
    assert REQUIRED.get(element.tag, set()) <= set(element.attrib), f"{element.tag}: {sorted(element.attrib)}"
    places = [children.index(child.tag) for child in element]
    assert places == sorted(places), f"{element.tag}: {[child.tag for child in element]}"
    for name in ("tests", "failures", "errors", "skipped"):
        assert re.fullmatch(r"\d+", element.get(name, "0")), f"{element.tag}: {name}"
    assert re.fullmatch(r"\d+(\.\d+)?", element.get("time", "0")), f"{element.tag}: time"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", element.get("timestamp", "2026-01-01T00:00:00"))
    for child in element:
        check(child)


def case_of(element: ElementTree.Element) -> dict:
    result = next((child for child in element if child.tag != "system-out"), None)
    return {
        "name": element.get("name"),
        "result": "passed" if result is None else result.tag,
        "message": None if result is None else result.get("message"),
        "output": element.findtext("system-out"),
    }


def main() -> None:
    root = ElementTree.fromstring(sys.stdin.buffer.read())
    assert root.tag == "testsuites", root.tag
    check(root)
    suites = []
    for suite in root:
        cases = [case_of(case) for case in suite]
        counts = [suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")]
        results = [case["result"] for case in cases]
        found = [len(cases), results.count("failure"), results.count("error"), results.count("skipped")]
        assert counts == [str(count) for count in found], f"{suite.get('name')}: {counts}, found {found}"
        suites.append({"name": suite.get("name"), "cases": cases})
    json.dump(suites, sys.stdout)


if __name__ == "__main__":
    main()
