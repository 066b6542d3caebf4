"""Merging adapters: values by hand, refusals in sentences, nothing half-written."""

import contextlib
import io
import json
import os
import struct
import unittest

import house
from grpo_lens import merge_lora


def bf16(value):
    return struct.unpack("<I", struct.pack("<f", value))[0] >> 16


def write(path, tensors):
    """`tensors`: name → (type, shape, values)."""
    header, data = {}, b""
    for name, (kind, shape, values) in tensors.items():
        packed = (
            struct.pack(f"<{len(values)}H", *map(bf16, values))
            if kind == "BF16"
            else b"".join(struct.pack({"F32": "<f", "F16": "<e"}[kind], value) for value in values)
        )
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def read(path, name):
    tensors = merge_lora.Tensors(path)
    return [float(value) for value in merge_lora.floats(tensors.bytes(name), tensors.header[name]["dtype"])]


BASE = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
A = [1.0, 0.0, -1.0, 0.5, 0.5, 0.5]
B = [1.0, 2.0, 0.0, 4.0]
# B @ A of a 2×2 and a 2×3 matrix, by hand
PRODUCT = [2.0, 1.0, 0.0, 2.0, 2.0, 2.0]


class Merging(unittest.TestCase):
    def setUp(self):
        self.folder = house.folder({})
        self.base, self.lora, self.output = (os.path.join(self.folder, n) for n in ("base", "lora", "out"))
        os.makedirs(self.base)
        os.makedirs(self.lora)

    def model(self, kind="F32", names=("model.layers.0.q.weight",), shape=(2, 3)):
        tensors = {name: (kind, list(shape), BASE) for name in names}
        write(os.path.join(self.base, "model.safetensors"), {**tensors, "norm.weight": (kind, [2], [1.0, 1.0])})
        with open(os.path.join(self.base, "config.json"), "w") as file:
            file.write("{}")

    def adapter(self, module="model.layers.0.q", config=None, extra=None):
        prefix = f"base_model.model.{module}"
        pair = {f"{prefix}.lora_A.weight": ("F32", [2, 3], A), f"{prefix}.lora_B.weight": ("F32", [2, 2], B)}
        write(os.path.join(self.lora, "adapter_model.safetensors"), {**pair, **(extra or {})})
        with open(os.path.join(self.lora, "adapter_config.json"), "w") as file:
            json.dump({"r": 2, "lora_alpha": 4, **(config or {})}, file)

    def run_it(self):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = merge_lora.main(
                ["--base_model", self.base, "--lora_model", self.lora, "--output_path", self.output]
            )
        return status, err.getvalue()

    def values(self, name="model.layers.0.q.weight"):
        return read(os.path.join(self.output, "model.safetensors"), name)

    def test_sum_in_each_type(self):
        for kind in ("F32", "F16", "BF16"):
            with self.subTest(kind):
                self.setUp()
                self.model(kind)
                self.adapter()
                self.assertEqual(self.run_it(), (0, ""))
                self.assertEqual(self.values(), [b + 2 * d for b, d in zip(BASE, PRODUCT)])
                self.assertEqual(self.values("norm.weight"), [1.0, 1.0])
                self.assertEqual(sorted(os.listdir(self.output)), ["config.json", "model.safetensors"])

    def test_scales(self):
        for config, scale in (
            ({"lora_alpha": 1}, 0.5),
            ({"use_rslora": True}, 4 / 2**0.5),
            ({"alpha_pattern": {"q": 8}}, 4),
            ({"alpha_pattern": {"k": 8}}, 2),
        ):
            with self.subTest(config):
                self.setUp()
                self.model()
                self.adapter(config=config)
                self.run_it()
                for got, base, delta in zip(self.values(), BASE, PRODUCT):
                    self.assertAlmostEqual(got, base + scale * delta, places=5)

    def test_newer_names_of_modules(self):
        self.model(names=("model.layers.0.q.weight",))
        self.adapter("model.language_model.layers.0.q")
        self.assertEqual(self.run_it()[0], 0)
        self.assertEqual(self.values()[0], 5.0)

    def test_shards_and_whole_modules(self):
        self.model()
        os.rename(os.path.join(self.base, "model.safetensors"), os.path.join(self.base, "model-1.safetensors"))
        write(os.path.join(self.base, "model-2.safetensors"), {"lm_head.weight": ("F32", [2], [0.0, 0.0])})
        with open(os.path.join(self.base, "model.safetensors.index.json"), "w") as file:
            names = {"model.layers.0.q.weight": "model-1.safetensors", "lm_head.weight": "model-2.safetensors"}
            json.dump({"weight_map": names}, file)
        head = {"base_model.model.lm_head.weight": ("F32", [2], [7.0, 8.0])}
        self.adapter(extra=head)
        self.assertEqual(self.run_it()[0], 0)
        self.assertEqual(read(os.path.join(self.output, "model-2.safetensors"), "lm_head.weight"), [7.0, 8.0])
        self.assertEqual(read(os.path.join(self.output, "model-1.safetensors"), "model.layers.0.q.weight")[0], 5.0)

    def refused(self, sentence):
        status, said = self.run_it()
        self.assertEqual(status, 2)
        self.assertIn(sentence, said)
        self.assertFalse([name for name in os.listdir(self.folder) if name.startswith("out") and name != "out"])

    def test_refusals(self):
        self.model()
        self.adapter("model.layers.9.q")
        self.refused("model.layers.9.q, which the base model does not have: is it the right base?")
        self.setUp()
        self.model(shape=(3, 2))
        self.adapter()
        self.refused("the adapter has A 2×3, B 2×2, the base 3×2; they do not fit.")
        self.setUp()
        self.model()
        self.adapter(config={"use_dora": True})
        self.refused("DoRA")
        self.setUp()
        self.model(shape=(2, 3, 1, 1))
        name = "base_model.model.model.layers.0.q.lora"
        self.adapter(extra={f"{name}_A.weight": ("F32", [2, 3, 1, 1], A), f"{name}_B.weight": ("F32", [2, 2, 1, 1], B)})
        self.refused("model.layers.0.q is no linear layer; merge it with PEFT.")
        self.setUp()
        self.adapter()
        self.refused("holds no model.safetensors")
        self.base = "nobody/model"
        self.refused("nobody/model is neither a folder nor in the cache")

    def test_a_base_that_was_made_smaller(self):
        self.model()
        path = os.path.join(self.base, "model.safetensors")
        with open(path, "rb") as file:
            data = file.read()
        with open(path, "wb") as file:
            file.write(data.replace(b'"dtype": "F32"', b'"dtype": "U32"'))
        self.adapter()
        self.refused("model.layers.0.q.weight is stored as U32; merge the adapter into the model as it was published.")

    def test_a_hub_id_without_a_snapshot(self):
        self.adapter()
        cache = os.path.join(self.folder, "cache")
        os.makedirs(os.path.join(cache, "models--nobody--model", "snapshots"))
        with self.assertRaisesRegex(merge_lora.Refused, "nobody/model is neither a folder nor in the cache"):
            merge_lora.model_folder("nobody/model", cache)

    def test_a_cut_download_and_an_output_that_is_there(self):
        self.model()
        self.adapter()
        path = os.path.join(self.base, "model.safetensors")
        with open(path, "rb+") as file:
            file.truncate(os.path.getsize(path) - 4)
        self.refused("ends in the middle of a tensor")
        self.model()
        os.makedirs(self.output)
        self.refused("is there already")

    def test_a_failure_leaves_nothing(self):
        self.model()
        self.adapter()
        original = merge_lora.packed
        merge_lora.packed = lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
        try:
            self.refused("No space left on device; nothing was written.")
        finally:
            merge_lora.packed = original
        self.assertEqual(sorted(os.listdir(self.folder)), ["base", "lora"])


if __name__ == "__main__":
    unittest.main()
