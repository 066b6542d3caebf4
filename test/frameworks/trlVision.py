"""Trains a tiny vision model made on the spot with TRL's own trainer and our callback; the record goes to argv[1]."""

import io
import json
import os
import sys

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", CUDA_VISIBLE_DEVICES="", TOKENIZERS_PARALLELISM="false")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "python"))

from datasets import Dataset, Features, Image, Value
from PIL import Image as Pictures
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    PreTrainedTokenizerFast,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
    Qwen2VLImageProcessor,
    Qwen2VLProcessor,
    Qwen2VLVideoProcessor,
)
from trl import GRPOConfig, GRPOTrainer

from grpo_lens.frameworks.trl_recording import Recording

SPECIAL = ["<pad>", "<unk>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
WORDS = [*SPECIAL, "\n", "user", "assistant", *"abcdefghijklmnopqrstuvwxyz?HR0123456789 "]
AT = {word: at for at, word in enumerate(WORDS)}
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{% if m['content'] is string %}{{ m['content'] }}{% else %}"
    "{% for part in m['content'] %}{% if part['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% else %}{{ part['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def processor():
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
    images = Qwen2VLImageProcessor(patch_size=4, merge_size=2, temporal_patch_size=2, min_pixels=64, max_pixels=1024)
    videos = Qwen2VLVideoProcessor(patch_size=4, merge_size=2, temporal_patch_size=2)
    return Qwen2VLProcessor(images, tokenizer, videos, chat_template=TEMPLATE)


def model():
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
    vision = {"depth": 1, "embed_dim": 16, "hidden_size": 16, "num_heads": 2, "patch_size": 4, "mlp_ratio": 2}
    tokens = {
        "image_token_id": AT["<|image_pad|>"],
        "video_token_id": AT["<|video_pad|>"],
        "vision_start_token_id": AT["<|vision_start|>"],
        "vision_end_token_id": AT["<|vision_end|>"],
    }
    return Qwen2VLForConditionalGeneration(Qwen2VLConfig(text_config=text, vision_config=vision, **tokens))


def has_digit(completions, solution, **kwargs):
    return [float(s in c[0]["content"]) for c, s in zip(completions, solution)]


def row(folder, at):
    """Pictures of files and, in every other row, of bytes alone, as data sets of the hub hold them."""
    picture = Pictures.new("RGB", (16, 16 + 8 * at), (60 * at, 20, 200))
    path, held = os.path.join(folder, f"scene-{at}.png"), io.BytesIO()
    picture.save(path)
    picture.save(held, format="PNG")
    image = {"path": path, "bytes": None} if at % 2 else {"path": None, "bytes": held.getvalue()}
    return {"prompt": [{"role": "user", "content": "How many?"}], "images": [image], "solution": str(at)}


def main(folder):
    features = Features({"prompt": [{"role": Value("string"), "content": Value("string")}], "images": [Image()], "solution": Value("string")})
    data = Dataset.from_list([row(folder, at) for at in range(4)], features=features)
    config = GRPOConfig(
        output_dir=os.path.join(folder, "out"),
        per_device_train_batch_size=4,
        num_generations=4,
        max_completion_length=6,
        max_steps=4,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        bf16=False,
        generation_kwargs={"suppress_tokens": [AT[word] for word in SPECIAL if word != "<|im_end|>"]},
    )
    trainer = GRPOTrainer(model(), has_digit, args=config, train_dataset=data, processing_class=processor())
    trainer.add_callback(Recording(trainer, os.path.join(folder, "record")))
    trainer.train()
    history = [{"step": row["step"], "reward": row["reward"]} for row in trainer.state.log_history if "reward" in row]
    print(json.dumps(history))


main(os.path.abspath(sys.argv[1]))
