"""``python -m bounceback.cli``, for machines where the script is not on the path."""

import sys

from bounceback.cli import main

if __name__ == "__main__":
    sys.exit(main())
