"""How each framework finds and calls a reward: one module each, the more particular first.

A module gives `ID`; `STUBS`, top packages that may be stood in for; `MODELLED`, the names in them that behave as the
real ones; `TOTAL`, the key of the number in a dictionary result; `find(tree)`; `prepare(target, settings)`, once after
loading;
`CONTRACT`, what its trainer does with values that are no proper reward; `ADDS_FOLDER`, whether it makes the modules beside
the file importable; `checked(reward, source)`: further (rule, weight, sentence); and `caller(target, rows, reward)`: a function of (start, end) that returns what the reward returned for these rows.
"""

from __future__ import annotations

from types import ModuleType

from . import easyr1, own, swift, trl, verl

FRAMEWORKS: dict[str, ModuleType] = {module.ID: module for module in (verl, easyr1, swift, trl, own)}
