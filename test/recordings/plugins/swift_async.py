"""Made up, in the form of the asynchronous rewards of modelscope/ms-swift (examples/train/grpo/plugin, 4.x)."""

import asyncio

from swift.rewards import AsyncORM, orms


class Judge(AsyncORM):
    async def __call__(self, completions, solution, **kwargs):
        async def one(completion, truth):
            await asyncio.sleep(0)
            return 1.0 if truth in completion else 0.0

        return list(await asyncio.gather(*(one(*pair) for pair in zip(completions, solution))))


orms["judge"] = Judge
