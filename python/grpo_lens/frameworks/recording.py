"""Where each framework takes its rewards, so that they can be recorded without a word in the user's own files.

A hook is called with the module that was just imported, in whichever process imported it: the trainer's, a Ray actor's.
Standard library only, and nothing heavy: every Python that a recorded run starts imports this.
"""

from __future__ import annotations

import functools
import sys
from typing import Any, Callable


def watch() -> None:
    """From now on, the modules below are touched up as they are imported."""
    sys.meta_path.insert(0, _Watching())


class _Watching:
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        hook = HOOKS.get(name)
        if hook is None:
            return None
        others = [each for each in sys.meta_path if each is not self and hasattr(each, "find_spec")]
        found = (each.find_spec(name, path, target) for each in others)
        spec = next((each for each in found if each is not None), None)
        if spec is not None and spec.loader is not None:
            _guarded(_after, spec.loader, hook)
        return spec


def _after(loader: Any, hook: Callable) -> None:
    execute = loader.exec_module

    def exec_module(module: Any) -> None:
        execute(module)
        _guarded(hook, module)

    loader.exec_module = exec_module


def _guarded(work: Callable, *given: Any) -> None:
    try:
        work(*given)
    except Exception as error:
        print(f"grpo-lens: this cannot be recorded ({error}). The training goes on.", file=sys.stderr)


class Kept:
    """A recorded reward. Pools of this machine's processes record too; elsewhere it is the plain reward again."""

    _grpo_lens = True

    def __init__(self, reward: Any, name: str | None = None, columns: Callable | None = None) -> None:
        from multiprocessing.reduction import ForkingPickler

        from ..record import record

        self._reward, self._given = reward, (name, columns)
        self._call = record(reward, name=name, columns=columns)
        functools.update_wrapper(self, reward, updated=())
        ForkingPickler.register(Kept, lambda kept: (Kept, (kept._reward, *kept._given)))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._reward, name)

    def __reduce__(self) -> Any:
        """Another host may not have this module, and its training must not end by that."""
        return functools.partial, (self._reward,)


def _kept(reward: Any, name: str | None = None, columns: Callable | None = None) -> Any:
    """Asynchronous rewards stay functions, since trainers ask whether they are. `columns`: as `record` takes them."""
    from ..record import is_async, record

    if _records(reward):
        return reward
    return record(reward, name=name, columns=columns) if is_async(reward) else Kept(reward, name, columns)


def _records(it: Any) -> bool:
    """Whether a reward or a trainer is recorded already, by hand or by us."""
    return getattr(it, "_grpo_lens", False)


def _recorded_list(rewards: list, columns: Callable | None = None) -> list:
    """Reward models are left as they are: they are called with tensors."""
    models = [hasattr(each, "parameters") or isinstance(each, str) for each in rewards]
    return [each if model else _kept(each, columns=columns) for each, model in zip(rewards, models)]


def _trainer(module: Any) -> None:
    """Trainers on `transformers` hold their rewards in `reward_funcs` when they begin (TRL, ms-swift, one's own).

    `trl/trainer/grpo_trainer.py @ 1.9.0`, `swift/rlhf_trainers/grpo_trainer.py:2213 @ 4.5.2`.
    """
    train = module.Trainer.train

    @functools.wraps(train)
    def recorded(self: Any, *args: Any, **kwargs: Any) -> Any:
        _guarded(_record_trainer, self)
        return train(self, *args, **kwargs)

    module.Trainer.train = recorded


def _record_trainer(trainer: Any) -> None:
    rewards = getattr(trainer, "reward_funcs", None)
    if not isinstance(rewards, list) or _records(trainer):
        return
    trainer._grpo_lens = True
    if _tells_all(trainer) and not any(map(_records, rewards)):
        from .trl_recording import Recording

        Recording(trainer)
        return
    from ..record import tell_step
    from . import swift_recording

    tell_step(lambda: trainer.state.global_step + 1)
    rewards[:] = _recorded_list(rewards, swift_recording.columns if swift_recording.is_its_own(trainer) else None)


def _tells_all(trainer: Any) -> bool:
    """TRL's own trainer keeps prompts, advantages and groups too; one that overrides this step may not."""
    step = getattr(type(trainer), "_generate_and_score_completions", None)
    logs = getattr(trainer, "_logs", None)
    return getattr(step, "__module__", "").startswith("trl.") and isinstance(logs, dict) and "advantages" in logs


def _resolved(module: Any) -> None:
    """ms-swift's trainers on Megatron and on Ray (`swift/rlhf_trainers/utils.py:2177 @ 4.5.2`)."""
    from .swift_recording import columns

    resolve = module.resolve_reward_funcs

    @functools.wraps(resolve)
    def recorded(*args: Any, **kwargs: Any) -> Any:
        rewards, names = resolve(*args, **kwargs)
        return _recorded_list(rewards, columns), names

    module.resolve_reward_funcs = recorded


def _custom(module: Any) -> None:
    """The user's function, and the one that comes with it (`verl/trainer/ppo/reward.py @ 0.4.0 … 0.9.0`)."""
    get = module.get_custom_reward_fn

    @functools.wraps(get)
    def recorded(*args: Any, **kwargs: Any) -> Any:
        reward = get(*args, **kwargs)
        return reward if reward is None else _kept(reward, "score")

    module.get_custom_reward_fn = recorded
    if hasattr(module, "load_reward_manager"):
        module.load_reward_manager = _recorded_load(module.load_reward_manager)


def _recorded_load(load: Callable) -> Callable:
    @functools.wraps(load)
    def recorded(*args: Any, **kwargs: Any) -> Any:
        manager = load(*args, **kwargs)
        if callable(vars(manager).get("compute_score")):
            manager.compute_score = _kept(manager.compute_score, "score")
        return manager

    return recorded


def _managers(module: Any) -> None:
    """EasyR1's managers hold the user's function as `reward_fn` (`verl/workers/reward/function.py @ 0.3.1 … 0.3.2`)."""
    for manager in [
        each for each in vars(module).values() if isinstance(each, type) and "RewardManager" in each.__name__
    ]:
        if "__init__" in vars(manager):
            _recorded_init(manager)


def _recorded_init(manager: Any) -> None:
    make = manager.__init__

    @functools.wraps(make)
    def recorded(self: Any, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        if hasattr(self, "reward_fn"):
            self.reward_fn = _kept(self.reward_fn, "overall")

    manager.__init__ = recorded


HOOKS = {
    "transformers.trainer": _trainer,
    "swift.rlhf_trainers.utils": _resolved,
    "verl.trainer.ppo.reward": _custom,
    "verl.workers.reward.function": _managers,
}
