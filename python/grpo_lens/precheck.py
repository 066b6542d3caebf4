"""Lets a model answer records: `precheck.py --model DIR --data train.jsonl --output completions.jsonl`.

vLLM where the host has it, else transformers. Each line of the output is one completion beside its prompt, its truth
and the record's other columns, as the completions view and rewards read them. It appears whole or not at all.
"""

from __future__ import annotations

import argparse
import base64
import io
import itertools
import json
import os
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from grpo_lens.choring import MEDIA, Refused, finished, has, media_of, need, prompt_of, records, truth_of, written
from grpo_lens.evaluate import measure

HELD = {"messages", "prompt", "conversations", "completion", "step", "group", "reward_model"}


@dataclass
class Question:
    """One record as a model is asked it."""

    record: dict[str, Any]
    turns: list[dict[str, str]]
    truth: Any
    images: list[Any] = field(default_factory=list)


def questions(path: str, count: int, system: str | None, folder: str | None) -> list[Question]:
    found = []
    for place, record in itertools.islice(records(path), count or None):
        try:
            turns = prompt_of(record)
        except ValueError as error:
            raise Refused(f"{place} cannot be asked: {error}.") from None
        if system and turns[0]["role"] != "system":
            turns = [{"role": "system", "content": system}, *turns]
        if media_of(record, "videos"):
            raise Refused(f"{place} has a video, which this check does not show to the model.")
        base = folder or os.path.dirname(os.path.abspath(path))
        images = [image(medium, base, place) for medium in media_of(record)]
        tags = sum(turn["content"].count("<image>") for turn in turns)
        if tags and tags != len(images):
            raise Refused(f"{place} has {tags} <image> tags, but {len(images)} images.")
        found.append(Question(record, turns, truth_of(record), images))
    if not found:
        raise Refused(f"{path} holds no records.")
    return found


def image(medium: Any, folder: str, place: str) -> Any:
    """A picture, opened. Errors: Refused, with the place, where it cannot be."""
    pillow = need("pillow", "PIL.Image")
    if isinstance(medium, dict):
        medium = medium.get("bytes") or medium.get("path") or medium.get("image") or medium.get("url")
    if isinstance(medium, str) and medium.startswith("data:"):
        medium = base64.b64decode(medium.split(",", 1)[1])
    try:
        if isinstance(medium, bytes):
            return pillow.open(io.BytesIO(medium)).convert("RGB")
        if not isinstance(medium, str) or "://" in medium:
            raise Refused(f"{place}: the image {medium!r} is neither a file nor bytes; download it first.")
        return pillow.open(os.path.join(folder, medium)).convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused(f"{place}: the image cannot be opened: {error}.") from None


def with_parts(question: Question, picture: Any) -> list[dict[str, Any]]:
    """Turns whose `<image>` tags have become parts; images that no tag names come first. `picture`: image → its part."""
    left = list(question.images)
    if not left:
        return [dict(turn) for turn in question.turns]
    tagged = any("<image>" in turn["content"] for turn in question.turns)
    turns = []
    for turn in question.turns:
        parts: list[dict[str, Any]] = []
        if not tagged and turn["role"] == "user":
            parts += [picture(one) for one in left]
            left = []
        for at, text in enumerate(turn["content"].split("<image>")):
            if at and left:
                parts.append(picture(left.pop(0)))
            if text:
                parts.append({"type": "text", "text": text})
        turns.append({"role": turn["role"], "content": parts})
    return turns


def by_vllm(asked: argparse.Namespace, todo: list[Question]) -> list[list[tuple[str, int]]]:
    vllm = need("vllm")
    most = max(len(question.images) for question in todo)
    limits = {"limit_mm_per_prompt": {"image": most}} if most else {}
    given = {"max_model_len": asked.max_model_len} if asked.max_model_len else {}
    model = vllm.LLM(
        model=asked.model,
        tensor_parallel_size=asked.tensor_parallel_size,
        gpu_memory_utilization=asked.gpu_memory_utilization,
        enforce_eager=True,
        **limits,
        **given,
    )
    sampling = vllm.SamplingParams(
        n=asked.n, temperature=asked.temperature, max_tokens=asked.max_new_tokens, seed=asked.seed
    )
    chats = [with_parts(question, data_url) for question in todo]
    outputs = model.chat(chats, sampling_params=sampling)
    return [[(one.text, len(one.token_ids)) for one in output.outputs] for output in outputs]


