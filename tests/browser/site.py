"""The site as a browser meets it: the library's stores behind a real server on a free port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Literal

from flask import Flask
from werkzeug.serving import make_server

from config.settings import Settings
from crawler.address import Key
from crawler.lease import this_process
from crawler.ledger import ELSEWHERE, Decision, Ledger
from crawler.progress import Progress
from indexer.article import WEB_PAGE, Attachment, AttachmentLink, Block, Published
from indexer.jobs.schedule import ASKED_BY, Schedule
from indexer.jobs.store import Jobs
from indexer.jobs.tasks import SEARCH
from indexer.query.request import SearchRequest
from indexer.record import Correction
from tests.webui.library import archive, archive_hourly, fill, key_of, library
from webui import create_app
from webui.accounts.keys import ApiKeys
from webui.accounts.security import hashed, register
from webui.services import Services, open_services

NAME, PASSWORD = "lan", "một câu dài dễ nhớ"
PAGED = "\f".join(
    ""
    if number == 2
    else f"Điều {number}. Quy định về quản lý tên miền{' quốc gia .vn' if number == 27 else ''}.\n" * 12
    for number in range(1, 31)
)
"""Thirty pages of a file; there is nothing on the second, and the domain of the country on the last but three."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running site, its address and its stores."""

    url: str
    services: Services


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """The site for the length of a block, with an administrator and a few jobs."""
    settings = Settings(data=folder)
    with open_services(settings) as services:
        fill(services)
        app = create_app(settings, services)
        for limiter in app.extensions["limiter"]:
            limiter.enabled = False  # the browser asks for more in a minute than a person does
        with app.app_context():
            holder = register().add(NAME, "admin", hashed(PASSWORD), one_time=False, now=services.clock.now())
        make_keys(services, holder.id)
        ask_for_jobs(services.jobs)
        crawl_a_little(services)
        correct_a_little(services)
        attach_a_lot(services)
        capture_a_lot(services)
        with _serving(app) as url:
            yield Site(url, services)


@contextmanager
def _serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def make_keys(services: Services, account: int) -> None:
    """API keys of an account: one in use, one that was never used, one that was revoked."""
    keys = ApiKeys(services.database, services.clock)
    _, used = keys.make(account, "Bảng tin tòa soạn, lấy bài mới mỗi giờ", timedelta(days=365))
    keys.known(used)
    keys.make(account, "Sổ tay dữ liệu", None)
    keys.revoke(account, keys.make(account, "Thử nghiệm", timedelta(days=30))[0].id)


def crawl_a_little(services: Services) -> None:
    """What a few days of crawling leave in the ledger and the schedule."""
    counted = Ledger(services.clock)
    decisions: tuple[tuple[str, Decision, str, int], ...] = (
        ("mic.gov.vn", "not modified", "304", 1_204),
        ("mic.gov.vn", "fetched", "200", 86),
        ("mic.gov.vn", "failed", "no answer in time", 3),
        ("mic.gov.vn", "refused", "robots.txt", 12),
        ("mst.gov.vn", "fetched", "200", 41),
        (ELSEWHERE, "refused", "not a host of this site", 5_310),
    )
    for host, decision, reason, count in decisions:
        for _ in range(count):
            counted.count(host, decision, reason)
    with services.database.writing() as connection:
        counted.write(connection)
    schedule = Schedule(services.database, services.clock, services.jobs)
    schedule.change("walk", enabled=False, every=timedelta(days=1))
    services.jobs.ask("fresh", {}, ASKED_BY)


def correct_a_little(services: Services) -> None:
    """An article whose date an editor knew better, and one that was withheld."""
    article = next(library(1)).article
    archive(
        services,
        replace(article, key=Key(family="mic", id="199999"), url="https://mic.gov.vn/Pages/TinTuc/199999/"),
    )
    for correction in (
        Correction(
            at=services.clock.now(),
            who="minh",
            key=key_of(3),
            field="date",
            value=date(2010, 2, 3),
            reason="Theo công văn của Sở.",
        ),
        Correction(
            at=services.clock.now(),
            who=NAME,
            key=Key(family="mic", id="199999"),
            field="withheld",
            value=True,
            reason="Theo yêu cầu của người được nêu tên.",
        ),
    ):
        services.record.correct(correction, expected=None)
    for changes, cursor in services.record.changes(after=services.index.cursor):
        services.index.apply(changes, cursor)


