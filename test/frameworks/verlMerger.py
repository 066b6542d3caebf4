"""verl's own merger, with what it only imports on its way (ray, omegaconf) stood in for: its code is the real one."""

import importlib.util
import runpy
import sys
import types
from unittest.mock import MagicMock

verl = types.ModuleType("verl")
verl.__path__ = list(importlib.util.find_spec("verl").submodule_search_locations)
sys.modules["verl"] = verl
for name in ("omegaconf", "ray"):
    if importlib.util.find_spec(name) is None:
        sys.modules[name] = MagicMock()
runpy.run_module("verl.model_merger", run_name="__main__", alter_sys=True)
