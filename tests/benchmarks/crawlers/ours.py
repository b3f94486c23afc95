"""Our own crawl, as `python -m crawler crawl` makes it."""

from datetime import timedelta

from config.database import open_database
from config.site import load_profile
from crawler.crawl import open_crawl
from tests.benchmarks.crawlers import PROFILE, Task, Watch


def main() -> None:
    """Crawl until nothing is due, waiting for no further attempts."""
    settings = Task.told().settings
    database = open_database(settings.database)
    profile = load_profile(PROFILE)
    watch = Watch()
    with open_crawl(settings, profile, database, patience=timedelta(0)) as crawl:
        crawl.run()
    watch.stop()
    database.close()


if __name__ == "__main__":
    main()
