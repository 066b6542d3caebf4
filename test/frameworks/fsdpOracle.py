"""Shards a tiny model over two processes as FSDP does, then merges it by verl's own merger and by ours: JSON on a line."""

import json
import os
import subprocess
import sys

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from safetensors.torch import load_file
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Replicate, Shard, distribute_tensor
import tinyModel
import tinyVision
from transformers import LlamaForCausalLM, Qwen2VLForConditionalGeneration

WORLD = 2
KINDS = {
    "plain": (lambda: tinyModel.model(False), tinyModel.tokenizer, LlamaForCausalLM),
    "tied": (lambda: tinyModel.model(True), tinyModel.tokenizer, LlamaForCausalLM),
    # Kept under other names than it has in memory.
    "vision": (lambda: vision(), tinyVision.processor, Qwen2VLForConditionalGeneration),
}


def vision():
    torch.manual_seed(0)
    made = tinyVision.model()
    made.config.architectures = [type(made).__name__]
    return made


def shard(rank, root, port):
    """Writes this rank's file of each kind: DTensors split in the first dimension, unevenly where it must be; one tensor replicated."""
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    dist.init_process_group("gloo", rank=rank, world_size=WORLD)
    mesh = init_device_mesh("cpu", (WORLD,), mesh_dim_names=("fsdp",))
    for kind, (model, *_) in KINDS.items():
        state = {}
        for name, tensor in model().state_dict().items():
            placement = Replicate() if name.endswith("norm.weight") else Shard(0)
            state[name] = distribute_tensor(tensor, mesh, [placement])
        torch.save(state, f"{root}/{kind}/global_step_8/actor/model_world_size_{WORLD}_rank_{rank}.pt")
    dist.destroy_process_group()


def same(loaded, truth):
    """Weights, in what the merged folder loads as."""
    theirs = loaded.state_dict()
    return all(torch.equal(theirs[name], tensor.bfloat16()) for name, tensor in truth.state_dict().items())


def main(root, python_home, port):
    for kind, (model, speaking, _) in KINDS.items():
        folder = f"{root}/{kind}/global_step_8/actor"
        os.makedirs(folder + "/huggingface")
        model().config.save_pretrained(folder + "/huggingface")
        speaking().save_pretrained(folder + "/huggingface")
        with open(folder + "/fsdp_config.json", "w") as file:
            json.dump({"FSDP_version": 2, "world_size": WORLD}, file)
    mp.spawn(shard, (root, port), WORLD)
    for kind, (model, _, loading) in KINDS.items():
        folder = f"{root}/{kind}/global_step_8/actor"
        theirs, ours = f"{root}/{kind}/theirs", f"{root}/{kind}/ours"
        words = ["--backend", "fsdp", "--local_dir", folder, "--target_dir", theirs]
        merger = os.path.join(os.path.dirname(os.path.abspath(__file__)), "verlMerger.py")
        command = [sys.executable, merger, "merge", *words]
        done = subprocess.run(command, capture_output=True, text=True)
        env = {**os.environ, "PYTHONPATH": python_home}
        script = [sys.executable, f"{python_home}/grpo_lens/merge_checkpoint.py"]
        said = subprocess.run(
            [*script, "--local_dir", f"{root}/{kind}", "--target_dir", ours], env=env, capture_output=True, text=True
        )
        if done.returncode or said.returncode:
            raise SystemExit(done.stderr[-3000:] + said.stderr)
        a, b = load_file(theirs + "/model.safetensors"), load_file(ours + "/model.safetensors")
        print(
            json.dumps(
                {
                    "kind": kind,
                    "asTheirs": a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a),
                    "tensors": len(b),
                    "asTruth": same(loading.from_pretrained(ours, dtype=torch.bfloat16), model()),
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
