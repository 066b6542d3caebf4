"""Keeps what a reward saw and gave, beside any training, in the form of docs/record-format.md.

One file, standard library only. Wrap the reward where the trainer takes it:

    from grpo_lens.record import record
    reward_funcs = [record(accuracy_reward), record(format_reward)]

A wrapped reward returns and raises exactly what it did before. Recording is bounded in size, and whatever goes wrong
in it is said once on standard error and ends it; it never reaches the training.
"""

import atexit
import functools
import inspect
import json
import math
import os
import sys
import threading

FORM = 1
# Characters of one text that are kept, and of any other value.
MOST_TEXT = 200_000
MOST_VALUE = 20_000
# Members of a list or dictionary: longer ones (token ids, pixels) are left out whole.
MOST_PARTS = 200
# What a line says in its own way, whatever a column of that name holds.
OWN = {"form", "completion", "scores"}
# What trainers pass besides columns of the data set: not worth a copy, or no data.
PASSED_OVER = OWN | set(
    "prompts completions completion_ids response_token_ids trainer_state log_extra log_metric environments"
    " rollout_infos request_id messages trajectory_inputs step global_step".split()
)
# verl's batched calls name their columns in the plural.
SINGULAR = {"ground_truths": "ground_truth", "data_sources": "data_source", "extra_infos": "extra_info"}


def record(reward, folder=None, most_bytes=1 << 30, name=None, columns=None):
    """The same reward, whose calls are recorded in `folder` (else $GRPO_LENS_RECORD, else ./grpo-record).

    `columns`: for a trainer that tells things in ways of its own. Given a call's keyword arguments, it gives keys of the
    form, such as `prompt` and `group`, each with a list of one value a completion.
    """
    recorder = _recorder(folder, most_bytes)
    name = name or getattr(reward, "__name__", type(reward).__name__)
    recorder.rewards.add(name)

    def take(args, kwargs, result):
        recorder.take(name, lambda: _rows_of_call(args, kwargs, columns), result)

    wrap = _recorded_class if inspect.isclass(reward) else _recorded_async if is_async(reward) else _recorded
    wrapped = wrap(reward, take)
    wrapped._grpo_lens = True  # A launch that records leaves it as it is.
    return wrapped


def is_async(reward):
    """Has its result to be awaited? A partial function is what it stands for."""
    if inspect.isroutine(reward) or isinstance(reward, functools.partial):
        return inspect.iscoroutinefunction(reward)
    return inspect.iscoroutinefunction(getattr(reward, "__call__", None))  # noqa: B004


def tell_step(step, folder=None, most_bytes=1 << 30):
    """From now on `step()` is asked for the step of calls that do not tell it."""
    _recorder(folder, most_bytes).step = step


def _recorded(reward, take, own=0):
    """`own`: how many first arguments are the method's own object."""

    @functools.wraps(reward)
    def wrapped(*args, **kwargs):
        try:
            result = reward(*args, **kwargs)
        except Exception:
            take(args[own:], kwargs, "error")
            raise
        take(args[own:], kwargs, result)
        return result

    return wrapped


def _recorded_async(reward, take, own=0):
    @functools.wraps(reward)
    async def wrapped(*args, **kwargs):
        try:
            result = await reward(*args, **kwargs)
        except Exception:
            take(args[own:], kwargs, "error")
            raise
        take(args[own:], kwargs, result)
        return result

    return wrapped


def _recorded_class(reward, take):
    """A subclass whose calls are recorded: trainers make its instance themselves, and ask for its type."""
    wrap = _recorded_async if inspect.iscoroutinefunction(reward.__call__) else _recorded
    members = {"__call__": wrap(reward.__call__, take, own=1), "__doc__": reward.__doc__}
    return type(reward.__name__, (reward,), {**members, "__module__": reward.__module__})


_recorders = {}


def _recorder(folder, most_bytes):
    folder = os.path.abspath(folder or os.environ.get("GRPO_LENS_RECORD") or "grpo-record")
    if folder not in _recorders:
        _recorders[folder] = Recorder(folder, most_bytes)
        atexit.register(_recorders[folder].flush)
    return _recorders[folder]


