"""`python -m tests.faults.measured …`: the crawler's command, and then how many kilobytes it needed at most."""

import re
import sys
from pathlib import Path

from crawler.__main__ import main

if __name__ == "__main__":
    main(args=sys.argv[1:], prog_name="python -m crawler", standalone_mode=False)
    # Not getrusage: that counts what the process had before it became this program, which is all its parent had.
    print(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))[0])
