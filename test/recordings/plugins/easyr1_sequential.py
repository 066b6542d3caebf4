"""Made up, in the form of hiyouga/EasyR1's sequential rewards: one input a call."""

REWARD_TYPE = "sequential"


def compute_score(reward_input, scale=2.0):
    right = reward_input["ground_truth"] in reward_input["response"]
    return {"overall": scale * right - reward_input["response_length"] / 1000, "accuracy": float(right)}
