"""``python -m symderive.cli``."""

from symderive.cli import main

if __name__ == "__main__":
    main()
