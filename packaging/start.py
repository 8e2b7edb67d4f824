"""Starts the packaged application."""

import sys

from hitl_app.__main__ import main

sys.exit(main())
