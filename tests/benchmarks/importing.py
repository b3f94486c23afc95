"""How fast and in how much memory records are imported: `python -m tests.benchmarks.importing`."""

import argparse
import json
import os
import re
import resource
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from config.database import open_database
from config.settings import Settings
from config.site import load_profile
from crawler.address import Addresses
from crawler.archive import open_archive
from crawler.clock import SystemClock
from crawler.importing import Importer
from crawler.progress import Progress

_BODY = "<h1>Tin {number}</h1><p>Nội dung của tin.</p>" * 20
_RECORD = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032}>\r\nWARC-Target-URI: {url}\r\n"
    "WARC-Date: 2019-05-06T07:08:09Z\r\nContent-Type: application/http; msgtype=response\r\n"
    "Content-Length: {length}\r\n\r\n"
)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def write_warc(path: Path, count: int) -> None:
    """A WARC file of so many small answers, each of another article."""
    with path.open("wb") as file:
        for number in range(count):
            block = _HEAD + _BODY.format(number=number).encode()
            url = f"https://mic.gov.vn/Pages/TinTuc/{number + 1}/Tin.html"
            head = _RECORD.format(number=number, url=url, length=len(block)).encode()
            packer = zlib.compressobj(1, zlib.DEFLATED, 31)
            file.write(packer.compress(head + block + b"\r\n\r\n") + packer.flush())


def resident() -> float:
    """Megabytes of this process that are in memory now."""
    told = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{os.getpid()}/status").read_text(encoding="ascii"))
    return int(told[1]) / 1024 if told else 0.0


def rounds(folder: Path, count: int) -> Iterator[dict[str, float]]:
    """The first import of a file, and a second that adds nothing."""
    path = folder / "made.warc.gz"
    write_warc(path, count)
    settings = Settings(data=folder / "data")
    database, addresses = open_database(settings.database), Addresses(load_profile("mic"))
    archive = open_archive(settings, database, addresses, SystemClock())
    for _ in range(2):
        seen: list[float] = []

        def report(_: Progress, seen: list[float] = seen) -> None:
            seen.append(resident())

        began, spent = time.perf_counter(), time.process_time()
        imported = Importer(settings, addresses, archive).copy(path, report)
        tenth = max(1, len(seen) // 10)
        yield {
            "copied": imported.copied,
            "known": imported.known,
            "records_per_second": count / (time.perf_counter() - began),
            "records_per_cpu_second": count / (time.process_time() - spent),
            "resident_mb_after_a_tenth": max(seen[:tenth]),
            "resident_mb_at_most": max(seen),
        }
    archive.close()
    database.close()


def main() -> None:
    """Print the figures of both rounds, a line each or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, figures in zip(("first", "again"), rounds(Path(folder), asked.records), strict=True):
            if asked.json:
                print(json.dumps({"round": name} | figures), flush=True)
            else:
                print(name, *(f"\n  {title:30} {value:12,.1f}" for title, value in figures.items()), flush=True)
    print(f"peak of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
