"""Trains a tiny vision model made on the spot with TRL's own trainer and our callback; the record goes to argv[1]."""

import io
import os
import sys

from trlTiny import train, trainer  # First: it keeps what follows off the network.
from datasets import Dataset, Features, Image, Value
from PIL import Image as Pictures
from tinyVision import AT, SPECIAL, model, processor

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
    quiet = {"suppress_tokens": [AT[word] for word in SPECIAL if word != "<|im_end|>"]}
    made = trainer(folder, model(), has_digit, data, processor(), max_steps=4, generation_kwargs=quiet)
    made.add_callback(Recording(made, os.path.join(folder, "record")))
    train(made)


main(os.path.abspath(sys.argv[1]))
