"""A vision model of a few thousand weights in Qwen2-VL's form with its processor, made on the spot: `tinyVision.py FOLDER PATCH [PICTURE…]`."""

import sys

from PIL import Image
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    PreTrainedTokenizerFast,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
    Qwen2VLImageProcessor,
    Qwen2VLProcessor,
    Qwen2VLVideoProcessor,
)

SPECIAL = ["<pad>", "<unk>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
WORDS = [*SPECIAL, "\n", "user", "assistant", *"abcdefghijklmnopqrstuvwxyz?HR0123456789 "]
AT = {word: at for at, word in enumerate(WORDS)}
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{% if m['content'] is string %}{{ m['content'] }}{% else %}"
    "{% for part in m['content'] %}{% if part['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% else %}{{ part['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def processor(patch=4):
    inner = Tokenizer(models.WordLevel(AT, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    inner.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token="<pad>",
        eos_token="<|im_end|>",
        unk_token="<unk>",
        padding_side="left",
        additional_special_tokens=SPECIAL[2:],
        chat_template=TEMPLATE,
    )
    images = Qwen2VLImageProcessor(patch_size=patch, merge_size=2, temporal_patch_size=2, min_pixels=4 * patch**2, max_pixels=64 * patch**2)
    videos = Qwen2VLVideoProcessor(patch_size=patch, merge_size=2, temporal_patch_size=2)
    return Qwen2VLProcessor(images, tokenizer, videos, chat_template=TEMPLATE)


def model(patch=4):
    text = {
        "vocab_size": len(WORDS),
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "rope_parameters": {"rope_type": "default", "rope_theta": 1e4, "mrope_section": [1, 1, 2]},
        "pad_token_id": AT["<pad>"],
        "eos_token_id": AT["<|im_end|>"],
        "bos_token_id": AT["<|im_start|>"],
    }
    vision = {"depth": 1, "embed_dim": 16, "hidden_size": 16, "num_heads": 2, "patch_size": patch, "mlp_ratio": 2}
    tokens = {
        "image_token_id": AT["<|image_pad|>"],
        "video_token_id": AT["<|video_pad|>"],
        "vision_start_token_id": AT["<|vision_start|>"],
        "vision_end_token_id": AT["<|vision_end|>"],
    }
    return Qwen2VLForConditionalGeneration(Qwen2VLConfig(text_config=text, vision_config=vision, **tokens))


if __name__ == "__main__":
    model(int(sys.argv[2])).save_pretrained(sys.argv[1])
    processor(int(sys.argv[2])).save_pretrained(sys.argv[1])
    for name in sys.argv[3:]:
        Image.new("RGB", (16, 24)).save(name)
