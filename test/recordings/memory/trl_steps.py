"""Peak GPU memory of two GRPO steps by TRL on Qwen2.5 architectures with random weights: `python3 trl_steps.py OUT.jsonl`.

One configuration a process, one line each; needs a GPU, torch, transformers, peft, datasets and TRL, and no network.
"""
import json
import os
import subprocess
import sys
import time

CONFIGS = [
    dict(size="0.5B"), dict(size="0.5B", batch=16, generations=16), dict(size="0.5B", length=512), dict(size="0.5B", dtype="bfloat16"),
    dict(size="0.5B", checkpointing=False), dict(size="0.5B", beta=0.04),
    dict(size="1.5B"), dict(size="1.5B", length=512), dict(size="1.5B", beta=0.04), dict(size="1.5B", lora=True), dict(size="1.5B", batch=16),
    dict(size="3B"), dict(size="3B", lora=True, batch=16, length=512), dict(size="3B", dtype="bfloat16"),
    dict(size="7B", dtype="bfloat16"), dict(size="7B", dtype="bfloat16", lora=True, length=512),
]
SIZES = {"0.5B": (896, 24, 14, 2, 4864, True), "1.5B": (1536, 28, 12, 2, 8960, True), "3B": (2048, 36, 16, 2, 11008, True), "7B": (3584, 28, 28, 4, 18944, False)}


def one(c):
    import torch
    from datasets import Dataset
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
    from trl import GRPOConfig, GRPOTrainer
    hidden, layers, heads, kv, inner, tied = SIZES[c["size"]]
    words = {w: i for i, w in enumerate(["<pad>", "<eos>", "<unk>"] + [f"w{i}" for i in range(500)])}
    tok = Tokenizer(models.WordLevel(words, unk_token="<unk>")); tok.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tok, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>", padding_side="left")
    torch.set_default_dtype(getattr(torch, c["dtype"])); 
    with torch.device("cuda"):
        model = Qwen2ForCausalLM(Qwen2Config(vocab_size=151936, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads, num_key_value_heads=kv, intermediate_size=inner, tie_word_embeddings=tied, pad_token_id=0, eos_token_id=1, bos_token_id=1))
    torch.set_default_dtype(torch.float32)
    model.config.name_or_path = "random"
    params = sum(p.numel() for p in model.parameters())
    path = f"/tmp/model-{c['size']}-{c['dtype']}"
    if not os.path.exists(path):
        model.save_pretrained(path); fast.save_pretrained(path)
    del model; torch.cuda.empty_cache()
    peft = None
    if c["lora"]:
        from peft import LoraConfig
        peft = LoraConfig(r=16, lora_alpha=32, target_modules="all-linear")
    args = GRPOConfig(output_dir="/tmp/out", per_device_train_batch_size=c["batch"], num_generations=c["generations"], max_completion_length=c["length"], max_steps=2, bf16=True, beta=c["beta"], gradient_checkpointing=c["checkpointing"], report_to=[], save_strategy="no", logging_steps=1, model_init_kwargs={"dtype": c["dtype"]}, gradient_accumulation_steps=1)
    data = Dataset.from_list([{"prompt": " ".join(f"w{(i * 7 + j) % 500}" for j in range(64))} for i in range(64)])
    trainer = GRPOTrainer(model=path, reward_funcs=lambda completions, **k: [float(i % 3) for i in range(len(completions))], args=args, train_dataset=data, processing_class=fast, peft_config=peft)
    torch.cuda.reset_peak_memory_stats()
    trainer.train()
    free, total = torch.cuda.mem_get_info()
    trainable = sum(p.numel() for p in trainer.model.parameters() if p.requires_grad)
    return dict(params=params, trainable=trainable, hidden=hidden, layers=layers, vocab=151936, prompt=64, peak_allocated=torch.cuda.max_memory_allocated(), peak_reserved=torch.cuda.max_memory_reserved(), used_on_gpu=total - free)


if len(sys.argv) > 2:
    c = json.loads(sys.argv[2]); t = time.time()
    try: r = one(c)
    except Exception as e: r = dict(error=f"{type(e).__name__}: {str(e)[:300]}")
    open(sys.argv[1], "a").write(json.dumps({**c, **r, "seconds": round(time.time() - t, 1)}) + "\n")
else:
    for c in CONFIGS:
        c = {**dict(batch=8, generations=8, length=256, dtype="float32", lora=False, checkpointing=True, beta=0.0), **c}
        subprocess.run([sys.executable, __file__, sys.argv[1], json.dumps(c)], stdout=subprocess.DEVNULL, stderr=open("/tmp/err.txt", "a"))
        print(open(sys.argv[1]).read().splitlines()[-1][:400], flush=True)
