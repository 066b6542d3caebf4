"""Shards a tiny vision model over two processes by EasyR1's own checkpoint manager, then merges it by its script and by ours.

`easyr1Merger.py CHECKOUT FOLDER PYTHON_HOME PORT`; prints one JSON.
"""

import json
import os
import subprocess
import sys

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from safetensors.torch import load_file

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../frameworks"))
from tinyVision import model, processor  # noqa: E402

WORLD = 2


def shard(rank, checkout, folder, port):
    """As its worker wraps and saves the actor (`verl/workers/fsdp_workers.py @ 0.3.2`), on the processor."""
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), RANK=str(rank), WORLD_SIZE=str(WORLD))
    sys.path.insert(0, checkout)
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import FullyShardedDataParallel, ShardingStrategy
    from verl.utils.checkpoint.fsdp_checkpoint_manager import FSDPCheckpointManager

    dist.init_process_group("gloo", rank=rank, world_size=WORLD)
    torch.manual_seed(7)
    whole = model()
    # As `from_pretrained` leaves it.
    whole.config.architectures = [type(whole).__name__]
    mesh = init_device_mesh("cpu", (WORLD,), mesh_dim_names=("fsdp",))
    wrapped = FullyShardedDataParallel(
        whole, device_mesh=mesh, sharding_strategy=ShardingStrategy.FULL_SHARD, device_id=torch.device("cpu")
    )
    optimizer = torch.optim.AdamW(wrapped.parameters())
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda _: 1.0)
    FSDPCheckpointManager(wrapped, optimizer, scheduler, processor()).save_checkpoint(folder, save_model_only=True)
    dist.barrier()
    dist.destroy_process_group()


def main(checkout, root, home, port):
    folder, ours = f"{root}/global_step_8/actor", f"{root}/ours"
    os.makedirs(folder)
    mp.spawn(shard, (checkout, folder, port), WORLD)
    script = [sys.executable, f"{home}/grpo_lens/merge_checkpoint.py", "--local_dir", root, "--target_dir", ours]
    told = [
        subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": home})
        for command in (script, [sys.executable, f"{checkout}/scripts/model_merger.py", "--local_dir", folder])
    ]
    if any(one.returncode for one in told):
        raise SystemExit("".join(one.stderr[-3000:] for one in told))
    theirs, mine = load_file(f"{folder}/huggingface/model.safetensors"), load_file(f"{ours}/model.safetensors")
    print(
        json.dumps(
            {
                "names": sorted(theirs) == sorted(mine),
                "equal": all(name in mine and torch.equal(theirs[name], mine[name]) for name in theirs),
                "tensors": len(mine),
                "loads": type(model()).from_pretrained(ours, dtype=torch.bfloat16).num_parameters(),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
