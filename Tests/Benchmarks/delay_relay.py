"""A relay in user space that delays what passes. usage: delay_relay.py PORT TARGET SECONDS   (of a round trip)"""
import asyncio
import sys
import threading
import time


class DelayRelay:
    """Passes bytes on in both directions, each piece half a round trip late, pieces in flight side by side."""

    def __init__(self, port, target):
        self.port, self.target, self.round_trip = port, target, 0.0
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve(ready)), daemon=True).start()
        ready.wait()

    async def serve(self, ready):
        server = await asyncio.start_server(self.relay, "0.0.0.0", self.port, backlog=1024)
        ready.set()
        await server.serve_forever()

    async def relay(self, reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(self.pump(reader, far_writer), self.pump(far_reader, writer))

    async def pump(self, reader, writer):
        queue = asyncio.Queue()

        async def deliver():
            while True:
                due, piece = await queue.get()
                await asyncio.sleep(max(0, due - time.monotonic()))
                if not piece:
                    writer.close()
                    return
                writer.write(piece)

        delivery = asyncio.create_task(deliver())
        while True:
            try:
                piece = await reader.read(65536)
            except OSError:
                piece = b""
            await queue.put((time.monotonic() + self.round_trip / 2, piece))
            if not piece:
                break
        await delivery


if __name__ == "__main__":
    running = DelayRelay(int(sys.argv[1]), int(sys.argv[2]))
    running.round_trip = float(sys.argv[3])
    print("ready", flush=True)
    threading.Event().wait()
