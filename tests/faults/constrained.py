"""`python -m tests.faults.constrained SECONDS BYTES …`: the crawler's command on a machine that lacks something.

It waits for a locked database no longer than SECONDS, and writes no file beyond BYTES, as on a full disk.
"""

import resource
import sys

from crawler import __main__ as command
from crawler import terminal

if __name__ == "__main__":
    # 0 stands for what is usual.
    seconds, size = float(sys.argv[1]), int(sys.argv[2])
    if seconds:
        setattr(terminal, "PATIENT_SECONDS", seconds)  # noqa: B010 - a constant to everybody else
    if size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    command.main(args=sys.argv[3:], prog_name="python -m crawler")
