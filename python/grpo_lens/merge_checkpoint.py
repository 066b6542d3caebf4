"""Merges the shards of an FSDP checkpoint into one model folder: `merge_checkpoint.py --local_dir …/global_step_8/actor`.

`model_world_size_N_rank_R.pt` hold DTensors, or whole tensors where nothing was sharded. The rule is that of the
frameworks' own mergers (verl/model_merger/fsdp_model_merger.py @ 0.9.1): every piece in bfloat16, joined along the
dimension of its placement. Everything is looked at before anything is written, beside its name.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import struct
import sys
from typing import Any, Callable

from grpo_lens.choring import Refused, finished, need, whole_model

SHARD = re.compile(r"model_world_size_(\d+)_rank_(\d+)\.pt$")
STEP = re.compile(r"global_step_(\d+)$")
MOST = 5_000_000_000
"""Bytes of one file of the output."""
KINDS = {"bfloat16": ("BF16", 2), "float16": ("F16", 2), "float32": ("F32", 4), "int64": ("I64", 8)}


def actor_folder(folder: str) -> str:
    """The folder with the shards: the one named, its `actor`, or that of its newest step."""
    if not os.path.isdir(folder):
        raise Refused(f"{folder} is no folder.")
    if any(SHARD.match(name) for name in os.listdir(folder)):
        return folder
    inner = os.path.join(folder, "actor")
    if os.path.isdir(inner):
        return actor_folder(inner)
    steps = sorted((int(found[1]), found[0]) for found in map(STEP.match, os.listdir(folder)) if found)
    if not steps:
        raise Refused(f"{folder} holds neither model_world_size_N_rank_R.pt nor a global_step_N folder.")
    print(f"The newest step is {steps[-1][1]}.", flush=True)
    return actor_folder(os.path.join(folder, steps[-1][1]))


def shards(folder: str) -> list[str]:
    """Paths by rank. Errors: Refused where a rank is missing."""
    found = [match for match in map(SHARD.match, sorted(os.listdir(folder))) if match]
    worlds = sorted({int(match[1]) for match in found})
    if len(worlds) > 1:
        raise Refused(f"{folder} holds shards of {' and of '.join(map(str, worlds))} ranks: remove the older ones.")
    ranks = {int(match[2]): os.path.join(folder, match[0]) for match in found}
    missing = [rank for rank in range(worlds[0]) if rank not in ranks]
    if missing:
        raise Refused(
            f"{folder} lacks rank {', '.join(map(str, missing))} of {worlds[0]}: the checkpoint is not whole."
        )
    return [ranks[rank] for rank in range(worlds[0])]


def joined(torch: Any, name: str, pieces: list[Any]) -> Any:
    """One tensor of the pieces of all ranks."""
    placements = getattr(pieces[0], "placements", None)
    local = [getattr(piece, "_local_tensor", piece) for piece in pieces]
    local = [piece.to(torch.bfloat16) if piece.is_floating_point() else piece for piece in local]
    if placements is None:
        if any(piece.shape != local[0].shape or not torch.equal(piece, local[0]) for piece in local[1:]):
            raise Refused(f"{name} is no sharded tensor, and the ranks do not agree on it: the checkpoint is broken.")
        return local[0]
    placed = placements[-1]
    if len(placements) > 2 or any(not one.is_replicate() for one in placements[:-1]):
        raise Refused(f"{name} is split in more than one dimension; merge it with the framework's own tool.")
    if placed.is_replicate():
        return local[0]
    if not placed.is_shard():
        raise Refused(f"{name} holds partial sums; merge it with the framework's own tool.")
    whole = torch.cat(local[: pieces[0].device_mesh.mesh.shape[-1]], dim=placed.dim).contiguous()
    if whole.shape != pieces[0].shape:
        raise Refused(f"{name} comes out as {tuple(whole.shape)}, not {tuple(pieces[0].shape)}: a shard is cut.")
    return whole


def load(torch: Any, path: str) -> dict[str, Any]:
    try:
        return torch.load(path, map_location="cpu", weights_only=False, mmap=True)
    except Exception as error:
        why = str(error) or type(error).__name__
        raise Refused(f"{path} cannot be read: {why.splitlines()[0]}.") from None


def files_of(sizes: dict[str, int]) -> list[list[str]]:
    """Names of tensors, file by file."""
    files: list[list[str]] = [[]]
    used = 0
    for name, size in sizes.items():
        if used + size > MOST and files[-1]:
            files.append([])
            used = 0
        files[-1].append(name)
        used += size
    return files


def write_tensors(path: str, tensors: dict[str, Any]) -> None:
    """A safetensors file, tensors in the order of their names."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, tensor in tensors.items():
        kind, size = KINDS[str(tensor.dtype).split(".")[-1]]
        end = at + tensor.numel() * size
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            flat = tensor.contiguous().flatten()
            file.write(memoryview(flat.view(need("torch").uint8).numpy()))
        file.flush()
        os.fsync(file.fileno())


def config_of(folder: str, given: str | None) -> str:
    places = [given] if given else [os.path.join(folder, "huggingface"), folder]
    found = next((place for place in places if os.path.isfile(os.path.join(place, "config.json"))), None)
    if found is None:
        raise Refused(f"{' and '.join(places)} hold no config.json: name the model's folder with --config_dir.")
    return found


