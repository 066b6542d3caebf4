"""A language model of a few thousand weights, made on the spot: `tinyModel.py FOLDER`."""

import sys

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

WORDS = ["<pad>", "<eos>", *map(chr, range(32, 127)), "\n"]


def tokenizer():
    """One token a character."""
    inner = Tokenizer(models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="<pad>"))
    inner.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    inner.decoder = decoders.Fuse()
    fast = PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>", unk_token="<pad>")
    fast.chat_template = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant: "
    return fast


def model(tied=False, **more):
    torch.manual_seed(0)
    sizes = {"hidden_size": 64, "intermediate_size": 97, "num_hidden_layers": 2, "vocab_size": 131}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2}
    ends = {"pad_token_id": 0, "eos_token_id": 1, "bos_token_id": 1}
    names = {"architectures": ["LlamaForCausalLM"], "tie_word_embeddings": tied}
    return LlamaForCausalLM(LlamaConfig(**sizes, **heads, **ends, **names, **more))


if __name__ == "__main__":
    model().save_pretrained(sys.argv[1])
    tokenizer().save_pretrained(sys.argv[1])
