"""Says what the machine lacks for the tests; with `install`, brings it."""

import argparse
import sys

from tests.services import MODULES, service
from tests.services.machine import InstallError


def main(arguments: list[str]) -> int:
    """Say or bring what is missing; 1 where something is missing in the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.services", description=__doc__)
    parser.add_argument("action", nargs="?", choices=["status", "install"], default="status")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(MODULES)}; all if none")
    given = parser.parse_args(arguments)
    unknown = set(given.names) - set(MODULES)
    if unknown:
        parser.error(f"no service named {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}")
    complete = [_is_there(name, install=given.action == "install") for name in given.names or MODULES]
    return 0 if all(complete) else 1


def _is_there(name: str, *, install: bool) -> bool:
    found = service(name)
    problem = found.missing()
    if problem and install:
        print(f"{found.NAME}: installing", flush=True)
        try:
            found.install()
        except InstallError as error:
            print(f"{found.NAME}: {error}")
            return False
        problem = found.missing()
    print(f"{found.NAME}: {'missing: ' + problem if problem else 'there'}", flush=True)
    return problem is None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
