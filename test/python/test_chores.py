"""The chores that travel to a host as one script: copying, pipelines, recipes, environments, looking around."""

import base64
import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import unittest
import unittest.mock

import house  # noqa: F401

os.environ["GRPO_LENS_WAIT"] = "0"

from grpo_lens import copy_model, environment, merge_checkpoint, offline, pipeline, prepare_dataset, preview_dataset  # noqa: E402
from grpo_lens.frameworks import verl_gad  # noqa: E402

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def said(work, *arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = work([str(one) for one in arguments])
    return status, out.getvalue() + err.getvalue()


class Scratch(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="grpo-chores-")
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def at(self, *names):
        return os.path.join(self.root, *names)

    def put(self, name, data):
        os.makedirs(os.path.dirname(self.at(name)), exist_ok=True)
        data = data if isinstance(data, (bytes, str)) else json.dumps(data)
        with open(self.at(name), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return self.at(name)

    def get(self, *names):
        with open(self.at(*names), "rb") as file:
            return file.read()

    def tree(self, folder):
        return sorted(
            os.path.relpath(os.path.join(place, name), self.at(folder))
            for place, _, names in os.walk(self.at(folder))
            for name in names
        )


class Copying(Scratch):
    def setUp(self):
        super().setUp()
        self.put("model/config.json", b"{}")
        self.big = os.urandom(3_000_000)
        self.put("model/weights/model.safetensors", self.big)

    def copy(self):
        return said(copy_model.main, self.at("model"), "--to", self.at("far"))

    def test_whole_and_a_second_time_nothing(self):
        status, text = self.copy()
        self.assertEqual((status, self.tree("far")), (0, ["config.json", "weights/model.safetensors"]), text)
        self.assertEqual(self.get("far/weights/model.safetensors"), self.big)
        self.assertIn("3.0 MB were sent now", text)
        self.assertIn("0.0 MB were sent now", self.copy()[1])

    def test_goes_on_where_it_was_cut(self):
        self.put("far/weights/model.safetensors.part", self.big[:2_000_000])
        status, text = self.copy()
        self.assertEqual((status, self.get("far/weights/model.safetensors")), (0, self.big), text)
        self.assertIn("1.0 MB were sent now", text)
        self.assertEqual(len(self.tree("far")), 2)

    def test_what_differs_is_sent_anew(self):
        self.put("far/weights/model.safetensors", bytes(3_000_000))
        self.put("far/config.json.part", b"xx")
        status, text = self.copy()
        self.assertEqual((status, self.get("far/weights/model.safetensors")), (0, self.big), text)
        self.assertEqual(self.get("far/config.json"), b"{}")
        self.put("far/weights/model.safetensors", b"")
        self.put("far/weights/model.safetensors.part", b"?" * 1_000_000)
        os.remove(self.at("far/weights/model.safetensors"))
        status, text = self.copy()
        self.assertEqual((status, self.get("far/weights/model.safetensors")), (0, self.big), text)
        self.assertIn("differed; it is sent anew", text)

    def test_a_connection_that_dies_is_made_again(self):
        once = self.at("died")
        script = f'[ -e {once} ] && exec {sys.executable} -c "$0"; touch {once}; head -c 10 >/dev/null; exit 255'
        command = ["sh", "-c", script, copy_model.RECEIVER]
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            told = copy_model.copied(self.at("model"), self.at("far"), command)
        self.assertIn("2 files are in", told)
        self.assertIn("ssh could not connect; trying again", out.getvalue())
        with contextlib.redirect_stdout(out), self.assertRaisesRegex(Exception, "did not come to its end in 5 tries"):
            copy_model.copied(self.at("model"), self.at("far"), ["false"])

    def test_a_connection_that_dies_within_a_word_is_made_again(self):
        once = self.at("died")
        script = (
            f"""[ -e {once} ] && exec {sys.executable} -c "$0"; touch {once}; printf 'grpo-lens-copy{{"ro'; exit 255"""
        )
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            told = copy_model.copied(self.at("model"), self.at("far"), ["sh", "-c", script, copy_model.RECEIVER])
        self.assertIn("2 files are in", told)

    def test_a_full_disk_leaves_no_final_name(self):
        os.makedirs(self.at("far/weights"))
        os.symlink("/dev/full", self.at("far/weights/model.safetensors.part"))
        status, text = self.copy()
        self.assertEqual(status, 2)
        self.assertIn("the disk is full at", text)
        self.assertNotIn("weights/model.safetensors", self.tree("far"))

    def test_refusals(self):
        for folder, why in (("none", "is no folder with files"), ("half", "finish the download first")):
            self.put("half/model.safetensors.part", b"x")
            status, text = said(copy_model.main, self.at(folder), "--to", self.at("far"))
            self.assertEqual(status, 2)
            self.assertIn(why, text)
        self.assertIn("is no name of an ssh host", said(copy_model.main, self.at("model"), "--to", "x", "--ssh=-oX")[1])


class Pipelines(Scratch):
    def run_it(self, *steps):
        return said(pipeline.main, "--state", self.at("state.json"), json.dumps(steps))

    def step(self, name, script, **more):
        return {"name": name, "command": ["sh", "-c", f"cd {self.root}; echo {name} >> log; {script}"], **more}

    def test_steps_that_are_done_are_left_out(self):
        first, broken = self.step("merge", "touch merged", makes=[self.at("merged")]), self.step("train", "exit 3")
        status, text = self.run_it(first, broken, self.step("last", ""))
        self.assertEqual(status, 3)
        self.assertIn("train ended with status 3", text)
        status, text = self.run_it(first, self.step("train", ":"), self.step("last", ""))
        self.assertEqual(status, 0)
        self.assertIn("merge: done before, left out", text)
        self.assertEqual(self.get("log").split(), [b"merge", b"train", b"train", b"last"])

    def test_what_is_gone_or_changed_is_done_again(self):
        steps = [self.step("merge", "touch merged", makes=[self.at("merged")]), self.step("train", ":")]
        self.run_it(*steps)
        os.remove(self.at("merged"))
        self.assertEqual(self.run_it(*steps)[0], 0)
        self.run_it(steps[0], self.step("train", "true"))
        self.assertEqual(self.get("log").split(), [b"merge", b"train", b"merge", b"train", b"train"])

    def test_refusals(self):
        status, text = self.run_it({"name": "a", "command": [self.at("none")]})
        self.assertEqual(status, 2)
        self.assertIn("cannot be started: No such file", text)
        self.assertIn("did not make", self.run_it(self.step("a", ":", makes=[self.at("b")]))[1])
        self.put("state.json", "{")
        self.assertIn("cannot be understood", self.run_it(self.step("a", ":"))[1])


class Recipes(Scratch):
    """The folders of the first seed: eyeballing and mazes, a list of entries and pictures each."""

    RECIPE = {
        "parts": [
            {
                "read": "dataset_eyeballing/data.json",
                "prompt": "{question}\nAnswer with one letter in <answer>.",
                "choices": {"question": {"by": "task_type", "of": {"midpoint": "Which point is the midpoint?"}}},
                "solution": "{correct_option}",
                "images": ["{image}"],
                "columns": {"task": "{task_type}"},
            },
            {
                "read": "dataset_maze/data.json",
                "prompt": "<image>\nList the cells.",
                "solution": "{solution_path_cell_ids}",
                "images": "{image}",
                "columns": {"task": "maze"},
            },
        ]
    }

    def setUp(self):
        super().setUp()
        eyes = [{"image": f"images/{n}.png", "task_type": "midpoint", "correct_option": "ABCD"[n]} for n in range(4)]
        eyes += [{"image": "images/none.png", "task_type": "midpoint", "correct_option": "A"}]
        eyes += [{"image": "images/0.png", "task_type": "strange", "correct_option": "A"}]
        eyes += [{"image": "../../secret.png", "task_type": "midpoint", "correct_option": "A"}]
        eyes += [{"image": "images/broken.png", "task_type": "midpoint", "correct_option": "A"}]
        self.put("data/dataset_eyeballing/data.json", eyes)
        self.put("data/dataset_eyeballing/images/broken.png", b"<html>")
        for n in range(4):
            self.put(f"data/dataset_eyeballing/images/{n}.png", PNG)
        self.put("data/dataset_maze/data.json", [{"image": "m.png", "solution_path_cell_ids": [1, 5, 9]}])
        self.put("data/dataset_maze/m.png", PNG)
        self.put("secret.png", PNG)

    def prepare(self, recipe=None, *more):
        whole = {**self.RECIPE, **(recipe or {})}
        output = ["--output", self.at("train.jsonl")] if "--output" not in more else []
        return said(prepare_dataset.main, "--recipe", json.dumps(whole), "--data_root", self.at("data"), *output, *more)

    def made(self, name="train.jsonl"):
        return [json.loads(line) for line in self.get(name).splitlines()]

    def test_folders_become_records(self):
        status, text = self.prepare()
        self.assertEqual(status, 0, text)
        first, last = self.made()[0], self.made()[-1]
        self.assertEqual(len(self.made()), 5)
        content = "<image>Which point is the midpoint?\nAnswer with one letter in <answer>."
        image = os.path.realpath(self.at("data/dataset_eyeballing/images/0.png"))
        self.assertEqual(
            first,
            {
                "messages": [{"role": "user", "content": content}],
                "images": [image],
                "solution": "A",
                "task": "midpoint",
            },
        )
        self.assertEqual((last["solution"], last["task"]), ("[1, 5, 9]", "maze"))
        for why in ("does not exist", "which “question” does not list", "leads out of the data root", "is no picture"):
            self.assertIn(why, text)
        self.assertIn("data.json, entry 5", text)

    def test_every_form(self):
        for write, key in (
            ("prompt-answer", "answer"),
            ("prompt-columns", "solution"),
            ("conversations", "conversations"),
        ):
            status, text = self.prepare({"write": write})
            self.assertEqual(status, 0, text)
            self.assertIn(key, self.made()[0])
        self.prepare({"write": "reward-model"})
        self.assertEqual(self.made()[4]["reward_model"], {"style": "rule", "ground_truth": "[1, 5, 9]"})

    def test_held_out_and_relative(self):
        status, text = self.prepare({"hold_out": {"output": "val.jsonl", "every": 2}, "paths": "relative"})
        self.assertEqual((status, len(self.made()), len(self.made("val.jsonl"))), (0, 2, 3), text)
        self.assertEqual(self.made()[0]["images"], ["dataset_eyeballing/images/1.png"])

    def test_preview(self):
        status, text = self.prepare(None, "--preview", 4)
        told = json.loads(text)
        self.assertEqual((status, len(told["records"])), (0, 3))
        self.assertEqual(told["fields"], ["correct_option", "file", "folder", "image", "task_type"])
        self.assertFalse(os.path.exists(self.at("train.jsonl")))

    def previewed(self, recipe=None, root="data", most=100):
        text = recipe if isinstance(recipe, str) else json.dumps({**self.RECIPE, **(recipe or {})})
        told = preview_dataset.answer({"recipe": text, "root": root and self.at(root), "count": 5, "most": most})
        return json.loads(json.dumps(told))

    def test_preview_with_pictures(self):
        told = self.previewed({"write": "reward-model"})
        self.assertEqual(len(told["records"]), 4)
        named = [record["images"][0]["image"] for record in told["records"]]
        self.assertEqual(sorted(told["pictures"]), sorted(named))
        self.assertEqual(base64.b64decode(told["pictures"][named[0]]["data"]), PNG)
        relative = self.previewed({"paths": "relative"})
        self.assertIn("dataset_maze/m.png", relative["pictures"])

    def test_preview_is_bounded(self):
        self.put("data/dataset_maze/m.png", PNG + os.urandom(400_000))
        self.put("data/dataset_maze/data.json", [{"image": "m.png", "solution_path_cell_ids": "9" * 1_000_000}])
        told = self.previewed()
        why = told["pictures"][told["records"][-1]["images"][0]]["why"]
        self.assertIn("its 0.4 MB are too many to be shown", why)
        self.assertIn("… (1,000,000 characters)", told["records"][-1]["solution"])
        self.assertLess(len(json.dumps(told)), 30_000)

    def test_preview_says_why_there_is_none(self):
        self.assertIn("is no folder", self.previewed(root="none")["problem"])
        self.assertIn("not named yet", self.previewed(root="")["problem"])
        self.assertIn("is no JSON", self.previewed("{")["problem"])
        self.assertIn("No file below", self.previewed({"parts": [{"read": "x/*.json", "prompt": "x"}]})["problem"])

    def test_refusals(self):
        part = {"read": "dataset_maze/data.json", "prompt": "x"}
        for recipe, why in (
            ({"parts": []}, "has no “parts”"),
            ({"parts": [{"read": "x"}]}, "lacks “prompt”"),
            ({"parts": [{**part, "promt": 1}]}, "knows no parts[1].promt"),
            ({"parts": [{**part, "read": "../*.json"}]}, "leads out of the data root"),
            ({"parts": [{**part, "read": "none/*.json"}]}, "No file below"),
            ({"parts": [{**part, "each": "items"}]}, "holds no list at “items”"),
            ({"parts": [{**part, "prompt": "{nothing}"}]}, "No entry became a record: it has no field “nothing”"),
            ({"write": "xml"}, "“write” is one of messages"),
            ({"hold_out": {"every": 2}}, "“hold_out” needs “output”, a file’s name, and “every”, a whole number"),
            ({"hold_out": {"output": "val.jsonl", "every": 0}}, "“hold_out” needs"),
            ({"parts": [{**part, "choices": {"x": {"by": "task"}}}]}, "Part 1 of the recipe: “choices” of x needs"),
        ):
            status, text = self.prepare(recipe)
            self.assertEqual(status, 2, recipe)
            self.assertIn(why, text)
        self.put("data/dataset_maze/data.json", b'[{"image": "m')
        self.assertIn("data.json is no JSON", self.prepare({"parts": [part]})[1])
        self.assertEqual([name for name in os.listdir(self.root) if "train" in name], [])
        self.assertIn("is no JSON", said(prepare_dataset.main, "--recipe", "{")[1])


class Names(unittest.TestCase):
    def test_a_vision_model_is_kept_under_its_older_names(self):
        """`_checkpoint_conversion_mapping` of Qwen2VLForConditionalGeneration, transformers 4.57.0."""

        class Kind:
            _checkpoint_conversion_mapping = {
                "^visual": "model.visual",
                r"^model(?!\.(language_model|visual))": "model.language_model",
            }

        for now, before in (
            ("model.visual.blocks.0.attn.qkv.weight", "visual.blocks.0.attn.qkv.weight"),
            ("model.language_model.norm.weight", "model.norm.weight"),
            ("lm_head.weight", "lm_head.weight"),
        ):
            self.assertEqual(merge_checkpoint.older_name(Kind, now), before)
            self.assertEqual(merge_checkpoint.older_name(object, now), now)


class Shards(unittest.TestCase):
    def test_one_that_cannot_be_read_is_named(self):
        class Torch:
            def load(self, path, **how):
                raise MemoryError

        with self.assertRaisesRegex(Exception, "^a.pt cannot be read: MemoryError.$"):
            merge_checkpoint.load(Torch(), "a.pt")


class Environments(Scratch):
    def test_versions_in_order(self):
        ordered = ["0.8.3rc1", "0.8.3", "0.8.3.post1", "0.10.0", "1.0", "4.54.0.dev0", "4.54.0", "4.54.1+cu12"]
        self.assertEqual(sorted(set(ordered), key=environment.order), ordered)
        self.assertEqual(environment.order("1.0"), environment.order("1.0.0"))

    def test_what_is_missing_or_old_is_named(self):
        self.put("site/made_up-2.1.dist-info/METADATA", b"Metadata-Version: 2.1\nName: made-up\nVersion: 2.1\n")
        site = os.path.join(self.root, "site")
        with (
            unittest.mock.patch.dict(os.environ, PYTHONPATH=site),
            unittest.mock.patch.object(sys, "path", [site, *sys.path]),
        ):
            status, text = said(environment.main, "check", "python>=3.9", "made-up>=1.0")
        self.assertEqual((status, text.count("ok  ")), (0, 2), text)
        status, text = said(environment.main, "check", "python>=99", "no-such-package>=0.8.3")
        self.assertEqual(status, 2)
        self.assertIn("python, no-such-package must be installed or newer", text)
        self.assertIn("wanted: at least 0.8.3", text)

    def test_an_exact_version(self):
        for wanted, version, fits in (
            ("torch==2.6.0", "2.6.0+cu124", True),
            ("torch==2.6", "2.6.0", True),
            ("torch==2.6.0", "2.7.0", False),
            ("torch==2.6.*", "2.6.3", True),
            ("torch==2.6.*", "2.6+cpu", True),
            ("torch==2.6.*", "2.60.0", False),
            ("torch>=2.6", "2.7.0", True),
            ("torch", "0.1", True),
        ):
            self.assertEqual(environment.fits(version, wanted), fits, (wanted, version))

    def test_a_python_that_does_not_start(self):
        with self.assertRaisesRegex(Exception, "does not work: no such module.$"):
            environment.table(self.script("echo first >&2; echo no such module >&2; exit 1"), ["torch"])

    def script(self, text):
        path = self.put("python", f"#!/bin/sh\n{text}\n")
        os.chmod(path, 0o700)
        return path

    def test_refusals(self):
        self.put("full/file", b"x")
        self.put("house/wheelhouse.json", {"files": {"a.whl": 3}})
        for arguments, why in (
            (("make", "pip"), "--path is missing"),
            (("make", "--path", self.at("full"), "pip"), "holds something that is no environment"),
            (("make", "--path", self.at("new"), "python>=99"), "is older than Python 99"),
            (("check", "vllm>0.8"), "is no requirement such as"),
        ):
            status, text = said(environment.main, *arguments)
            self.assertEqual(status, 2)
            self.assertIn(why, text)
        with self.assertRaisesRegex(Exception, "a.whl is missing or cut"):
            environment.look_at_wheelhouse(self.at("house"))


class Looking(Scratch):
    def test_offline(self):
        self.put("model/config.json", b"{}")
        self.put("model/model.safetensors.index.json", {"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}})
        self.put("model/1.safetensors", b"x")
        before = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(before)))
        for name in offline.VARIABLES:
            os.environ.pop(name, None)
        arguments = ("--no_network", "--model", self.at("model"), "json", "--data", self.at("none.jsonl"))
        status, text = said(offline.main, *arguments)
        self.assertEqual((status, text.count("MISS")), (1, 5), text)
        self.assertIn("missing: 2.safetensors", text)
        self.put("model/2.safetensors", b"x")
        os.environ.update(dict.fromkeys(offline.VARIABLES, "1"))
        status, text = said(offline.main, *arguments[:-2])
        self.assertEqual(status, 0, text)
        self.assertIn("MISS not_there.at_all is installed", said(offline.main, "--no_network", "not_there.at_all")[1])
        self.put("model/model.safetensors.index.json", b"{")
        self.assertIn("MISS", said(offline.main, *arguments[:3])[1])

    def test_a_patched_verl_is_known_by_its_signs(self):
        self.put("verl/version/version", b"0.7.0\n")
        self.put("verl/trainer/ppo/ray_trainer.py", b"x = 1\n")
        status, text = said(verl_gad.main, "--verl", self.root)
        self.assertEqual(status, 1)
        self.assertIn("verl 0.7.0", text)
        self.assertIn("it is stock", text)
        self.put("verl/utils/dataset/rl_dataset.py", b'row.pop("teacher_response")')
        self.assertIn("patched in part", said(verl_gad.main, "--verl", self.root)[1])
        self.put("verl/trainer/ppo/core_algos.py", b"def compute_discriminator_loss(a, b): pass")
        self.put("verl/workers/critic/dp_critic.py", b"def f(compute_teacher=False): pass")
        self.put("verl/trainer/ppo/ray_trainer.py", b"# the critic is the discriminator")
        status, text = said(verl_gad.main, "--verl", self.root)
        self.assertEqual((status, text.count("yes")), (0, 4))
        self.assertIn("not tried", text)


if __name__ == "__main__":
    unittest.main()
