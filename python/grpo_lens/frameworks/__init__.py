"""How each framework finds and calls a reward: one module each, the more particular first.

A module gives `ID`; `STUBS`, top packages that may be stood in for; `MODELLED`, the names in them that behave as the
real ones; `TOTAL`, the key of the number in a dictionary result; `find(tree)`; `prepare(target)`, once after loading;
and `call(target, rows, reward)`, which returns what the reward returned, one value a row.
"""

from __future__ import annotations

from types import ModuleType

from . import easyr1, own, swift, trl, verl

FRAMEWORKS: dict[str, ModuleType] = {module.ID: module for module in (verl, easyr1, swift, trl, own)}