def data_url(picture: Any) -> dict[str, Any]:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return {
        "type": "image_url",
        "image_url": {"url": "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()},
    }


def by_transformers(asked: argparse.Namespace, todo: list[Question]) -> list[list[tuple[str, int]]]:
    torch, transformers = need("torch"), need("transformers")
    transformers.set_seed(asked.seed)
    seeing = any(question.images for question in todo)
    kind = transformers.AutoModelForImageTextToText if seeing else transformers.AutoModelForCausalLM
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = kind.from_pretrained(asked.model, torch_dtype="auto").to(device).eval()
    processor = (transformers.AutoProcessor if seeing else transformers.AutoTokenizer).from_pretrained(asked.model)
    sampled = {"do_sample": True, "temperature": asked.temperature} if asked.temperature > 0 else {"do_sample": False}
    answers = []
    for number, question in enumerate(todo, 1):
        turns = with_parts(question, lambda picture: {"type": "image", "image": picture})
        inputs = processor.apply_chat_template(
            turns, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
        ).to(device)
        with torch.no_grad():
            made = model.generate(
                **inputs, max_new_tokens=asked.max_new_tokens, num_return_sequences=asked.n, **sampled
            )
        fresh = made[:, inputs["input_ids"].shape[1] :]
        texts = processor.batch_decode(fresh, skip_special_tokens=True)
        answers.append([(text, int((row != filler(processor)).sum())) for text, row in zip(texts, fresh)])
        print(f"{number}/{len(todo)} {texts[0][:80]!r}", flush=True)
    return answers


def filler(processor: Any) -> int:
    """The token behind the end of a shorter answer; -1, which is none, where the tokenizer has neither."""
    tokenizer = getattr(processor, "tokenizer", processor)
    return next((token for token in (tokenizer.pad_token_id, tokenizer.eos_token_id) if token is not None), -1)


ENGINES = {"vllm": by_vllm, "transformers": by_transformers}


def engine_of(name: str) -> str:
    if name != "auto":
        return name
    found = next((one for one in ENGINES if has(one)), None)
    if found is None:
        raise Refused(
            f"Neither vllm nor transformers is installed for {sys.executable}: “Prepare Environment…” makes one."
        )
    return found


def rows(todo: list[Question], answers: list[list[tuple[str, int]]]) -> list[dict[str, Any]]:
    """One row for each completion."""
    made = []
    for group, (question, texts) in enumerate(zip(todo, answers)):
        own = {key: value for key, value in question.record.items() if key not in HELD and is_plain(value)}
        names = {name for pair in MEDIA.values() for name in pair}
        media = [one for one in media_of(question.record) if isinstance(one, str)]
        own = {key: value for key, value in own.items() if key not in names}
        for text, tokens in texts:
            made.append(
                {
                    "step": 0,
                    "group": group,
                    "prompt": "\n".join(turn["content"] for turn in question.turns),
                    "completion": text,
                    "tokens": tokens,
                    **({} if question.truth is None else {"solution": question.truth}),
                    **({"images": media} if media else {}),
                    **{key: value for key, value in own.items() if key not in ("solution", "tokens")},
                }
            )
    return made


def is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool)) or json_of(value) is not None


def json_of(value: Any) -> str | None:
    try:
        return json.dumps(value)
    except (TypeError, ValueError):
        return None


def answered(asked: argparse.Namespace) -> str:
    engine = engine_of(asked.engine)
    todo = questions(asked.data, asked.count, asked.system, asked.image_dir)
    if "/" not in asked.model and not os.path.isdir(asked.model):
        raise Refused(f"{asked.model} is neither a folder nor a hub id.")
    if os.path.isdir(asked.model) and not os.path.isfile(os.path.join(asked.model, "config.json")):
        raise Refused(f"{asked.model} holds no config.json: merge the checkpoint first.")
    print(f"{len(todo)} records through {engine} ({asked.model})", flush=True)
    begun = time.monotonic()
    made = rows(todo, ENGINES[engine](asked, todo))
    with written(asked.output) as file:
        for row in made:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    if asked.metrics:
        found = measure(made)
        with written(asked.metrics) as file:
            json.dump(found, file, indent=1)
        print(summary(found), flush=True)
    return f"{len(made)} completions in {time.monotonic() - begun:.0f} s: {os.path.abspath(asked.output)}"


def summary(found: dict[str, Any]) -> str:
    """The means over the records that have a truth, in one line."""
    if not found["samples"]:
        return "No record has a truth to compare with."
    means = {name: f"{found['all'][name]:.3f}" for name in ("exact", "f1", "format")}
    return f"exact match {means['exact']}, F1 {means['f1']}, format {means['format']} of {found['samples']}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="precheck", description="Lets a model answer records.")
    parser.add_argument("--model", required=True, help="folder or hub id")
    parser.add_argument("--data", required=True, help="JSONL, JSON or parquet")
    parser.add_argument("--output", required=True, help="JSONL of completions to write")
    parser.add_argument("--count", type=int, default=5, help="records; 0: all")
    parser.add_argument("--engine", choices=("auto", *ENGINES), default="auto")
    parser.add_argument("--n", type=int, default=1, help="completions of each prompt")
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--max_new_tokens", type=int, default=512)
    parser.add_argument("--max_model_len", type=int)
    parser.add_argument("--tensor_parallel_size", type=int, default=1)
    parser.add_argument("--gpu_memory_utilization", type=float, default=0.8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--system", help="a system prompt")
    parser.add_argument("--image_dir", help="where relative images lie")
    parser.add_argument("--metrics", help="JSON file for exact match and F1")
    asked = parser.parse_args(arguments)
    return finished("precheck", lambda: answered(asked))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
