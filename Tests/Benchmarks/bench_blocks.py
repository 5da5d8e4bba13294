"""A playbook of ten functions and their calls, 200 lines, at 50 ms of round-trip time: how long a session takes, how many
pipelines it makes, and how many bytes it sends. psrun asks the far side's parser for the blocks; beside it, in the same
run, psrun asks line by line, and, where BASE names one, an older psrun does. A session counts from its first byte to the
end of both streams.

The far side is a model that knows the playbook's blocks: a text that ends within one is incomplete."""
import asyncio
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve()
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "Tests/Peers"))

# SHORT=1 runs two functions with little delay.
FUNCTIONS, LINES, ROUND_TRIP = (2, 8, 0.005) if os.environ.get("SHORT") else (10, 19, 0.05)


def blocks():
    """Each block's text: a function of so many lines and its call, in turn."""
    for number in range(FUNCTIONS):
        body = [f"  $total{line} = Get-Share -Number {line} -Of $Name" for line in range(LINES - 2)]
        yield "\n".join([f"function Measure-Share{number} {{", *body, "}"])
        yield f"Measure-Share{number} -Name web{number}"


def serve(report):
    """The model, on standard input and output."""
    import capture as captures
    import replies
    from capture_player import Player, Script

    known = list(blocks())

    class Model(Player):
        def cut_replies(self, creation):
            parts, start = [], 0
            for block in known:
                parts.append(f"0 {start} {start + len(block)}")
                start += len(block) + 1
            values = [replies.output_number(start), replies.output_string(" ".join(parts)), replies.output_number(0)]
            return [*values, replies.output_string("PS> "), replies.state(4)]

        def take_line(self, pipeline, text):
            self.received.append(text)
            whole = text in known
            if not whole and not any(block.startswith(text + "\n") for block in known):
                self.unknown.append(text)
            self.play(pipeline, [replies.state(4) if whole else replies.incomplete()])

    script = Script(captures.load(ROOT / "Tests/IntegrationTests/Fixtures/captures/server-cut/short.wire.jsonl.xz"))
    pathlib.Path(report).with_name("ready").touch()
    return Model(script, report, 0.0, 1, False).run()


async def relay(folder):
    """Passes bytes on between standard input and output and the model, half a round trip late, and counts them."""
    loop = asyncio.get_running_loop()
    model = await asyncio.create_subprocess_exec(
        *(sys.executable, HERE, "serve", f"{folder}/report"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    # How long Python takes to start is no part of a session.
    while not pathlib.Path(folder, "ready").exists():
        await asyncio.sleep(0.01)
    near = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(near), os.fdopen(0, "rb", 0))
    sent, began = 0, None

    async def pump(reader, write, close):
        nonlocal sent, began
        queue = asyncio.Queue()

        async def deliver():
            while True:
                due, piece = await queue.get()
                await asyncio.sleep(max(0, due - time.monotonic()))
                if not piece:
                    return close()
                write(piece)

        delivery = asyncio.create_task(deliver())
        while True:
            piece = await reader.read(65536)
            sent += len(piece) if reader is near else 0
            began = began or time.monotonic()
            await queue.put((time.monotonic() + ROUND_TRIP / 2, piece))
            if not piece:
                break
        await delivery

    def out(piece):
        while piece:
            piece = piece[os.write(1, piece) :]

    await asyncio.gather(
        pump(near, model.stdin.write, model.stdin.close), pump(model.stdout, out, lambda: os.close(1))
    )
    took = time.monotonic() - began
    await model.wait()
    pathlib.Path(folder, "sent").write_text(json.dumps([took, sent]))


def measure(program, options):
    with tempfile.TemporaryDirectory() as folder:
        playbook = pathlib.Path(folder, "playbook.ps1")
        playbook.write_text("".join(block + "\n" for block in blocks()))
        pwsh = pathlib.Path(folder, "pwsh")
        pwsh.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{HERE}' relay '{folder}'\n")
        pwsh.chmod(0o755)
        environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "XDG_STATE_HOME": folder}
        run = subprocess.run(
            [program, playbook, "--recordings", folder, "--format", "json", *options],
            env=environment, capture_output=True, text=True, check=False,
        )
        steps = [step["outcome"] for step in json.loads(run.stdout)["targets"][0]["steps"]]
        assert run.returncode == 0 and steps == ["ok"] * FUNCTIONS * 2, run.stderr
        for _ in range(200):
            if pathlib.Path(folder, "sent").exists():
                break
            time.sleep(0.01)
        report = json.loads(pathlib.Path(folder, "report").read_text())
        assert not report["unknown"] and not report["breaches"], report
        took, sent = json.loads(pathlib.Path(folder, "sent").read_text())
        return took, report["commands"], sent


def main():
    psrun = os.environ.get("PSRUN", str(ROOT / ".build/release/psrun"))
    rows = {"asked at once": (psrun, []), "line by line": (psrun, ["--blocks", "incremental"])}
    if "BASE" in os.environ:
        rows["BASE"] = (os.environ["BASE"], [])
    figures = {name: measure(*row) for name, row in rows.items()}
    first = figures["asked at once"]
    for name, (took, commands, sent) in figures.items():
        ratios = f"{took / first[0]:.1f} {commands / first[1]:.1f} {sent / first[2]:.1f}"
        print(f"{name:14} {took:6.2f} s {commands:4} pipelines {sent:8} bytes   times that: {ratios}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", report]: sys.exit(serve(report))
        case ["relay", folder]: asyncio.run(relay(folder))
        case _: main()