def attach_a_lot(services: Services) -> None:
    """An article whose files are in every state, and whose day its pages do not agree on."""
    said: tuple[tuple[str, Literal["pdf", "docx", "xlsx", "other"], dict[str, Any]], ...] = (
        ("Thông tư.pdf", "pdf", {"pages": 30, "text": PAGED, "recognised": True}),
        ("Phụ lục 1.pdf", "pdf", {"pages": 12, "text": "Biểu mẫu kê khai.", "problem": "partly scanned"}),
        ("Phụ lục 2.pdf", "pdf", {"pages": 3, "problem": "scanned"}),
        ("Dự toán.xlsx", "xlsx", {"problem": "encrypted"}),
        ("Tờ trình.docx", "docx", {"problem": "damaged: BadZipFile"}),
        ("Danh sách.pdf", "other", {"problem": WEB_PAGE}),
        ("Mẫu đơn.doc", "other", {"problem": "no converter for DOC files is installed (antiword)"}),
        ("Hồ sơ.zip", "other", {"problem": "zip files are not read"}),
    )
    urls = [f"https://mic.gov.vn/Upload/199998-{number}.pdf" for number in range(len(said) + 1)]
    names = [name for name, *_ in said] + ["Công văn.pdf"]
    article = next(library(1)).article
    article = replace(
        article,
        key=Key(family="mic", id="199998"),
        url="https://mic.gov.vn/Pages/TinTuc/199998/",
        title="Hồ sơ họp với tệp ở mọi trạng thái",
        places=(),
        published=Published(day=date(2011, 3, 15), hour=time(8, 30), how="stated", sure=False),
        attachments=tuple(
            AttachmentLink(address=url, url=url, name=name) for url, name in zip(urls, names, strict=True)
        ),
    )
    files = (
        Attachment(address=url, url=url, type=kind, **more)
        for url, (_, kind, more) in zip(urls, said, strict=False)
    )
    archive(services, article, *files)


def capture_a_lot(services: Services) -> None:
    """An article with more captures than a page lists, and more versions than stand beside it."""
    article = next(library(1)).article
    url = "https://mic.gov.vn/Pages/TinTuc/199997/"
    article = replace(
        article, key=Key(family="mic", id="199997"), url=url, attachments=(), title="Bài được lưu nhiều lần"
    )
    texts = (Block(text=f"Lần sửa thứ {number // 8}.") for number in range(210))
    archive_hourly(services, (replace(article, blocks=(*article.blocks[:-1], text)) for text in texts))


def ask_for_jobs(jobs: Jobs) -> None:
    """One job done, one failed, one that runs, one that waits."""
    here = this_process()
    done, failed, runs = (
        jobs.ask("update", {}, NAME),
        jobs.ask("recrawl", {"urls": ["https://mic.gov.vn/Pages/TinTuc/130000/"]}, NAME),
        jobs.ask("recrawl", {"search": SEARCH.dump(SearchRequest(filters=(("then", ("Long An",)),)))}, NAME),
    )
    jobs.ask("recrawl", {"category": "Viễn thông"}, NAME)
    for job in (done, failed, runs):
        jobs.claim(job.id, here)
    jobs.report(done.id, Progress(done=60, total=60))
    jobs.end(done.id, "done")
    jobs.say(failed.id, "error", "https://mic.gov.vn/Pages/TinTuc/130000/: no answer after 30 s, three times")
    jobs.report(failed.id, Progress(total=1, errors=1, message="no answer"))
    jobs.end(failed.id, "failed")
    for number in range(40):
        url = f"https://mic.gov.vn/Pages/TinTuc/{130_000 + number}/"
        if number % 9 == 4:
            jobs.say(runs.id, "warning", f"{url}: robots.txt forbids it")
        else:
            jobs.say(runs.id, "info", f"{url}: not modified")
    jobs.report(runs.id, Progress(done=412, total=1284, errors=3))
