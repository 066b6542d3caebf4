"""Imported before anything else: standard modules come from where they are, whatever lies in the current folder."""

import sys

sys.path[:] = [path for path in sys.path if path]
