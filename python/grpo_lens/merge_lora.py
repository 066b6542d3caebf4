"""Merges a LoRA adapter into its base model: `merge_lora.py --base_model B --lora_model L --output_path O`.

One file, so that it can be handed to any host. Works on safetensors as they lie on the disk, shard by shard, with torch or
numpy where the host has them, else in plain Python (exact, for small models). Nothing stands under the output's name
before all of it is written. The rule is PEFT's own (peft/tuners/lora/layer.py, get_delta_weight @ v0.17): W + s * B @ A
with s = alpha / r, or alpha / sqrt(r) with rslora; the sum is made in float32 and rounded to the type of W.
"""

from __future__ import annotations

import argparse
import array
import json
import math
import os
import shutil
import struct
import sys
from typing import Any, Iterator

from grpo_lens.choring import Refused, whole_model

try:
    import numpy
except ImportError:
    numpy = None

FLOATS = ("F64", "F32", "F16", "BF16")
SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}
PLAIN_MOST = 200_000_000
"""Multiplications that plain Python is asked to do, a minute or so; beyond, numpy is needed."""
PREFIX = "base_model.model."
RENAMED = (("", ""), ("model.language_model.", "model."), ("model.visual.", "visual."), ("model.", ""))
"""Where newer transformers name modules otherwise than the files of the model do."""


