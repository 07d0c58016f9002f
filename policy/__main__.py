"""`python -m policy`: the same as the command `policy`."""

from __future__ import annotations

from policy.cli import main

if __name__ == "__main__":
    main()
