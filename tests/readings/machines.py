"""A cluster on loopback from the packages of Debian: 2 shards of 2 replicas and a ZooKeeper, each a process."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

SHARDS, REPLICAS = 2, 2
JAVA_HEAP = "-Xmx192m"
#: What a node may take until it answers; it joins ZooKeeper first.
START_SECONDS = 60
_CLASSES = "/etc/zookeeper/conf_example:/usr/share/java/*"
_KEEPER = "org.apache.zookeeper.server.quorum.QuorumPeerMain"
_LOOPBACK = "127.0.0.1"


def lacking() -> str | None:
    """Which package this machine lacks, None where the cluster can be had."""
    wanted = {
        "clickhouse-server": shutil.which("clickhouse-server"),
        "zookeeper": Path("/usr/share/java/zookeeper.jar").exists() and shutil.which("java"),
    }
    return next((package for package, found in wanted.items() if not found), None)


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, all different."""
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind((_LOOPBACK, 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()


@dataclass
class Node:
    """One ClickHouse server: replica ``replica`` of shard ``shard``."""

    shard: int
    replica: int
    folder: Path
    http: int
    tcp: int
    inner: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://{_LOOPBACK}:{self.http}"

    def start(self) -> None:
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        with (self.folder / "told.txt").open("ab") as told:
            self.process = subprocess.Popen(
                ["clickhouse-server", f"--config-file={self.folder / 'config.xml'}"],
                stdin=subprocess.DEVNULL, stdout=told, stderr=told, cwd=self.folder,
            )  # fmt: skip

    def wait(self) -> None:
        """Until it answers.

        Raises:
            RuntimeError: it ended, or did not answer in time; with the end of its log.
        """
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with suppress(urllib.error.URLError, OSError):
                if urllib.request.urlopen(f"{self.url}/ping", timeout=1).read() == b"Ok.\n":
                    return
            if self.process is None or self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"{self.folder.name} does not answer: {(self.folder / 'told.txt').read_text()[-2000:]}")

    def revive(self) -> None:
        """Starts it again if it has ended."""
        if self.process is not None and self.process.poll() is not None:
            self.start()
        self.wait()

    def kill(self) -> None:
        """As a machine dies: nothing is written any more."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


@contextmanager
def cluster(folder: Path) -> Iterator[list[Node]]:
    """Nodes in the order (1, 1), (1, 2), (2, 1), (2, 2), each answering; all ended afterwards."""
    keeper_port, *ports = free_ports(1 + 3 * SHARDS * REPLICAS)
    places = [(shard, replica) for shard in range(1, SHARDS + 1) for replica in range(1, REPLICAS + 1)]
    nodes = [
        Node(shard, replica, folder / f"node-{shard}-{replica}", *ports[3 * at : 3 * at + 3])
        for at, (shard, replica) in enumerate(places)
    ]
    keeper = _keeper(folder / "keeper", keeper_port)
    try:
        # A server that finds no keeper at its start may end at the first statement that needs one.
        _wait_for(keeper_port)
        for node in nodes:
            node.folder.mkdir(parents=True)
            (node.folder / "config.xml").write_text(_config(node, nodes, keeper_port), encoding="utf-8")
            (node.folder / "users.xml").write_text(_USERS, encoding="utf-8")
            node.start()
        for node in nodes:
            node.wait()
        yield nodes
    finally:
        for node in nodes:
            node.kill()
        keeper.kill()
        keeper.wait()


def _keeper(folder: Path, port: int) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True)
    settings = {
        "tickTime": 1000, "dataDir": folder, "clientPort": port, "clientPortAddress": _LOOPBACK,
        "admin.enableServer": "false", "maxClientCnxns": 0, "4lw.commands.whitelist": "srvr",
    }  # fmt: skip
    (folder / "zoo.cfg").write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
    with (folder / "told.txt").open("wb") as told:
        return subprocess.Popen(
            ["java", JAVA_HEAP, "-cp", _CLASSES, _KEEPER, folder / "zoo.cfg"],
            stdin=subprocess.DEVNULL, stdout=told, stderr=told, cwd=folder,
            env=os.environ | {"ZOO_LOG_DIR": str(folder)},
        )  # fmt: skip


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection((_LOOPBACK, port), timeout=1) as asked:
            asked.sendall(b"srvr")
            if b"Mode:" in asked.makefile("rb").read():
                return
        time.sleep(0.1)
    raise RuntimeError("ZooKeeper does not serve")


def _config(node: Node, nodes: list[Node], keeper_port: int) -> str:
    return f"""<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><console>1</console></logger>
  <listen_host>{_LOOPBACK}</listen_host>
  <interserver_http_host>{_LOOPBACK}</interserver_http_host>
  <http_port>{node.http}</http_port>
  <tcp_port>{node.tcp}</tcp_port>
  <interserver_http_port>{node.inner}</interserver_http_port>
  <path>{node.folder}/data/</path>
  <tmp_path>{node.folder}/data/tmp/</tmp_path>
  <users_config>users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <timezone>UTC</timezone>
  <mark_cache_size>67108864</mark_cache_size>
  <max_concurrent_queries>100</max_concurrent_queries>
  <background_pool_size>4</background_pool_size>
  <macros><shard>{node.shard}</shard><replica>{node.replica}</replica></macros>
  <zookeeper>
    <node><host>{_LOOPBACK}</host><port>{keeper_port}</port></node>
    <session_timeout_ms>4000</session_timeout_ms>
  </zookeeper>
  <remote_servers>
    <readings>{"".join(_shard([each for each in nodes if each.shard == number]) for number in range(1, SHARDS + 1))}
    </readings>
    <every_replica>{"".join(_shard([each]) for each in nodes)}
    </every_replica>
  </remote_servers>
  <distributed_ddl><path>/clickhouse/task_queue/ddl</path></distributed_ddl>
</yandex>
"""


def _shard(replicas: list[Node]) -> str:
    told = "".join(f"<replica><host>{_LOOPBACK}</host><port>{each.tcp}</port></replica>" for each in replicas)
    return f"\n      <shard><internal_replication>true</internal_replication>{told}</shard>"


_USERS = """<?xml version="1.0"?>
<yandex>
  <profiles><default><max_memory_usage>4000000000</max_memory_usage><load_balancing>in_order</load_balancing>
    <log_queries>0</log_queries></default></profiles>
  <users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>
    <quota>default</quota></default></users>
  <quotas><default></default></quotas>
</yandex>
"""
