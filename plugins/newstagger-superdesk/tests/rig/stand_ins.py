"""What stands in for the servers that superdesk-core wants: MongoDB (mongomock) and Elasticsearch (ours); Redis is a real one.

Importing this module puts them in place; it must come before the first import of superdesk. superdesk-core 2.5.3 was written for
Python 3.8: the one name that Python 3.11 took away from it is put back.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

if not hasattr(asyncio, "coroutine"):
    asyncio.coroutine = lambda function: function

import elastic
import eve.io.mongo.flask_pymongo
import eve_elastic.elastic
import mongomock
import mongomock.gridfs

DATABASES: dict[str, Any] = {}


def _mongo(**options: Any) -> mongomock.MongoClient:
    """Return one client for each address: what is written to a database is found in it again."""
    address = options["host"]
    return DATABASES.setdefault(address, mongomock.MongoClient(address, tz_aware=True))


def _elasticsearch(_: str, **__: Any) -> elastic.Elasticsearch:
    return elastic.Elasticsearch(serializer=eve_elastic.elastic.ElasticJSONSerializer())


eve.io.mongo.flask_pymongo.MongoClient = _mongo
eve_elastic.elastic.get_es = _elasticsearch
mongomock.gridfs.enable_gridfs_integration()
mongomock.collection.Cursor.collation = lambda self, _: self
"""mongomock sorts by code points; the order of names matters to no test."""


def empty() -> None:
    """Forget every document."""
    for client in DATABASES.values():
        for name in client.list_database_names():
            client.drop_database(name)
    elastic.Elasticsearch.store.clear()


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run a Redis of our own on a free loopback port; yield its address."""
    program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError("redis-server is missing: apt-get install redis-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(port)
        yield f"redis://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"redis-server did not start (pid {os.getpid()})")
