#!/usr/bin/env python3
"""A headless Chromium that does what it is told: for tests of pages.

usage: browser.py < ACTIONS        prints JSON: {"results": [...], "messages": [...]}

ACTIONS is a JSON array; each action an array, its name first:
  ["open", PATH]                   loads a file, and waits until it is loaded
  ["script", BOOLEAN]              whether pages may run scripts, from the next one on
  ["scheme", "light" | "dark"]     prefers-color-scheme
  ["size", WIDTH, HEIGHT]          the window, in pixels
  ["key", KEY]                     presses a key and lets it go, as `a`, `A`, `/`, `Enter`, `ArrowLeft`, `Shift+Enter`
  ["type", TEXT]                   presses the key of each character
  ["click", SELECTOR]              presses the mouse in the middle of the first such element
  ["drag", SELECTOR, PART]         presses the mouse that far along the element, 0 to 1
  ["wait", EXPRESSION]             until it is true; ten seconds at most
  ["value", EXPRESSION]            its value is added to the results
  ["picture", PATH]                a picture of the window, as PNG

The messages are what pages wrote to the console, what was refused by their policies, and what they tried to load from
anywhere else. The browser is spoken to over two pipes (the DevTools protocol); no port is opened. Standard library only.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TIME_LIMIT = 10.0
KEYS = {
    "Enter": ("Enter", 13, "\r"), "Escape": ("Escape", 27, ""), "Tab": ("Tab", 9, ""), " ": ("Space", 32, " "),
    "ArrowLeft": ("ArrowLeft", 37, ""), "ArrowRight": ("ArrowRight", 39, ""),
    "ArrowUp": ("ArrowUp", 38, ""), "ArrowDown": ("ArrowDown", 40, ""), "PageUp": ("PageUp", 33, ""),
    "PageDown": ("PageDown", 34, ""), "Home": ("Home", 36, ""),
    "End": ("End", 35, ""), "Backspace": ("Backspace", 8, ""),
}


class Browser:
    """One Chromium with one page."""

    def __init__(self, folder: str) -> None:
        to_browser, self.writing = os.pipe()
        self.reading, from_browser = os.pipe()

        def place_pipes() -> None:
            # The browser reads from descriptor 3 and writes to 4.
            low, high = os.dup(to_browser), os.dup(from_browser)
            os.dup2(low, 3)
            os.dup2(high, 4)

        program = shutil.which("chromium") or "chromium"
        self.process = subprocess.Popen(
            [
                program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--disable-background-networking", "--no-first-run", "--hide-scrollbars", "--remote-debugging-pipe",
                f"--user-data-dir={folder}", "about:blank",
            ],
            preexec_fn=place_pipes, close_fds=False, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.loaded = False
        self.messages: list[str] = []
        # What was asked for, but for what a policy refused.
        self.requests: dict[str, str] = {}
        self.session: str | None = None
        targets = self.call("Target.getTargets")["targetInfos"]
        target = next(target["targetId"] for target in targets if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> dict:
        self.number += 1
        message: dict = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writing, json.dumps(message).encode() + b"\0")
        wanted = self.number
        while True:
            answer = self.receive()
            if answer.get("id") == wanted:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def receive(self) -> dict:
        while b"\0" not in self.buffer:
            piece = os.read(self.reading, 1 << 16)
            if not piece:
                raise RuntimeError("the browser has ended")
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(line)
        self.notice(message.get("method"), message.get("params", {}))
        return message

    def notice(self, method: str | None, parameters: dict) -> None:
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Log.entryAdded":
            self.messages.append(parameters["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.messages.append(" ".join(str(part.get("value")) for part in parameters["args"]))
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.messages.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Page.javascriptDialogOpening":
            self.messages.append(f"dialog: {parameters['message']}")
        elif method == "Network.requestWillBeSent" and not parameters["request"]["url"].startswith("file:"):
            self.requests[parameters["requestId"]] = parameters["request"]["url"]
        elif method == "Network.loadingFailed" and parameters.get("blockedReason") == "csp":
            self.requests.pop(parameters["requestId"], None)

    def open(self, path: str) -> None:
        name, _, place = path.partition("#")
        # Of two addresses that differ behind the # only, the second would load nothing.
        self.load("about:blank")
        self.load(Path(name).absolute().as_uri() + (f"#{place}" if place else ""))

    def load(self, address: str) -> None:
        self.loaded = False
        self.call("Page.navigate", url=address)
        while not self.loaded:
            self.receive()

    def value(self, expression: str) -> object:
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def wait(self, expression: str) -> None:
        end = time.monotonic() + TIME_LIMIT
        while self.value(expression) is not True:
            if time.monotonic() > end:
                raise RuntimeError(f"never came true: {expression}")
            time.sleep(0.02)

    def key(self, name: str) -> None:
        shifted = name.startswith("Shift+")
        name = name.removeprefix("Shift+") if shifted else name
        code, number, text = KEYS.get(name, (f"Key{name.upper()}", ord(name[0].upper()), name))
        shifted = shifted or (len(name) == 1 and name.isupper())
        press = {
            "key": name, "code": code, "windowsVirtualKeyCode": number, "modifiers": 8 if shifted else 0,
        }
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **press)
        self.call("Input.dispatchKeyEvent", type="keyUp", **press)

    def click(self, selector: str, part: float = 0.5) -> None:
        box = self.value(
            f"(() => {{ const element = document.querySelector({json.dumps(selector)});"
            "element.scrollIntoView({block: 'center'});"
            "const box = element.getBoundingClientRect();"
            "return [box.left, box.top, box.width, box.height] })()"
        )
        left, top, width, height = box
        place = {"x": left + width * part, "y": top + height / 2, "button": "left", "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type="mousePressed", **place)
        self.call("Input.dispatchMouseEvent", type="mouseReleased", **place)

    def picture(self, path: str) -> None:
        data = self.call("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(data))

    def close(self) -> None:
        try:
            self.session = None
            self.call("Browser.close")
            self.process.wait(5)
        except (RuntimeError, OSError, subprocess.TimeoutExpired):
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def main() -> None:
    actions = json.load(sys.stdin)
    results: list[object] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(folder)
        try:
            for name, *arguments in actions:
                if name == "value":
                    results.append(browser.value(*arguments))
                elif name == "script":
                    browser.call("Emulation.setScriptExecutionDisabled", value=not arguments[0])
                elif name == "scheme":
                    features = [{"name": "prefers-color-scheme", "value": arguments[0]}]
                    browser.call("Emulation.setEmulatedMedia", features=features)
                elif name == "size":
                    width, height = arguments
                    browser.call(
                        "Emulation.setDeviceMetricsOverride",
                        width=width, height=height, deviceScaleFactor=1, mobile=False,
                    )
                elif name == "type":
                    for character in arguments[0]:
                        browser.key(character)
                elif name == "drag":
                    browser.click(*arguments)
                elif name in ("open", "key", "click", "wait", "picture"):
                    getattr(browser, name)(*arguments)
                else:
                    raise RuntimeError(f"no such action: {name}")
        finally:
            browser.close()
    messages = browser.messages + [f"request: {address}" for address in browser.requests.values()]
    json.dump({"results": results, "messages": messages}, sys.stdout)


if __name__ == "__main__":
    main()