class Recorder:
    """Rows of one batch are kept until each reward has given its scores, then written in one go."""

    def __init__(self, folder, most_bytes):
        self.folder = folder
        self.most_bytes = most_bytes
        self.rewards = set()
        self.step = None
        self._lock = threading.Lock()
        self._rows = []
        self._seen = set()
        self._file = None
        self._process = None
        self._written = 0
        self._ended = False
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._unlock)

    def _unlock(self):
        """A lock that another thread held would never be let go in the child."""
        self._lock = threading.Lock()

    def take(self, name, rows, result):
        """Notes what a reward gave for the rows that `rows()` makes; never raises."""
        self._guarded(self._take, name, rows, result)

    def write(self, rows):
        """Writes what `rows()` gives, whole lines of the form; never raises."""
        self._guarded(self._write, rows)

    def flush(self):
        """Writes what is still kept; called at the interpreter's end."""
        self._guarded(self._flush)

    def _guarded(self, work, *given):
        """What goes wrong here ends the recording, not the training."""
        if self._ended:
            return
        try:
            with self._lock:
                work(*given)
        except Exception as error:
            self._end(f"{type(error).__name__}: {error}")

    def _take(self, name, rows, result):
        rows = self._with_step(rows())
        if not self._is_same(rows) or name in self._seen:
            self._flush()
            self._rows = rows
        for row, scores in zip(self._rows, _scores_of(name, result, len(rows))):
            row["scores"].update(scores)
        self._seen.add(name)
        if self._seen >= self.rewards:
            self._flush()

    def _with_step(self, rows):
        step = self.step() if self.step and rows and "step" not in rows[0] else None
        return rows if step is None else [{"step": step, **row} for row in rows]

    def _write(self, rows):
        self._rows = rows()
        self._flush()

    def _is_same(self, rows):
        same = [row.get("completion") for row in rows] == [row.get("completion") for row in self._rows]
        return same and [row.get("prompt") for row in rows] == [row.get("prompt") for row in self._rows]

    def _flush(self):
        rows, self._rows, self._seen = self._rows, [], set()
        if not rows or self._ended:
            return
        text = "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows)
        data = text.encode("utf-8", "backslashreplace")
        size = len(data)
        if self._written + size > self.most_bytes:
            return self._end(f"{self.most_bytes} bytes are written, which is the bound")
        self._open()
        while data:
            data = data[os.write(self._file, data) :]
        self._written += size

    def _open(self):
        """One file a process: a forked worker opens its own."""
        if self._process == os.getpid():
            return
        os.makedirs(self.folder, exist_ok=True)
        rank = os.environ.get("RANK", "0")
        path = os.path.join(self.folder, f"grpo-record-{rank}-{os.getpid()}.jsonl")
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        self._process = os.getpid()
        self._written = os.fstat(self._file).st_size

    def _end(self, why):
        if not self._ended:
            self._ended = True
            print(f"grpo-lens: recording has ended ({why}). The training goes on.", file=sys.stderr)


def _rows_of_call(args, kwargs, columns):
    """One row a completion; `columns` as `record` takes it."""
    rows = _rows_of(args, kwargs)
    if columns is None:
        return rows
    known = {key: values for key, values in columns(kwargs).items() if len(values) == len(rows)}
    return [{**row, **{key: _text(values[at]) for key, values in known.items()}} for at, row in enumerate(rows)]


def _rows_of(args, kwargs):
    """In whichever style the trainer calls."""
    inputs = _inputs(args[0]) if args else []
    if inputs:
        return [_row_of_input(each) for each in inputs]
    if "solution_str" in kwargs:
        return [_row(kwargs["solution_str"], _known(kwargs, ("solution_str",)))]
    if "solution_strs" in kwargs:
        texts = kwargs["solution_strs"]
        return [_row(text, _columns_of_row(kwargs, at, len(texts))) for at, text in enumerate(texts)]
    completions = kwargs.get("completions", args[0] if args else [])
    if isinstance(completions, str):
        return [_row(completions, _known(kwargs, ("completions",)))]
    prompts = kwargs.get("prompts")
    count = len(completions)
    rows = []
    for at in range(count):
        row = _row(completions[at], _columns_of_row(kwargs, at, count))
        if prompts is not None and len(prompts) == count:
            row["prompt"] = _text(prompts[at])
        rows.append({**_facts(kwargs, at, count), **row})
    return rows


def _inputs(value):
    """EasyR1 calls with a dictionary that has a response, or with a list of them."""
    values = [value] if isinstance(value, dict) else value
    found = isinstance(values, (list, tuple)) and bool(values) and isinstance(values[0], dict)
    return values if found and "response" in values[0] else []


