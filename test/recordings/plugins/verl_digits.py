"""Made up, in the form of verl-project/verl's verl/utils/reward_score: one sample a call, a method to choose from."""

import re

_LAST = 300


def extract_solution(solution_str, method="strict"):
    text = solution_str[-_LAST:]
    if method == "strict":
        found = re.findall(r"#### (-?[0-9.,]+)", text)
        return found[-1].replace(",", "") if found else None
    found = [number for number in re.findall(r"-?[0-9.,]+", text) if number not in ("", ".")]
    return found[-1] if found else None


def compute_score(data_source, solution_str, ground_truth, extra_info=None, method="strict", format_score=0.0, score=1.0):
    answer = extract_solution(solution_str, method)
    if answer is None:
        return 0
    return score if answer == ground_truth else format_score
