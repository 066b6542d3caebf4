"""Made up, in the form of the box rewards of om-ai-lab/VLM-R1: helpers beside, broken texts are worth nothing."""

import json
import re


def iou(box1, box2):
    left, top = max(box1[0], box2[0]), max(box1[1], box2[1])
    right, bottom = min(box1[2], box2[2]), min(box1[3], box2[3])
    inter = max(0.0, right - left) * max(0.0, bottom - top)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (box1, box2))
    return inter / (areas - inter) if areas > inter else 0.0


def iou_reward(completions, solution, **kwargs):
    rewards = []
    for completion, truth in zip(completions, solution):
        reward = 0.0
        try:
            box = json.loads(re.search(r"<answer>(\[.*?\])</answer>", completion).group(1))
            reward = iou(box, json.loads(truth))
        except Exception:
            pass
        rewards.append(reward)
    return rewards
