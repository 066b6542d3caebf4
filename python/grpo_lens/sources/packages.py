"""Packages as an interpreter would import them."""

import importlib.machinery
import importlib.util
import os

from grpo_lens.sources.module import Source

DEEPEST = 12


class Installed:
    """Packages of this interpreter and of further folders, as source."""

    def __init__(self, paths):
        self.paths = [path for path in paths if os.path.isdir(path)]
        self.roots = {}
        self.sources = {}

    def folder(self, package):
        """The folder of a package; None where there is none."""
        if package not in self.roots:
            self.roots[package] = self._folder(package)
        return self.roots[package]

    def _folder(self, package):
        try:
            spec = importlib.machinery.PathFinder.find_spec(package, self.paths) if self.paths else None
            if spec is None or spec.origin is None:
                spec = importlib.util.find_spec(package)
        except (ImportError, ValueError, AttributeError):
            return None
        origin = spec.origin if spec is not None else None
        return os.path.dirname(origin) if origin and os.path.basename(origin) == "__init__.py" else None

    def module(self, name):
        """The source of a module; None where there is none or it cannot be read."""
        if name not in self.sources:
            self.sources[name] = self._module(name)
        return self.sources[name]

    def _module(self, name):
        package, *rest = name.split(".")
        folder = self.folder(package)
        if folder is None:
            return None
        for path in (os.path.join(folder, *rest) + ".py", os.path.join(folder, *rest, "__init__.py")):
            if (rest or path.endswith("__init__.py")) and os.path.isfile(path):
                try:
                    return Source(name, path)
                except (OSError, SyntaxError, ValueError, RecursionError):
                    return None
        return None

    def find(self, module, name, depth=0):
        """(source, class) by the name under which a module offers it; None where it cannot be found."""
        source = self.module(module) if depth < DEEPEST else None
        if source is None:
            return None
        if name in source.classes:
            return source, source.classes[name]
        if name in source.imports and source.imports[name][0] != module:
            where, original = source.imports[name]
            found = self.find(where, original or name, depth + 1)
            if found:
                return found
        if name in source.lazy:
            return self.find(source.lazy[name], name, depth + 1)
        for star in source.stars:
            found = self.find(star, name, depth + 1) if star != module else None
            if found:
                return found
        return None
