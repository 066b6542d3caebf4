"""Answers through vLLM, stood in for by the signatures of its 0.33.0 (vllm/entrypoints/llm.py, vllm/sampling_params.py,
vllm/outputs.py; the last two arguments of LLM are those of vllm/engine/arg_utils.py): what it does not know is refused."""

import sys
import types
import unittest
import unittest.mock
from types import SimpleNamespace

import house  # noqa: F401
from grpo_lens import precheck


class SamplingParams:
    def __init__(self, *, n=1, temperature=1.0, max_tokens=16, seed=None):
        self.n, self.words = n, max_tokens


class LLM:
    def __init__(
        self,
        model,
        *,
        tensor_parallel_size=1,
        gpu_memory_utilization=0.92,
        enforce_eager=False,
        limit_mm_per_prompt=None,
        max_model_len=None,
    ):
        self.model = model

    def chat(self, messages, sampling_params=None, use_tqdm=True):
        """`messages`: a list of chats, each a list of turns."""
        for chat in messages:
            assert all({"role", "content"} <= turn.keys() for turn in chat)
        words = [SimpleNamespace(text=f"{len(chat)} turns", token_ids=[1, 2]) for chat in messages]
        return [SimpleNamespace(outputs=[one] * sampling_params.n) for one in words]


class Vllm(unittest.TestCase):
    def test_every_argument_is_one_that_it_has(self) -> None:
        vllm = types.ModuleType("vllm")
        vllm.LLM, vllm.SamplingParams = LLM, SamplingParams
        asked = SimpleNamespace(
            model="m", max_model_len=512, tensor_parallel_size=1, gpu_memory_utilization=0.8, n=2, temperature=1.0
        )
        asked.max_new_tokens, asked.seed = 8, 0
        turns = [{"role": "system", "content": "Count."}, {"role": "user", "content": "How many?"}]
        question = SimpleNamespace(turns=turns, images=[])
        with unittest.mock.patch.dict(sys.modules, {"vllm": vllm}):
            made = precheck.by_vllm(asked, [question])
        self.assertEqual(made, [[("2 turns", 2), ("2 turns", 2)]])


class Transformers(unittest.TestCase):
    def test_what_fills_up_a_row(self) -> None:
        for pad, end, expected in ((0, 2, 0), (None, 2, 2), (None, None, -1)):
            tokenizer = SimpleNamespace(pad_token_id=pad, eos_token_id=end)
            self.assertEqual(precheck.filler(tokenizer), expected)
            self.assertEqual(precheck.filler(SimpleNamespace(tokenizer=tokenizer)), expected)


if __name__ == "__main__":
    unittest.main()
