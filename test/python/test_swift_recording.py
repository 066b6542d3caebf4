"""What ms-swift 4.6.0 passes to a reward (`swift/rl_core/data.py:to_reward_row`), and the lines that are made of it."""

import unittest

import house  # noqa: F401
from grpo_lens.frameworks.swift_recording import columns, is_its_own, record
from test_record import Recorded

ASKED = [{"role": "user", "content": "<image>How many?"}]
ANSWER = {"role": "assistant", "content": "3"}


class Wrapped(Recorded):
    def test_chats_end_with_the_answer_and_pictures_tell_prompts_apart(self) -> None:
        reward = record(lambda completions, **kwargs: [1], self.folder, name="one")
        for picture, text in (("a.png", "3"), ("a.png", "4"), ("b.png", "3")):
            chat = [{**ASKED[0], "loss": None}, {**ANSWER, "content": text}]
            images = [{"bytes": None, "path": picture}]
            reward([text], messages=[chat], prompt_id=["prompt_0"], images=[images])
        self.check(*({"prompt": ASKED, "completion": text} for text in "343"))
        self.assertEqual([row["images"] for row in self.rows()], [["a.png"], ["a.png"], ["b.png"]])
        groups = [row["group"] for row in self.rows()]
        self.assertEqual([groups.index(each) for each in groups], [0, 0, 2])


class Columns(unittest.TestCase):
    def groups(self, *rows: tuple) -> list:
        """Which of these rows, of (chat, images), are told as one group though they are numbered alike."""
        chats, images = zip(*rows)
        found = columns({"messages": list(chats), "images": list(images), "prompt_id": ["p"] * len(rows)})["group"]
        return [found.index(each) for each in found]

    def test_groups(self) -> None:
        chat, text = [*ASKED, ANSWER], [{"role": "user", "content": "How many?"}, ANSWER]
        self.assertEqual(self.groups((chat, [b"a"]), (chat, [b"b"]), (chat, b"a")), [0, 1, 0])
        self.assertEqual(self.groups((chat, [{"path": "a"}]), (chat, ["a"]), (chat, [{"bytes": b"b"}])), [0, 0, 2])
        self.assertEqual(self.groups((text, None), (text, None), (chat, None)), [0, 0, 2])
        # A tool's picture in a later turn may differ within a group.
        later = [*chat, {"role": "tool", "content": "<image>"}]
        self.assertEqual(self.groups((later, ["a", "x"]), (later, ["a", "y"]), (later, ["b", "y"])), [0, 0, 2])

    def test_what_it_does_not_pass_is_not_told(self) -> None:
        self.assertEqual(columns({"solution": ["3"]}), {})
        self.assertEqual(columns({"messages": [ASKED, "no chat"]}), {"prompt": [ASKED, "no chat"]})
        self.assertEqual(columns({"messages": [[*ASKED, ANSWER]], "prompt_id": ["a", "b"]}), {"prompt": [ASKED]})

    def test_its_trainers(self) -> None:
        made = type("GRPOTrainer", (), {"__module__": "swift.rlhf_trainers.grpo_trainer"})
        self.assertTrue(is_its_own(type("Own", (made,), {})()))
        self.assertFalse(is_its_own(type("GRPOTrainer", (), {"__module__": "swiftly.trainer"})()))


if __name__ == "__main__":
    unittest.main()
