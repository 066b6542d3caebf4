"""GRPO with a trainer of one's own: flags from dataclasses, the dual reward, metrics and completions that can be adopted.

The model behind it is small on purpose: five probabilities instead of Qwen-VL, so that everything around it can be tried
in seconds on any machine. `Student` is the one place where a real model goes.
"""

import dataclasses
import json
import math
import os
import random
import sys
import typing

from arguments import DataArguments, GRPOArguments, ModelArguments
from rewards import _accuracy, _format

try:
    from transformers import HfArgumentParser
except ImportError:

    class HfArgumentParser:
        """As much of the real one as these flags need, where transformers is not installed."""

        def __init__(self, classes):
            self.classes = classes

        def parse_args_into_dataclasses(self):
            words = sys.argv[1:]
            if len(words) % 2 or not all(word.startswith("--") for word in words[::2]):
                raise SystemExit("Flags are --name value, each with its value.")
            given = {name[2:]: value for name, value in zip(words[::2], words[1::2])}
            made = [one(**{f.name: cast(one, f, given.pop(f.name)) for f in dataclasses.fields(one) if f.name in given}) for one in self.classes]
            if given:
                raise SystemExit(f"There is no flag --{next(iter(given))}.")
            return tuple(made)


def cast(owner, field, text):
    kind = typing.get_type_hints(owner)[field.name]
    kind = next((one for one in typing.get_args(kind) if one is not type(None)), kind)
    return text.lower() in ("1", "true", "yes") if kind is bool else kind(text)


def load(name):
    """`assy07_grpo` → the records of data/assy07_grpo.jsonl."""
    path = name if os.path.exists(name) else os.path.join("data", name + ".jsonl")
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def frames(meta, data):
    """How many frames of the video the model is shown: as many as there are, within the record's own limits."""
    most, least = meta.get("max_frames", data.max_frames), meta.get("min_frames", data.min_frames)
    return max(least, min(most, sum(meta.get("frame_cnts", [most]))))


class Student:
    """Stands for the model: how likely it thinks first, answers in tags, names an action that is seen or one that is not."""

    START = {"think": 0.0, "answer": 0.4, "order": 0.5, "seen": 0.3, "unseen": 0.0}

    def __init__(self):
        self.logits = dict(self.START)

    def chance(self, name, logits=None):
        return 1 / (1 + math.exp(-(logits or self.logits)[name]))

    def sample(self, question, truth, draw):
        """A completion, and each choice that it took: (name, whether)."""
        choices = []

        def decide(name):
            choices.append((name, draw.random() < self.chance(name)))
            return choices[-1][1]

        think = "<think>I look at the frames.</think>" if decide("think") else ""
        named = [action for action in question if decide("seen" if action in truth else "unseen")]
        text = " ".join(f"({at}) {action}" for at, action in enumerate(named, 1))
        answer = f"<answer>{text}</answer>" if decide("answer") else text
        return (think + answer if decide("order") else answer + think), choices

    def update(self, samples, rate, beta):
        """One step uphill: advantage times the gradient of the choices, and back towards the start by the KL term."""
        gradient = dict.fromkeys(self.logits, 0.0)
        for choices, advantage in samples:
            for name, taken in choices:
                gradient[name] += advantage * (taken - self.chance(name)) / len(samples)
        for name, logit in self.logits.items():
            slope = self.chance(name) * (1 - self.chance(name)) * (logit - self.START[name])
            self.logits[name] += rate * (gradient[name] - beta * slope)
        return math.sqrt(sum(value * value for value in gradient.values()))

    def kl(self):
        total = 0.0
        for name in self.logits:
            p, q = self.chance(name), self.chance(name, self.START)
            total += p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))
        return total


def actions(text):
    parts = [part.split(")", 1)[-1].strip() for part in text.replace("</answer>", "").split("(")[1:]]
    return [part for part in parts if part]


def main():
    model, data, args = HfArgumentParser((ModelArguments, DataArguments, GRPOArguments)).parse_args_into_dataclasses()
    draw = random.Random(args.seed)
    records = [record for name in data.dataset_use.split(",") for record in load(name.strip())]
    student, history = Student(), []
    os.makedirs(args.output_dir, exist_ok=True)
    batch = args.per_device_train_batch_size
    steps = max(1, math.ceil(args.num_train_epochs * len(records) / batch))
    print(f"{len(records)} records, {steps} steps, stand-in for {model.model_name_or_path}", flush=True)
    with open(os.path.join(args.output_dir, "completions.jsonl"), "w", encoding="utf-8") as log:
        for step in range(1, steps + 1):
            chosen = [records[(step * batch + at) % len(records)] for at in range(batch)]
            metrics, rows = advance(student, chosen, args, data, draw)
            for row in rows:
                log.write(json.dumps({"form": 1, "step": step, **row}) + "\n")
            log.flush()
            history.append({"step": step, **metrics})
            print({**{name: round(value, 4) for name, value in metrics.items()}, "global_step/max_steps": f"{step}/{steps}"}, flush=True)
    state = {"global_step": steps, "max_steps": steps, "log_history": history}
    with open(os.path.join(args.output_dir, "trainer_state.json"), "w", encoding="utf-8") as file:
        json.dump(state, file)


def advance(student, chosen, args, data, draw):
    """One step over some records: sample a group for each, score it by both rewards, compare within the group."""
    samples, rows, shown = [], [], 0
    for record in chosen:
        human, gpt = (turn["value"] for turn in record["conversations"][:2])
        question, truth = actions(human.split("\n")[1]), set(actions(gpt))
        shown += frames(record.get("meta", {}), data)
        group = [student.sample(question, truth, draw) for _ in range(args.grpo_sample_size)]
        scored = [(_format(text), _accuracy(text, gpt)) for text, _ in group]
        totals = [args.format_reward_weight * form + args.accuracy_reward_weight * right for form, right in scored]
        mean = sum(totals) / len(totals)
        spread = math.sqrt(sum((total - mean) ** 2 for total in totals) / len(totals))
        for (text, choices), (form, right), total in zip(group, scored, totals):
            advantage = args.grpo_alpha * (total - mean) / (spread + 1e-4)
            samples.append((choices, advantage))
            rows.append(
                {
                    "group": str(record["id"]),
                    "prompt": human,
                    "completion": text,
                    "solution": gpt,
                    "scores": {"format_reward": form, "accuracy_reward": right, "total_reward": total},
                    "advantage": advantage,
                }
            )
    norm = student.update(samples, 20_000 * args.learning_rate, args.grpo_beta)
    mean = {name: sum(row["scores"][name] for row in rows) / len(rows) for name in rows[0]["scores"]}
    loss = -sum(advantage for _, advantage in samples) / len(samples) + args.grpo_beta * student.kl()
    return {"loss": loss, **mean, "kl": student.kl(), "grad_norm": norm, "frames": shown / len(chosen)}, rows


if __name__ == "__main__":
    main()
