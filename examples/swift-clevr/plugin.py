"""Data set and reward for counting objects in CLEVR pictures with ms-swift."""

import re
from typing import Any, Dict, List, Optional

from swift.dataset import DatasetMeta, ResponsePreprocessor, SubsetDataset, register_dataset
from swift.rewards import ORM, orms

QUESTION_END = "Think inside <think> </think>, then give the number alone inside <answer> </answer>."


class ClevrPreprocessor(ResponsePreprocessor):
    """Asks for the answer in tags."""

    def preprocess(self, row: Dict[str, Any]) -> Optional[Dict[str, Any]]:
        row["query"] = f"{row.get('query', '')} {QUESTION_END}"
        return super().preprocess(row)


register_dataset(
    DatasetMeta(
        ms_dataset_id="okwinds/clevr_cogen_a_train",
        subsets=[SubsetDataset(name="default", subset="default", split=["train"])],
        preprocess_func=ClevrPreprocessor(),
        tags=["qa", "math"],
    )
)


def answer_of(text: str) -> str:
    """What stands in the last answer tags, else the whole text."""
    found = re.findall(r"<answer>(.*?)</answer>", text, re.DOTALL)
    return (found[-1] if found else text).strip()


def same_number(left: str, right: str) -> bool:
    """True where both read as the same number."""
    try:
        return float(left) == float(right)
    except ValueError:
        return False


class ClevrCount(ORM):
    """1 for the right number of objects, else 0."""

    def __call__(self, completions: List[str], solution: List[str], **kwargs: Any) -> List[float]:
        rewards = []
        for completion, truth in zip(completions, solution):
            given, wanted = answer_of(completion), answer_of(truth)
            rewards.append(1.0 if given == wanted or same_number(given, wanted) else 0.0)
        return rewards


orms["clevr_count"] = ClevrCount


class VerifiedCount(ORM):
    """1 where math_verify takes both answers for equal; else where their texts are the same; else 0."""

    def __call__(self, completions: List[str], solution: List[str], **kwargs: Any) -> List[float]:
        from math_verify import parse, verify

        rewards = []
        for completion, truth in zip(completions, solution):
            verified = float(verify(parse(truth), parse(completion))) > 0
            rewards.append(1.0 if verified or answer_of(completion) == answer_of(truth) else 0.0)
        return rewards


orms["external_r1v_acc"] = VerifiedCount
