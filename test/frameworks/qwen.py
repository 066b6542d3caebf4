"""Qwen's own ranks, as its service's client carries them, as a tokenizer.json of Qwen2's form, and what tiktoken and
transformers make of texts and chats by them: `qwen.py FILE`, which holds `{folder, ranks, split, texts, chats}`; prints JSON.
"""

import base64
import json
import os
import sys
import unicodedata

import tiktoken
import torch
from PIL import Image
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers import AddedToken
from transformers import PreTrainedTokenizerFast, Qwen2VLImageProcessor, Qwen2VLProcessor, Qwen2VLVideoProcessor

# After the ranks, in the order of Qwen2's tokenizer_config.json.
SPECIAL = [
    f"<|{name}|>"
    for name in (
        "endoftext im_start im_end object_ref_start object_ref_end box_start box_end quad_start quad_end"
        " vision_start vision_end vision_pad image_pad video_pad"
    ).split()
]
PLAIN = ["<tool_call>", "</tool_call>", *(f"<|{name}|>" for name in "fim_prefix fim_middle fim_suffix fim_pad repo_name file_sep".split())]


def ranks_of(path):
    with open(path, "rb") as file:
        return {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, file)}


def halves(ranks, token, rank):
    """The two tokens of which this one was merged: what the merges before it make of its bytes."""
    parts = [bytes([byte]) for byte in token]
    while len(parts) > 2:
        pairs = [(ranks.get(a + b, rank), at) for at, (a, b) in enumerate(zip(parts, parts[1:]))]
        lowest, at = min(pairs)
        if lowest >= rank:
            raise SystemExit(f"rank {rank} is no merge")
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts


def as_text(letters, token):
    return "".join(letters[byte] for byte in token)


def tokenizer_of(ranks, split):
    shown = [byte for byte in range(256) if 32 < byte < 127 or 160 < byte < 173 or byte > 173]
    others = [byte for byte in range(256) if byte not in shown]
    letters = {byte: chr(byte) for byte in shown} | {byte: chr(256 + at) for at, byte in enumerate(others)}
    vocab = {as_text(letters, token): rank for token, rank in ranks.items()}
    merges = [halves(ranks, token, rank) for token, rank in ranks.items() if len(token) > 1]
    made = Tokenizer(models.BPE(vocab, [tuple(as_text(letters, half) for half in pair) for pair in merges]))
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(split), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    made.decoder = decoders.ByteLevel()
    made.post_processor = processors.ByteLevel(trim_offsets=False)
    made.add_special_tokens([AddedToken(word, normalized=False, special=True) for word in SPECIAL])
    made.add_tokens([AddedToken(word, normalized=False, special=False) for word in PLAIN])
    return made


def templates():
    """TRL carries those that the models are released with (trl/chat_templates @ 1.9.0), beside torch in the shared packages."""
    folder = os.path.join(os.path.dirname(os.path.dirname(torch.__file__)), "trl", "chat_templates")
    for name in ("qwen2_5", "qwen2_5_vl", "qwen3", "qwen3_vl"):
        with open(os.path.join(folder, f"{name}.jinja"), encoding="utf-8") as file:
            yield name, file.read()


def processor_of(tokenizer, patch, template):
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        extra_special_tokens={"image_token": "<|image_pad|>", "video_token": "<|video_pad|>"},
    )
    images = Qwen2VLImageProcessor(patch_size=patch, max_pixels=512 * 28 * 28)
    return Qwen2VLProcessor(images, fast, Qwen2VLVideoProcessor(patch_size=patch), chat_template=template)


def counted(processor, chat):
    """Tokens of a chat with its pictures, whose sizes are told, as the real processor counts them."""
    messages = chat["messages"]
    if chat["sizes"]:
        messages = [{**message, "content": parts(message["content"])} for message in messages]
    text = processor.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    pictures = [Image.new("RGB", tuple(size)) for size in chat["sizes"]]
    return len(processor(text=[text], images=pictures or None)["input_ids"][0])


def parts(content):
    pieces = content.replace("<image>", "\0<image>\0").split("\0")
    return [{"type": "image"} if piece == "<image>" else {"type": "text", "text": piece} for piece in pieces if piece]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        asked = json.load(file)
    ranks = ranks_of(asked["ranks"])
    numbers = {word: len(ranks) + at for at, word in enumerate([*SPECIAL, *PLAIN])}
    reference = tiktoken.Encoding("qwen", pat_str=asked["split"], mergeable_ranks=ranks, special_tokens=numbers)
    tokenizer = tokenizer_of(ranks, asked["split"])
    chats = {}
    for name, template in templates():
        processor = processor_of(tokenizer, 16 if name == "qwen3_vl" else 14, template)
        processor.save_pretrained(os.path.join(asked["folder"], name))
        chats[name] = [counted(processor, chat) for chat in asked["chats"] if name.endswith("vl") or not chat["sizes"]]
    texts = [unicodedata.normalize("NFC", text) for text in asked["texts"]]
    ids = [reference.encode(text, allowed_special="all") for text in texts]
    theirs = [tokenizer.encode(text, add_special_tokens=False).ids for text in asked["texts"]]
    print(json.dumps({"ranks": len(ranks), "ids": ids, "same": ids == theirs, "chats": chats, "numbers": numbers}))


main()