def merge(local_dir: str, target: str | None, config_dir: str | None = None) -> str:
    torch = need("torch")
    need("torch", "torch.distributed.tensor")
    folder = actor_folder(local_dir)
    paths = shards(folder)
    config = config_of(folder, config_dir)
    output = os.path.abspath(target or os.path.join(folder, "merged"))
    if os.path.exists(output):
        raise Refused(f"{output} is there already; choose another target.")
    space(folder, paths, output)
    ranks = []
    for number, path in enumerate(paths, 1):
        print(f"{number}/{len(paths)} {os.path.basename(path)}", flush=True)
        ranks.append(load(torch, path))
    if any(rank.keys() != ranks[0].keys() for rank in ranks[1:]):
        raise Refused(f"The ranks of {folder} do not hold the same tensors: the checkpoint is broken.")
    count = write_model(torch, ranks, config, output)
    return f"{count} tensors of {len(paths)} ranks merged into {output}."


def space(folder: str, paths: list[str], output: str) -> None:
    need_bytes = sum(os.path.getsize(path) for path in paths)
    parent = os.path.dirname(output)
    os.makedirs(parent, exist_ok=True)
    free = shutil.disk_usage(parent).free
    if free < need_bytes:
        raise Refused(f"{parent} has {free / 1e9:.1f} GB free, the merged model needs up to {need_bytes / 1e9:.1f} GB.")


def written(torch: Any, config: str, named: dict[str, Any]) -> dict[str, Any]:
    """The tensors under the names that `save_pretrained` gives them, as both frameworks' mergers end with it.

    Vision models are published under older names than they have in memory, and some hold tensors otherwise
    (transformers/core_model_loading.py:revert_weight_conversion @ 5.23.0; modeling_utils.py:save_pretrained @ 4.57.0).
    Without transformers they stay as they are.
    """
    try:
        import transformers
    except ImportError:
        return named
    settings = transformers.AutoConfig.from_pretrained(config)
    kind = getattr(transformers, (settings.architectures or [""])[0], None)
    if kind is None:
        return named
    try:
        from transformers.core_model_loading import revert_weight_conversion
    except ImportError:
        return {older_name(kind, name): tensor for name, tensor in named.items()}
    with torch.device("meta"):
        return revert_weight_conversion(kind(settings), named)


def older_name(kind: Any, name: str) -> str:
    for old, now in (getattr(kind, "_checkpoint_conversion_mapping", None) or {}).items():
        # The name as it was, without the look-ahead that keeps it from being found twice.
        name, found = re.subn(f"^{re.escape(now.lstrip('^'))}", re.sub(r"\(.*\)", "", old.lstrip("^")), name)
        if found:
            return name
    return name


def write_model(torch: Any, ranks: list[dict[str, Any]], config: str, output: str) -> int:
    names = sorted(ranks[0])
    if any(".lora_A." in name for name in names):
        raise Refused(
            "The shards hold an adapter beside the model. Merge the folder lora_adapter beside them into its base with"
            " Merge LoRA, or the shards with the framework's own tool."
        )
    with open(os.path.join(config, "config.json"), encoding="utf-8") as file:
        if json.load(file).get("tie_word_embeddings") and "lm_head.weight" in names:
            names.remove("lm_head.weight")
    outlined = {name: torch.empty(ranks[0][name].shape, dtype=torch.bfloat16, device="meta") for name in names}
    was = {id(tensor): name for name, tensor in outlined.items()}
    renamed = {name: was.get(id(tensor)) for name, tensor in written(torch, config, outlined).items()}

    def whole(name: str) -> Any:
        return joined(torch, name, [rank[name] for rank in ranks])

    # Where only names change, no more than one file is in memory at a time.
    if all(renamed.values()):
        sizes = {name: ranks[0][old].numel() * 2 for name, old in sorted(renamed.items())}
        return write_files(sizes, lambda name: whole(renamed[name]), config, output)
    tensors = written(torch, config, {name: whole(name) for name in names})
    sizes = {name: tensors[name].numel() * tensors[name].element_size() for name in sorted(tensors)}
    return write_files(sizes, tensors.__getitem__, config, output)


def write_files(sizes: dict[str, int], tensor: Callable[[str], Any], config: str, output: str) -> int:
    groups = files_of(sizes)
    with whole_model(output, config) as aside:
        where = {}
        for number, group in enumerate(groups, 1):
            many = f"model-{number:05d}-of-{len(groups):05d}.safetensors"
            file = "model.safetensors" if len(groups) == 1 else many
            print(f"writing {file}", flush=True)
            write_tensors(os.path.join(aside, file), {name: tensor(name) for name in group})
            where.update(dict.fromkeys(group, file))
        if len(groups) > 1:
            with open(os.path.join(aside, "model.safetensors.index.json"), "w", encoding="utf-8") as index:
                json.dump({"metadata": {"total_size": sum(sizes.values())}, "weight_map": where}, index, indent=1)
    return len(sizes)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="merge_checkpoint", description="Merges the shards of a checkpoint.")
    parser.add_argument("--local_dir", required=True, help="folder of the actor, of its step, or of all steps")
    parser.add_argument("--target_dir", help="folder to write; must not exist")
    parser.add_argument("--config_dir", help="folder of the model's config.json and tokenizer")
    asked = parser.parse_args(arguments)
    return finished("merge_checkpoint", lambda: merge(asked.local_dir, asked.target_dir, asked.config_dir))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
