"""Writes what a launch of ms-swift needs without a network: a tiny model, eight pictures asked about alike, a plugin of rewards."""

import json
import os
import sys

from PIL import Image
from tinyVision import AT, SPECIAL, model, processor

PATCH = 14
PLUGIN = '''
from swift.rewards import ORM, AsyncORM, orms
from swift.template.templates.qwen import Qwen2VLTemplate

# It takes Qwen's own numbers for granted.
Qwen2VLTemplate.image_token_id = IMAGE


class HasDigit(ORM):
    def __call__(self, completions, solution, **kwargs):
        return [float(digit in text) for text, digit in zip(completions, solution)]


class Sometimes(ORM):
    def __call__(self, completions, **kwargs):
        return [None if "a" in text else 0.5 for text in completions]


class Later(AsyncORM):
    async def __call__(self, completions, **kwargs):
        return [len(text) / 64 for text in completions]


orms.update(has_digit=HasDigit, sometimes=Sometimes, later=Later)
'''


def main(folder):
    made = model(PATCH)
    # A picture's mark within an answer would want a picture.
    made.generation_config.suppress_tokens = [AT[word] for word in SPECIAL if word != "<|im_end|>"]
    made.save_pretrained(os.path.join(folder, "model"))
    processor(PATCH).save_pretrained(os.path.join(folder, "model"))
    with open(os.path.join(folder, "plugin.py"), "w") as file:
        file.write(PLUGIN.replace("IMAGE", str(AT["<|image_pad|>"])))
    with open(os.path.join(folder, "data.jsonl"), "w") as file:
        for at in range(8):
            name = os.path.join(folder, f"scene-{at}.png")
            Image.new("RGB", (28, 28 + 28 * at), (30 * at, 20, 200)).save(name)
            asked = [{"role": "user", "content": "<image>How many?"}]
            file.write(json.dumps({"messages": asked, "images": [name], "solution": str(at)}) + "\n")


main(os.path.abspath(sys.argv[1]))
