"""Trains a byte-level BPE as Qwen's on texts, encodes them with it, and renders chats as transformers does."""

import json
import sys

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers.utils.chat_template_utils import _compile_jinja_template

asked = json.load(sys.stdin)
tokenizer = Tokenizer(models.BPE())
tokenizer.normalizer = normalizers.NFC()
tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
    [
        pre_tokenizers.Split(Regex(asked["split"]), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
trainer = trainers.BpeTrainer(
    vocab_size=3000,
    special_tokens=asked["special"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    show_progress=False,
)
tokenizer.train_from_iterator(asked["texts"], trainer)
tokenizer.save(asked["file"])
ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in asked["texts"]]
template = _compile_jinja_template(asked["template"])
chats = [template.render(messages=one, add_generation_prompt=True) for one in asked["chats"]]
print(json.dumps({"ids": ids, "chats": chats, "decoded": [tokenizer.decode(one, skip_special_tokens=False) for one in ids]}))