class Tensors:
    """The tensors of one safetensors file, read one at a time."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            with open(path, "rb") as file:
                (length,) = struct.unpack("<Q", file.read(8))
                if length > os.path.getsize(path):
                    raise ValueError("its header is longer than the file")
                self.header: dict[str, Any] = json.loads(file.read(length))
        except (OSError, ValueError, struct.error) as error:
            raise Refused(f"{path} is no whole safetensors file: {error}.") from None
        self.start = 8 + length
        self.meta = self.header.pop("__metadata__", None)
        ends = [entry["data_offsets"][1] for entry in self.header.values()]
        if self.start + max(ends, default=0) > os.path.getsize(path):
            raise Refused(f"{path} ends in the middle of a tensor: it was not downloaded whole.")

    def bytes(self, name: str) -> bytes:
        start, end = self.header[name]["data_offsets"]
        with open(self.path, "rb") as file:
            file.seek(self.start + start)
            return file.read(end - start)

    def shape(self, name: str) -> list[int]:
        return self.header[name]["shape"]


def floats(data: bytes, kind: str) -> Any:
    """Values as float32: a numpy array, or an array of the standard library."""
    if numpy is not None:
        if kind == "BF16":
            return (numpy.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
        return numpy.frombuffer(data, {"F16": "<f2", "F32": "<f4", "F64": "<f8"}[kind]).astype("<f4")
    if kind == "BF16":
        halves = array.array("H", data)
        return array.array(
            "f", struct.unpack(f"<{len(halves)}f", array.array("I", [h << 16 for h in halves]).tobytes())
        )
    code = {"F16": "e", "F32": "f", "F64": "d"}[kind]
    return array.array("f", struct.unpack(f"<{len(data) // SIZES[kind]}{code}", data))


def packed(values: Any, kind: str) -> bytes:
    """Values in the type of the file, rounded to the nearest, ties to even."""
    if numpy is not None:
        if kind == "BF16":
            bits = numpy.asarray(values, "<f4").view("<u4").astype("<u8")
            return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2").tobytes()
        return numpy.asarray(values).astype({"F16": "<f2", "F32": "<f4", "F64": "<f8"}[kind]).tobytes()
    if kind == "BF16":
        bits = array.array("I", array.array("f", values).tobytes())
        return array.array("H", [((b + 0x7FFF + ((b >> 16) & 1)) >> 16) & 0xFFFF for b in bits]).tobytes()
    return struct.pack(f"<{len(values)}{ {'F16': 'e', 'F32': 'f', 'F64': 'd'}[kind] }", *values)


def added(base: Any, a: Any, b: Any, shape: tuple[int, int, int], scale: float) -> Any:
    """base + scale * B @ A, with A of r × columns and B of rows × r, all in row order."""
    rows, columns, rank = shape
    if numpy is not None:
        delta = (b.reshape(rows, rank) @ a.reshape(rank, columns)) * numpy.float32(scale)
        return base + delta.reshape(-1)
    merged = array.array("f", base)
    for row in range(rows):
        weights = b[row * rank : (row + 1) * rank]
        for column in range(columns):
            total = math.fsum(weight * a[k * columns + column] for k, weight in enumerate(weights))
            merged[row * columns + column] = base[row * columns + column] + total * scale
    return merged


class Adapter:
    def __init__(self, folder: str) -> None:
        self.config = read_json(os.path.join(folder, "adapter_config.json"))
        self.tensors = Tensors(found(folder, "adapter_model.safetensors"))
        if self.config.get("use_dora"):
            raise Refused("The adapter uses DoRA, which this merge does not know; merge it with PEFT.")
        if self.config.get("bias", "none") != "none":
            raise Refused(f"The adapter trained biases ({self.config['bias']!r}); merge it with PEFT.")
        self.pairs: dict[str, tuple[str, str]] = {}
        self.whole: dict[str, str] = {}
        for name in self.tensors.header:
            module = name[len(PREFIX) :] if name.startswith(PREFIX) else name
            if ".lora_A" in module:
                module = module.split(".lora_A")[0]
                self.pairs[module] = (name, name.replace(".lora_A", ".lora_B"))
            elif ".lora_B" not in module:
                self.whole[module.replace(".modules_to_save", "")] = name
        if not self.pairs:
            raise Refused(f"{folder} holds no LoRA weights.")

    def scale(self, module: str, rank: int) -> float:
        alpha = matching(self.config.get("alpha_pattern"), module, self.config.get("lora_alpha", rank))
        return alpha / (math.sqrt(rank) if self.config.get("use_rslora") else rank)


def matching(pattern: Any, module: str, otherwise: Any) -> Any:
    import re

    for key, value in (pattern or {}).items():
        if re.match(rf"(.*\.)?({key})$", module):
            return value
    return otherwise


def read_json(path: str) -> Any:
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise Refused(f"{path} is no JSON: {error}.") from None


def found(folder: str, name: str) -> str:
    path = os.path.join(folder, name)
    if not os.path.isfile(path):
        raise Refused(f"{folder} holds no {name}.")
    return path


def model_folder(model: str, cache: str | None) -> str:
    """A folder as it is, or the newest snapshot of a hub id in the cache."""
    if os.path.isdir(model):
        return model
    home = cache or os.environ.get("HF_HUB_CACHE") or os.path.expanduser("~/.cache/huggingface/hub")
    snapshots = os.path.join(home, "models--" + model.replace("/", "--"), "snapshots")
    found = [os.path.join(snapshots, one) for one in os.listdir(snapshots)] if os.path.isdir(snapshots) else []
    if not found:
        raise Refused(f"{model} is neither a folder nor in the cache {home}; download it first.")
    return max(found, key=os.path.getmtime)


def shards(folder: str) -> list[str]:
    index = os.path.join(folder, "model.safetensors.index.json")
    if os.path.isfile(index):
        return sorted(set(read_json(index)["weight_map"].values()))
    found(folder, "model.safetensors")
    return ["model.safetensors"]


def plan(adapter: Adapter, files: dict[str, Tensors]) -> dict[str, str]:
    """Base tensor → module of the adapter. Every shape is looked at before anything is written."""
    where = {name: tensors for tensors in files.values() for name in tensors.header}
    merges: dict[str, str] = {}
    work = 0
    for module, (a, b) in adapter.pairs.items():
        name = base_name(f"{module}.weight", where)
        if name is None or b not in adapter.tensors.header:
            raise Refused(f"The adapter changes {module}, which the base model does not have: is it the right base?")
        want, kind = where[name].shape(name), where[name].header[name]["dtype"]
        if kind not in FLOATS:
            raise Refused(f"{name} is stored as {kind}; merge the adapter into the model as it was published.")
        if len(want) != 2:
            raise Refused(f"{module} is no linear layer; merge it with PEFT.")
        (rank, columns), (rows, rank_b) = adapter.tensors.shape(a), adapter.tensors.shape(b)
        turned = bool(adapter.config.get("fan_in_fan_out"))
        if rank != rank_b or want != ([columns, rows] if turned else [rows, columns]):
            have = f"A {rank}×{columns}, B {rows}×{rank_b}"
            raise Refused(f"{module}: the adapter has {have}, the base {'×'.join(map(str, want))}; they do not fit.")
        if turned:
            raise Refused(f"{module} is stored turned round (fan_in_fan_out); merge it with PEFT.")
        merges[name] = module
        work += rows * columns * rank
    for module in adapter.whole:
        if base_name(module, where) is None:
            raise Refused(f"The adapter replaces {module}, which the base model does not have.")
    if numpy is None and work > PLAIN_MOST:
        raise Refused("numpy is not installed here, and this model is too large for plain Python: pip install numpy.")
    return merges


def base_name(name: str, where: dict[str, Tensors]) -> str | None:
    for new, old in RENAMED:
        if name.startswith(new) and old + name[len(new) :] in where:
            return old + name[len(new) :]
    return None


def merged(name: str, tensors: Tensors, adapter: Adapter, merges: dict[str, str]) -> bytes:
    entry, data = tensors.header[name], tensors.bytes(name)
    whole = next((mine for module, mine in adapter.whole.items() if base_name(module, {name: tensors})), None)
    if whole is not None:
        return packed(floats(adapter.tensors.bytes(whole), adapter.tensors.header[whole]["dtype"]), entry["dtype"])
    if name not in merges:
        return data
    module = merges[name]
    names = adapter.pairs[module]
    a, b = (floats(adapter.tensors.bytes(one), adapter.tensors.header[one]["dtype"]) for one in names)
    rank = adapter.tensors.shape(names[0])[0]
    rows, columns = entry["shape"]
    total = added(floats(data, entry["dtype"]), a, b, (rows, columns, rank), adapter.scale(module, rank))
    return packed(total, entry["dtype"])


def write_shard(path: str, tensors: Tensors, pieces: Iterator[bytes]) -> None:
    header = dict(tensors.header)
    if tensors.meta is not None:
        header = {"__metadata__": tensors.meta, **header}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def in_order(tensors: Tensors) -> list[str]:
    return sorted(tensors.header, key=lambda name: tensors.header[name]["data_offsets"][0])


def merge(base: str, lora: str, output: str) -> int:
    """Merges and gives the number of tensors that changed."""
    if os.path.exists(output):
        raise Refused(f"{output} is there already; choose another output.")
    adapter = Adapter(lora)
    files = {name: Tensors(found(base, name)) for name in shards(base)}
    merges = plan(adapter, files)
    need = sum(os.path.getsize(tensors.path) for tensors in files.values())
    parent = os.path.dirname(os.path.abspath(output))
    os.makedirs(parent, exist_ok=True)
    free = shutil.disk_usage(parent).free
    if free < need * 1.02:
        raise Refused(f"{parent} has {free >> 30} GiB free, the merged model needs {need >> 30} GiB.")
    with whole_model(output, base) as aside:
        for number, (name, tensors) in enumerate(files.items(), 1):
            print(f"{number}/{len(files)} {name}", flush=True)
            pieces = (merged(one, tensors, adapter, merges) for one in in_order(tensors))
            write_shard(os.path.join(aside, name), tensors, pieces)
    return len(merges) + len(adapter.whole)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="merge_lora", description="Merges a LoRA adapter into its base model.")
    parser.add_argument("--base_model", required=True, help="folder or hub id")
    parser.add_argument("--lora_model", required=True, help="folder of the adapter")
    parser.add_argument("--output_path", required=True, help="folder to write; must not exist")
    parser.add_argument("--cache_dir", help="where hub models are kept")
    asked = parser.parse_args(arguments)
    try:
        base = model_folder(asked.base_model, asked.cache_dir)
        count = merge(base, asked.lora_model, asked.output_path)
    except Refused as error:
        print(f"merge_lora: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"merge_lora: {error}; nothing was written.", file=sys.stderr)
        return 2
    print(f"{count} tensors merged into {asked.output_path}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
