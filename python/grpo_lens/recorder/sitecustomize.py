"""Records the rewards of a training whose own code knows nothing of it: Python imports this first, by PYTHONPATH.

What the environment has under the same name is imported as if this were not there. Modules that call rewards are
touched up when the training imports them (frameworks/recording.py); nothing that goes wrong here reaches the training.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def others_own():
    """The environment's own file of this name, which this one hides; its errors are Python's to tell."""
    ours = sys.modules.pop(__name__, None)
    try:
        __import__(__name__)
    except ImportError as error:
        if error.name != __name__:
            raise
    finally:
        if ours is not None:
            sys.modules.setdefault(__name__, ours)


def begin():
    from grpo_lens_recorder.frameworks.recording import watch

    watch()


sys.path[:] = [path for path in sys.path if os.path.abspath(path) != HERE]
try:
    others_own()
finally:
    # Last, so that nothing of the user's is hidden by it.
    sys.path.append(HERE)
    try:
        begin()
    except Exception as error:
        print(f"grpo-lens: nothing can be recorded here ({error}). The training goes on.", file=sys.stderr)
