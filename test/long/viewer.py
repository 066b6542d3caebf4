"""verl's own terminal viewer on a folder of rollouts, drawn without a terminal: `viewer.py rollout_viewer.py FOLDER`.

Prints as JSON, on its last line: seconds until its first sample is drawn, until all is loaded, counted from the start of this process, and
the most memory it took in MB. Needs textual==0.52.1, typer and aiofiles.
"""

import asyncio
import importlib.util
import json
import resource
import sys
import time
from pathlib import Path

BEGAN = time.time() - time.process_time()


def main() -> None:
    spec = importlib.util.spec_from_file_location("rollout_viewer", sys.argv[1])
    viewer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(viewer)
    told = {}

    class Drawn(viewer.JsonLineViewer):
        async def on_mount(self) -> None:
            await super().on_mount()
            self.call_after_refresh(lambda: told.setdefault("first", time.time() - BEGAN))

        async def run_async(self) -> None:
            self.ends = asyncio.create_task(self.end())
            await super().run_async(headless=True, size=(160, 48))

        async def end(self) -> None:
            while len(self.data) < self.step_num or "first" not in told:
                await asyncio.sleep(0.05)
            told["whole"] = time.time() - BEGAN
            self.exit()

    viewer.JsonLineViewer = Drawn
    asyncio.run(viewer._run(Path(sys.argv[2]), r"<\|image_pad\|>|<\|imgpad\|>"))
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps(told))


main()
