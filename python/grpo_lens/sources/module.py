"""One module as its syntax tree."""

import ast
import os


class Source:
    """One module's syntax tree with its classes and what it imports."""

    def __init__(self, name, path):
        self.name = name
        self.path = path
        with open(path, encoding="utf-8", errors="replace") as file:
            self.tree = ast.parse(file.read(), path)
        self.package = name if os.path.basename(path) == "__init__.py" else name.rpartition(".")[0]
        self.classes = {node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)}
        self.imports = {}
        self.stars = []
        self.lazy = {}
        self.values = {}
        for node in ast.walk(self.tree):
            self._read(node)

    def _read(self, node):
        if isinstance(node, ast.ImportFrom):
            module = self._absolute(node)
            for alias in node.names:
                if alias.name == "*":
                    self.stars.append(module)
                else:
                    self.imports.setdefault(alias.asname or alias.name, (module, alias.name))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                self.imports.setdefault(alias.asname or alias.name.split(".")[0], (alias.name, None))
        elif isinstance(node, ast.Dict):
            self._lazily(node)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self.values.setdefault(node.targets[0].id, node.value)

    def _absolute(self, node):
        if not node.level:
            return node.module or ""
        parts = self.package.split(".")
        base = parts[: len(parts) - (node.level - 1)]
        return ".".join([*base, *([node.module] if node.module else [])])

    def _lazily(self, node):
        """Entries of tables like `_import_structure = {"training_args": ["TrainingArguments"]}`."""
        for key, value in zip(node.keys, node.values):
            if (
                isinstance(key, ast.Constant)
                and isinstance(key.value, str)
                and isinstance(value, (ast.List, ast.Tuple))
            ):
                for element in value.elts:
                    if isinstance(element, ast.Constant) and isinstance(element.value, str):
                        self.lazy.setdefault(element.value, f"{self.package}.{key.value}")
