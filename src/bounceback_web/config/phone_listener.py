"""Answer the home network at one address, paired devices alone, until the supervisor ends this."""

from __future__ import annotations

import os
import signal
import sys
import threading

from bounceback_web.config.server import pages_server
from bounceback_web.config.supervisor import end_with_standard_input


def main() -> int:
    """Serve until standard input ends."""
    address, port = sys.argv[1], int(sys.argv[2])
    gone = end_with_standard_input()

    def end() -> None:
        gone.wait()
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=end, daemon=True).start()
    server, loader = pages_server(address, port, workers=1)
    server.serve(target_loader=loader, wrap_loader=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
