"""Trains a tiny model made on the spot with TRL's own trainer and our callback, without a network; the record goes to argv[1].

With `plain` as argv[2] the callback is left out: then nothing here knows of any recording.
"""

import json
import os
import sys

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", CUDA_VISIBLE_DEVICES="", TOKENIZERS_PARALLELISM="false")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "python"))

from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import GRPOConfig, GRPOTrainer

WORDS = ["<pad>", "<eos>", "<unk>", *"abcdefgh0123456789"]


def tokenizer():
    inner = Tokenizer(models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    return PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>", padding_side="left"
    )


def model():
    shape = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    return LlamaForCausalLM(LlamaConfig(vocab_size=len(WORDS), eos_token_id=1, pad_token_id=0, **shape))


def long_enough(completions, solution, **kwargs):
    return [float(len(c) > int(s)) for c, s in zip(completions, solution)]


def main(folder, plain):
    rows = [{"prompt": "ab"[at % 2] * 3, "solution": str(at % 5), "place": {"row": at}} for at in range(8)]
    config = GRPOConfig(
        output_dir=os.path.join(folder, "out"),
        per_device_train_batch_size=4,
        num_generations=4,
        max_completion_length=6,
        max_steps=3,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        bf16=False,
    )
    data = Dataset.from_list(rows)
    trainer = GRPOTrainer(model(), long_enough, args=config, train_dataset=data, processing_class=tokenizer())
    if not plain:
        from grpo_lens.frameworks.trl_recording import Recording

        trainer.add_callback(Recording(trainer, os.path.join(folder, "record")))
    trainer.train()
    history = [{"step": row["step"], "reward": row["reward"]} for row in trainer.state.log_history if "reward" in row]
    print(json.dumps(history))


main(os.path.abspath(sys.argv[1]), sys.argv[2:] == ["plain"])
