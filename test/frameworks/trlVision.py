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
from tinyVision import AT, SPECIAL, model, processor
from trl import GRPOConfig, GRPOTrainer

from grpo_lens.frameworks.trl_recording import Recording


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
