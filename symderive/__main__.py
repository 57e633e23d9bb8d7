"""``python -m symderive``."""

from symderive.cli import main

if __name__ == "__main__":
    main()
