"""WARC files as other tools write them: SHA-1 digests, transfer-codings kept, requests before or after."""

import base64
import hashlib
from io import BytesIO
from pathlib import Path
from typing import Self

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

WHEN = "2019-05-06T07:08:09Z"
OTHER = "https://mic.gov.vn/Upload/a.pdf"
_HEADERS = ("WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")


def sha1(payload: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(payload).digest()).decode()


class Maker:
    """Puts records one after the other; `parts` are their bytes."""

    def __init__(self, *, packed: bool = True) -> None:
        self._packed = packed
        self.parts: list[bytes] = []

    def response(
        self, url: str, payload: bytes, *headers: tuple[str, str], status: str = "200 OK", when=WHEN, **warc: str
    ) -> Self:
        return self._add("response", url, payload, headers, status, {"WARC-Date": when} | _named(warc))

    def revisit(self, url: str, when: str, digest: str, of: tuple[str, str] | None = None, **warc: str) -> Self:
        """A revisit with headers of its own; `of` is the address and date of its original."""
        refers = dict(zip(_HEADERS, of, strict=True)) if of else {}
        more = {"WARC-Date": when, "WARC-Payload-Digest": digest} | refers | _named(warc)
        return self._add("revisit", url, b"", (("X-New", "1"),), warc.get("status", "200 OK"), more)

    def request(self, url: str, when: str = WHEN, method: str = "GET", **warc: str) -> Self:
        first = StatusAndHeaders(f"{method} / HTTP/1.1", [("User-Agent", "other")], is_http_request=True)
        return self._write("request", url, b"", first, {"WARC-Date": when} | _named(warc))

    def raw(self, data: bytes) -> Self:
        self.parts.append(data)
        return self

    def at(self, path: Path) -> Path:
        path.write_bytes(b"".join(self.parts))
        return path

    def _add(self, kind, url, payload, headers, status, warc) -> Self:
        http = StatusAndHeaders(status, [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
        return self._write(kind, url, payload, http, warc)

    def _write(self, kind, url, payload, http, warc) -> Self:
        out = BytesIO()
        writer = WARCWriter(out, gzip=self._packed, warc_version="1.0")
        record = writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(payload),
            length=len(payload),
            http_headers=http,
            warc_headers_dict={name: value for name, value in warc.items() if value},
        )
        writer.write_record(record)
        self.parts.append(out.getvalue())
        return self


def _named(more: dict[str, str]) -> dict[str, str]:
    """`record_id` as `WARC-Record-ID`."""
    names = {name: "WARC-" + name.replace("_", "-").title().replace("-Id", "-ID") for name in more}
    return {names[name]: value for name, value in more.items() if name != "status"}