def _row_of_input(given):
    row = _row(given["response"], _known(given, ("response", "prompt")))
    if "prompt" in given:
        row["prompt"] = _text(given["prompt"])
    return row


def _known(values, but):
    columns = {key: value_of(value) for key, value in values.items() if key not in but and key not in OWN}
    return {key: value for key, value in columns.items() if value is not None}


def _row(completion, columns):
    row = {"form": FORM, "prompt": None, "completion": _text(completion), "scores": {}, **columns}
    if isinstance(completion, str) and len(completion) > MOST_TEXT:
        row["cut"] = len(completion) - MOST_TEXT
    return row


def _facts(kwargs, at, count):
    """Step and group, where the trainer tells them."""
    facts = {}
    ended = getattr(kwargs.get("trainer_state"), "global_step", None)
    # As trainers' own logs count: the update that these completions make is the next one.
    step = ended + 1 if isinstance(ended, int) else kwargs.get("global_step", kwargs.get("step"))
    if isinstance(step, int):
        facts["step"] = step
    groups = kwargs.get("prompt_id")
    if isinstance(groups, (list, tuple)) and len(groups) == count:
        facts["group"] = str(groups[at])
    return facts


def _columns_of_row(kwargs, at, count):
    columns = {}
    for key, values in kwargs.items():
        if key in PASSED_OVER or isinstance(values, (str, bytes, dict)) or not hasattr(values, "__getitem__"):
            continue
        if hasattr(values, "__len__") and len(values) == count:
            value = value_of(values[at])
            if value is not None:
                columns[SINGULAR.get(key, key)] = value
    return columns


def row_of(prompt, completion):
    """The beginning of a line of the form: without scores yet."""
    return {**_row(completion, {}), "prompt": _text(prompt)}


def _text(value):
    """A completion or prompt: text as it is, one assistant's message by its content, more messages as they are."""
    if isinstance(value, str):
        return value if len(value) <= MOST_TEXT else value[:MOST_TEXT]
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
        content = value[0].get("content")
        if len(value) == 1 and value[0].get("role") == "assistant" and isinstance(content, str):
            return _text(content)
        return [_message(message) for message in value]
    return value_of(value)


def _message(message):
    """Without what a trainer adds to it and leaves empty, so that it is the data set's own again."""
    return {key: value_of(part) for key, part in message.items() if part is not None or key == "content"}


def value_of(value, depth=0):
    """Plain data as JSON has it, numbers that are none as their words; a picture as its path; None for all else."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return value[:MOST_VALUE]
    if isinstance(value, float):
        return _number(value)
    if isinstance(getattr(value, "filename", None), str):
        return value.filename or None
    if isinstance(value, dict) and value.keys() == {"path", "bytes"}:
        return value["path"] or None
    if depth < 6 and isinstance(value, dict) and len(value) <= MOST_PARTS:
        return {str(key): value_of(each, depth + 1) for key, each in value.items()}
    if depth < 6 and isinstance(value, (list, tuple)) and len(value) <= MOST_PARTS:
        return [value_of(each, depth + 1) for each in value]
    return _number(value) if getattr(value, "shape", None) == () and hasattr(value, "item") else None


def _scores_of(name, result, count):
    """Scores of each row by name; a dictionary gives one for each of its numbers."""
    if isinstance(result, str) or count == 0:
        return [{name: result}] * count
    if isinstance(result, dict):
        return [_parts(name, result)]
    if hasattr(result, "tolist"):
        result = result.tolist()
    if not isinstance(result, (list, tuple)):
        return [_parts(name, result)] if count == 1 and _is_score(result) else [{name: "unknown"}] * count
    if len(result) != count:
        return [{name: "unknown"}] * count
    return [_parts(name, each) for each in result]


def _parts(name, score):
    if isinstance(score, dict):
        return {str(key): _number(value) for key, value in score.items() if _is_score(value)} or {name: "unknown"}
    return {name: _number(score) if _is_score(score) else "unknown"}


def _is_score(value):
    """Also a number of NumPy or torch, which is an array of one."""
    one = hasattr(value, "item") and all(size == 1 for size in getattr(value, "shape", ()))
    return value is None or isinstance(value, (bool, int, float)) or one


def _number(value):
    """A number as JSON can hold it: what is none is a word."""
    value = value.item() if hasattr(value, "item") else value
    if not isinstance(value, float):
        return value
    if math.isnan(value):
        return "nan"
    return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")
