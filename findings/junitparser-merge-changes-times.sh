#!/bin/sh
# Tool:       junitparser 5.0.3 from the Python package index.
# Expected:   `junitparser merge a.xml b.xml out.xml` puts the suites of both files into one, and what they say stays.
# Found:      each suite's time becomes the sum of its cases' times, and the document's the sum of those; the document's name
#             is gone. Counts stay. It says nothing and exits with 0. Without a merge, the same file reads back as written.
# Seen:       <testsuites tests="2" … time="2.0"> with two <testsuite … time="1.0">, of files that say 60.5
# For psrun:  a suite's time is how long the target's session took, with what lies between its steps; the document's is how
#             long the run took, which is less than the sum where targets run at once. After a merge neither is there: take
#             times from `psrun show RUN --format json`.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ python3 -m venv tools && tools/bin/pip install --quiet --disable-pip-version-check junitparser==5.0.3; } >install.log 2>&1 || {
    cat install.log
    exit 2
}

for host in web01 web02; do
    cat >"$host.xml" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nightly" tests="1" failures="0" errors="0" skipped="0" time="60.5">
  <testsuite name="$host" tests="1" failures="0" errors="0" skipped="0" time="60.5">
    <testcase classname="nightly.$host" name="line 1" time="1.0"/>
  </testsuite>
</testsuites>
XML
done
tools/bin/junitparser merge web01.xml web02.xml merged.xml
tools/bin/python - merged.xml >out <<'PY'
import sys
import xml.etree.ElementTree as ElementTree

root = ElementTree.parse(sys.argv[1]).getroot()
print(root.get("name"), root.get("tests"), root.get("time"), *(suite.get("time") for suite in root))
PY
if [ "$(cat out)" != 'None 2 2.0 1.0 1.0' ]; then
    echo "changed: $(cat out)"
    exit 1
fi
echo "as found"
