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
from tinyModel import model, tokenizer
from transformers import LlamaForCausalLM

WORLD = 2


def shard(rank, folder, tied, port):
    """Writes this rank's file: DTensors split in the first dimension, unevenly where it must be; one tensor replicated."""
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    dist.init_process_group("gloo", rank=rank, world_size=WORLD)
    mesh = init_device_mesh("cpu", (WORLD,), mesh_dim_names=("fsdp",))
    state = {}
    for name, tensor in model(tied).state_dict().items():
        placement = Replicate() if name == "model.norm.weight" else Shard(0)
        state[name] = distribute_tensor(tensor, mesh, [placement])
    torch.save(state, f"{folder}/model_world_size_{WORLD}_rank_{rank}.pt")
    dist.destroy_process_group()


def main(root, python_home, port):
    for tied in (False, True):
        folder = f"{root}/{tied}/global_step_8/actor"
        os.makedirs(folder + "/huggingface")
        model(tied).config.save_pretrained(folder + "/huggingface")
        tokenizer().save_pretrained(folder + "/huggingface")
        with open(folder + "/fsdp_config.json", "w") as file:
            json.dump({"FSDP_version": 2, "world_size": WORLD}, file)
        mp.spawn(shard, (folder, tied, port + tied), WORLD)
        theirs, ours = f"{root}/{tied}/theirs", f"{root}/{tied}/ours"
        words = ["--backend", "fsdp", "--local_dir", folder, "--target_dir", theirs]
        merger = os.path.join(os.path.dirname(os.path.abspath(__file__)), "verlMerger.py")
        command = [sys.executable, merger, "merge", *words]
        done = subprocess.run(command, capture_output=True, text=True)
        env = {**os.environ, "PYTHONPATH": python_home}
        script = [sys.executable, f"{python_home}/grpo_lens/merge_checkpoint.py"]
        said = subprocess.run(
            [*script, "--local_dir", f"{root}/{tied}", "--target_dir", ours], env=env, capture_output=True, text=True
        )
        if done.returncode or said.returncode:
            raise SystemExit(done.stderr[-3000:] + said.stderr)
        a, b = load_file(theirs + "/model.safetensors"), load_file(ours + "/model.safetensors")
        truth = {name: tensor.bfloat16() for name, tensor in model(tied).state_dict().items()}
        print(
            json.dumps(
                {
                    "tied": tied,
                    "asTheirs": a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a),
                    "asTruth": all(torch.equal(b[name], truth[name]) for name in b),
                    "tensors": len(b),
                    "loads": LlamaForCausalLM.from_pretrained(ours).config.hidden_size,
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
