"""What psrun is measured against: pypsrp's asyncio client over SSH. usage: pypsrp_fleet.py PORT KEY USER FANOUT LINES HOST..."""
import asyncio
import sys
import time

import asyncssh
import psrp


async def session(host, port, key, user, lines):
    options = asyncssh.SSHClientConnectionOptions(username=user, client_keys=[key], known_hosts=None)
    connection = psrp.SSHInfo(host, port=port, options=options)
    async with psrp.AsyncRunspacePool(connection) as pool:
        for line in range(lines):
            pipeline = psrp.AsyncPowerShell(pool)
            pipeline.add_script(f"echo first-output-{line}")
            await pipeline.invoke()
            if line == 0:
                print("first-output", flush=True)


async def main(port, key, user, fanout, lines, hosts):
    gate = asyncio.Semaphore(fanout)

    async def bounded(host):
        async with gate:
            await session(host, port, key, user, lines)

    await asyncio.gather(*(bounded(host) for host in hosts))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), sys.argv[6:]))
