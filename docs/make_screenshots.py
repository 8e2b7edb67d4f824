"""Makes the pictures of the documentation: those of the guide, and the gallery.

Run: `make screenshots`, or this script with `guide` or `gallery` for one of them. The guide needs Xvfb, xdotool and
openbox, which `make setup` installs.
"""

import argparse
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
TESTS = DOCS.parent / "tests"
sys.path[:0] = [str(DOCS / "screenshots"), *(str(TESTS / room) for room in ("ui", "e2e", "llm"))]

import gallery  # noqa: E402
import guide  # noqa: E402


def main() -> None:
    """Take the pictures that were asked for, all of them where nothing was."""
    parser = argparse.ArgumentParser(description="Makes the pictures of the documentation.")
    parser.add_argument("part", nargs="?", choices=("guide", "gallery"), help="only these (default: all)")
    part = parser.parse_args().part
    if part != "gallery":
        guide.make(DOCS / "images")
    if part != "guide":
        missing = gallery.make(DOCS / "images" / "gallery", DOCS / "gallery.md")
        if missing:
            raise SystemExit("These could not be brought up:\n" + "\n".join(missing))


if __name__ == "__main__":
    main()
