"""The ledger under a server that does its worst: every decision counted, in few words."""

from datetime import date
from itertools import count

from crawler import ledger
from tests.crawler.site import Answer
from tests.crawler.small_site import url

PAGES = 120


def hostile(site):
    """Each page answers with another status, header, coding, redirect and a hundred links that differ."""
    numbers = count()

    def answer(handler):
        number = next(numbers)
        links = "".join(
            f'<a href="http://mic.gov.vn:{9_000 + 100 * number + one}/x">x</a><a href="http://[{number}{one}/">x</a>'
            f'<a href="http://a{number}.{one}.example.org/">x</a><a href="x{number}{one}:y">x</a>'
            for one in range(20)
        )
        match number % 6:
            case 0:
                return Answer(links, status=400 + number)
            case 1:
                return Answer(links, headers={"Content-Encoding": f"x-{number}"})
            case 2:
                return Answer("", 302, {"Location": f"http://mic.gov.vn:{10_000 + number}/"})
            case 3:
                return Answer("", 302, {"Location": f"http://[{number}"})
            case 4:
                handler.wfile.write(f"HTTP/1.1 {number}x made up {number}\r\n\r\n".encode())
                handler.close_connection = True
                return None
            case _:
                return Answer(links)

    site.answers |= {f"/{number}.aspx": answer for number in range(PAGES)}


def test_whatever_a_server_says_the_ledger_has_few_lines(opened, site, database):
    hostile(site)
    with opened(*(url(f"/{number}.aspx") for number in range(PAGES))) as crawl:
        crawl.run(limit=PAGES)
    lines = ledger.read(database, date(2020, 1, 1))
    assert {line.host for line in lines} <= {"mic.gov.vn", ledger.ELSEWHERE}
    by_reason = {(line.decision, line.reason) for line in lines}
    statuses = {reason for reason in by_reason if reason[1].isdecimal()}
    assert len(by_reason - statuses) < 15, sorted(by_reason)
    assert sum(line.count for line in lines if line.decision in ("fetched", "moved", "failed")) >= PAGES
