"""Merges adapters of a tiny model by PEFT itself and by our script: one line of JSON for each type and scale."""

import json
import os
import subprocess
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM

SIZES = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 128,
}


def made(folder, dtype, rslora):
    """A base model and an adapter with weights of their own, both on the disk."""
    torch.manual_seed(0)
    model = LlamaForCausalLM(LlamaConfig(**SIZES)).to(dtype)
    model.save_pretrained(folder + "/base")
    config = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", use_rslora=rslora)
    adapted = get_peft_model(model, config)
    for name, weight in adapted.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weight, std=0.1)
    adapted.save_pretrained(folder + "/lora")


def merged(folder, dtype, script):
    base = LlamaForCausalLM.from_pretrained(folder + "/base", dtype=dtype)
    PeftModel.from_pretrained(base, folder + "/lora").merge_and_unload().save_pretrained(folder + "/theirs")
    places = ["--base_model", folder + "/base", "--lora_model", folder + "/lora", "--output_path", folder + "/ours"]
    subprocess.run([sys.executable, script, *places], check=True, stdout=subprocess.DEVNULL)
    return (load_file(f"{folder}/{whose}/model.safetensors") for whose in ("theirs", "ours", "base"))


def main(root, script):
    for dtype in (torch.float32, torch.float16, torch.bfloat16):
        for rslora in (False, True):
            folder = os.path.join(root, f"{dtype}-{rslora}")
            made(folder, dtype, rslora)
            theirs, ours, base = merged(folder, dtype, script)
            same = ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)
            changed = sum(not torch.equal(ours[name], base[name]) for name in ours)
            print(json.dumps({"type": str(dtype), "rslora": rslora, "same": same, "changed": changed}))


main(sys.argv[1], sys.argv[2])
