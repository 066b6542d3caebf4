"""Trains a tiny model made on the spot with TRL's own trainer and our callback, without a network; the record goes to argv[1].

With `plain` as argv[2] the callback is left out: then nothing here knows of any recording.
"""

import os
import sys

from trlTiny import train, trainer  # First: it keeps what follows off the network.
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

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
    data = Dataset.from_list(rows)
    made = trainer(folder, model(), long_enough, data, tokenizer(), max_steps=3)
    if not plain:
        from grpo_lens.frameworks.trl_recording import Recording

        made.add_callback(Recording(made, os.path.join(folder, "record")))
    train(made)


main(os.path.abspath(sys.argv[1]), sys.argv[2:] == ["plain"])
