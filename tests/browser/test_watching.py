"""The administration while somebody watches, until all jobs are over: the last of the suite, others need them."""

from playwright.sync_api import expect

from crawler.lease import this_process


def test_the_overview_tells_of_the_end_in_all_its_parts(open_page, site):
    jobs = site.services.jobs
    job = jobs.ask("update", {}, "lan")
    page = open_page("/admin/", account=True)
    line = page.locator(f"tr:has(a[href='/admin/jobs/{job.id}'])")
    expect(line.locator(".state-queued")).to_be_visible()
    others = [other.id for other in jobs.recent() if not other.is_over]
    for number in others:
        jobs.claim(number, this_process())
        jobs.end(number, "done")
    expect(line.locator(".state-done")).to_be_visible(timeout=10_000)
