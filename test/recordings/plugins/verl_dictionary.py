"""Made up, in the form of verl-project/verl's DAPO score: a dictionary with the score and what is logged beside it."""

import re


def compute_score(data_source, solution_str, ground_truth, extra_info, **kwargs):
    boxed = re.findall(r"\\boxed\{([^{}]*)\}", solution_str)
    pred = boxed[-1] if boxed else "[INVALID]"
    correct = pred == ground_truth
    return {"score": 1.0 if correct else -1.0, "acc": correct, "pred": pred}
