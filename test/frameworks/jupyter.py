"""Runs a notebook from top to bottom in a real kernel of IPython, and prints it as JSON; its form is checked on the way.
A second path is where it is exported to as HTML."""

import json
import os
import sys
import tempfile

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter


def name_kernel(folder: str) -> None:
    """Names one kernel: this very interpreter, whatever else is installed."""
    spec = os.path.join(folder, "kernels", "here")
    os.makedirs(spec)
    with open(os.path.join(spec, "kernel.json"), "w", encoding="utf-8") as file:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        json.dump({"argv": argv, "display_name": "here", "language": "python"}, file)


def main(path: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": os.path.dirname(path)}}
    with tempfile.TemporaryDirectory(prefix="grpo-lens-kernels-") as folder:
        name_kernel(folder)
        os.environ["JUPYTER_PATH"] = folder
        NotebookClient(notebook, timeout=120, kernel_name="here", resources=resources).execute()
    nbformat.validate(notebook)
    if len(sys.argv) > 2:
        page, _ = HTMLExporter().from_notebook_node(notebook)
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            file.write(page)
    print(nbformat.writes(notebook))


main(os.path.abspath(sys.argv[1]))
