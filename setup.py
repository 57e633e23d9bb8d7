"""What setup.cfg cannot say: the long description, with links that work elsewhere, and the URLs.

Both come from the one address in setup.cfg.  Pictures and pages are those of the tag of the version, so
that a release goes on to show what it was made with.
"""

import re
import sys
from configparser import ConfigParser
from pathlib import Path
from urllib.parse import urlsplit

from setuptools import setup

ROOT = Path(__file__).resolve().parent

#: The oldest Python, as setup.cfg has it.
OLDEST = (3, 11)

#: Fenced code, whose brackets are no links.
FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)

#: Code in a line, which is passed over, or a link or picture up to its target; its text may hold brackets.
INLINE = re.compile(r"(`[^`\n]+`)|(!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\()([^()\s]+)")

#: Definitions of links, and pictures and links in HTML.
DEFINITION = re.compile(r"()(^\[[^\]\n]+\]:\s+)(\S+)", re.MULTILINE)
HTML = re.compile(r"""()(<(?:img|source|a)\b[^>]*?\s(?:src|srcset|href)=["'])([^"']+)""")

#: Files that are shown as they are, not on a page of their own.
PICTURES = (".png", ".svg", ".gif", ".jpg")


def absolute(text: str, pages: str, raw: str) -> str:
    """Markdown with every relative link made absolute: pictures below ``raw``, all else below ``pages``."""

    def link(match: re.Match[str]) -> str:
        code, before, target = match.groups()
        if code:
            return code
        if before.startswith("[!["):  # a picture that is a link
            before = f"[{absolute(before[1:-2], pages, raw)}]("
        if urlsplit(target).scheme or target.startswith(("#", "//")):
            return before + target
        base = raw if urlsplit(target).path.endswith(PICTURES) else pages
        return f"{before}{base}/{target.removeprefix('./')}"

    parts = FENCED.split(text)
    for number in range(0, len(parts), 2):
        for pattern in (INLINE, DEFINITION, HTML):
            parts[number] = pattern.sub(link, parts[number])
    return "".join(parts)


def described() -> dict[str, object]:
    """The long description and the URLs, from README, the address and the version."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    home = config["metadata"]["url"]
    [version] = re.findall(
        r'^__version__ = "(.+)"$', (ROOT / "symderive/__init__.py").read_text(), re.MULTILINE
    )
    raw = home.replace("https://github.com/", "https://raw.githubusercontent.com/")
    return {
        "long_description": absolute(
            (ROOT / "README.md").read_text(encoding="utf-8"), f"{home}/blob/v{version}", f"{raw}/v{version}"
        ),
        "project_urls": {
            "Source": home,
            "Issues": f"{home}/issues",
            "Documentation": f"{home}/tree/v{version}/docs",
            "Changes": f"{home}/blob/v{version}/CHANGELOG.md",
        },
    }


if __name__ == "__main__":
    if sys.version_info < OLDEST:  # pip says so only after minutes of search among what the extras need
        oldest, python = ".".join(map(str, OLDEST)), sys.version.split()[0]
        sys.exit(f"symderive needs Python {oldest} or newer, and this is {python}.")
    setup(**described())
