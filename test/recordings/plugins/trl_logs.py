"""Made up, in the form of the rewards that huggingface/trl passes its state and its logs (trl/trainer/grpo_trainer.py)."""


def length_reward(prompts, completions, completion_ids, trainer_state, log_extra=None, log_metric=None, **kwargs):
    lengths = [float(len(ids)) for ids in completion_ids]
    if log_extra:
        log_extra("length", lengths)
    if log_metric:
        log_metric("mean_length", sum(lengths) / len(lengths))
    return [-length / 100 if trainer_state.global_step > 0 else 0.0 for length in lengths]


async def async_reward(completions, **kwargs):
    return [float("answer" in completion) for completion in completions]
