"""`python -m tests.faults.measured …`: the crawler's command, and then how many kilobytes it needed at most."""

import resource
import sys

from crawler.__main__ import main

if __name__ == "__main__":
    main(args=sys.argv[1:], prog_name="python -m crawler", standalone_mode=False)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
