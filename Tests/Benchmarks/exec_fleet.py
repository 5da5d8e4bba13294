"""One command on many hosts through an SSH library for Python. usage: exec_fleet.py asyncssh|pssh PORT KEY USER FANOUT HOST..."""
import asyncio
import sys


async def through_asyncssh(port, key, user, fanout, hosts):
    import asyncssh
    gate = asyncio.Semaphore(fanout)

    async def one(host):
        async with gate, asyncssh.connect(host, port=port, username=user, client_keys=[key], known_hosts=None,
                                          config=None) as connection:
            print((await connection.run("echo first-output", check=True)).stdout, end="")

    await asyncio.gather(*map(one, hosts))


def through_pssh(port, key, user, fanout, hosts):
    from pssh.clients import ParallelSSHClient
    client = ParallelSSHClient(hosts, user=user, port=port, pkey=key, pool_size=fanout, allow_agent=False)
    for output in client.run_command("echo first-output"):
        print("\n".join(output.stdout))


if __name__ == "__main__":
    library, port, key, user, fanout, *hosts = sys.argv[1:]
    if library == "asyncssh":
        asyncio.run(through_asyncssh(int(port), key, user, int(fanout), hosts))
    else:
        through_pssh(int(port), key, user, int(fanout), hosts)
