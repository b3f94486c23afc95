"""The small ministry again, for what goes wrong or takes its time."""

from tests.crawler.conftest import addresses, crawl, mapped, opened, settings, site, stored

__all__ = ["addresses", "crawl", "mapped", "opened", "settings", "site", "stored"]
