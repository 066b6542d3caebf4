"""`watch`: a run's card from its output folder, as far as its plain JSON tells."""

from __future__ import annotations

import json
import math
import os
import re
import time
from html import escape
from typing import Any

from .bundle import RUN, Output
from .fallback import short
from .spread import to_json
from .table import BadInput

_ROWS = ("logging.jsonl", "experiment_log.jsonl")
_POINTS = 1_000
_CHECKPOINT = re.compile(r"checkpoint-(\d+)$")
_ODD = re.compile(r": (-?Infinity|NaN)\b")


def watch(folder: Any) -> Output:
    """The card of a run: its curves as they are now, at most 1,000 points each. In GRPO Lens it goes on following the
    folder; elsewhere it stays as it is. Read here: `trainer_state.json` (the newest checkpoint's, where the folder has
    none), `logging.jsonl` and `experiment_log.jsonl`. Errors: `BadInput`."""
    path = os.path.abspath(os.fspath(folder))
    if not os.path.isdir(path):
        raise BadInput(f"{path} is no folder; give the output folder of a training run.")
    history, steps = _history(path)
    rows = history or [row for name in _ROWS for row in _lines(os.path.join(path, name))]
    curves = _curves(rows)
    problems = [] if curves else ["No history in JSON is there yet; GRPO Lens reads the log itself."]
    reached = max((int(curve["steps"][-1]) for curve in curves), default=None)
    header: dict[str, Any] = {"name": _name(path), "folder": path, "target": "here", "attempts": 0}
    header["state"] = "succeeded" if steps is not None and reached is not None and reached >= steps else "unknown"
    header.update({name: value for name, value in (("step", reached), ("steps", steps)) if value is not None})
    data = {"taken": int(time.time() * 1000), "header": header, "curves": curves, "problems": problems}
    return Output(RUN, data, _html(header, curves, problems), _plain(header, curves, problems))


def _name(path: str) -> str:
    own, parent = os.path.basename(path), os.path.basename(os.path.dirname(path))
    return f"{parent}/{own}" if own in ("output", "outputs", "out", "run", "result", "results") else own


def _history(path: str) -> tuple[list[dict], int | None]:
    numbers = sorted(int(found[1]) for found in map(_CHECKPOINT.match, os.listdir(path)) if found)
    places = [path, *(os.path.join(path, f"checkpoint-{number}") for number in numbers[-1:])]
    for place in places:
        try:
            with open(os.path.join(place, "trainer_state.json"), encoding="utf-8") as file:
                state = json.loads(_ODD.sub(r': "\1"', file.read()))
        except (FileNotFoundError, NotADirectoryError, ValueError):
            continue
        return [row for row in state.get("log_history", []) if isinstance(row, dict)], state.get("max_steps")
    return [], None


def _lines(path: str) -> list[dict]:
    """Whole lines only: the last one may still be being written."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
    except FileNotFoundError:
        return []
    rows = []
    for line in text.split("\n"):
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows


def _curves(rows: list[dict]) -> list[dict]:
    told: dict[str, dict[float, Any]] = {}
    for row in rows:
        step = _step(row)
        if step is None:
            continue
        for name, value in row.items():
            score = _value(value)
            if score is not None and name not in ("step", "epoch", "global_step/max_steps"):
                told.setdefault(name, {})[step] = score
    return [_curve(name, points) for name, points in told.items()]


def _curve(name: str, points: dict[float, Any]) -> dict:
    steps = sorted(points)
    every = math.ceil(len(steps) / _POINTS)
    kept = steps[::every] if steps[-1] in steps[::every] else [*steps[::every], steps[-1]]
    return {"name": name, "original": name, "steps": kept, "values": [points[step] for step in kept]}


def _step(row: dict) -> float | None:
    stated = row.get("step", str(row.get("global_step/max_steps", "")).split("/")[0])
    try:
        return int(stated)
    except (TypeError, ValueError):
        return None


def _value(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return to_json(float(value))
    except ValueError:
        return None


def _said(header: dict, curves: list[dict]) -> tuple[str, str]:
    step = f"step {header['step']}" if "step" in header else "no step yet"
    of = f" of {header['steps']}" if "steps" in header else ""
    reward = next((curve["values"] for curve in curves if curve["name"] == "reward"), None)
    return f"{header['name']}: {header['state']}, {step}{of}", f"reward {short(reward[-1])}" if reward else ""


def _plain(header: dict, curves: list[dict], problems: list[str]) -> str:
    head, reward = _said(header, curves)
    ends = [f"  {curve['name']}: {short(curve['values'][0])} → {short(curve['values'][-1])}" for curve in curves[:20]]
    return "\n".join([", ".join(filter(None, [head, reward])), f"  {header['folder']}", *problems, *ends])


def _html(header: dict, curves: list[dict], problems: list[str]) -> str:
    head, reward = _said(header, curves)
    rows = "".join(
        f"<tr><th>{escape(curve['name'])}</th><td>{short(curve['values'][0])}</td><td>{short(curve['values'][-1])}</td></tr>"
        for curve in curves[:20]
    )
    said = "".join(f"<p>{escape(problem)}</p>" for problem in problems)
    table = f"<table><thead><tr><th></th><th>first</th><th>last</th></tr></thead><tbody>{rows}</tbody></table>"
    top = f"<p><b>{escape(head)}</b> {escape(reward)}</p><p>{escape(header['folder'])}</p>"
    return f"<div>{top}{said}{table if rows else ''}</div>"
