"""What the frameworks that this interpreter would import accept, read from their sources without importing them.

One file without imports of ours: it also runs on hosts, from standard input. `python - WISHES` prints, for each wish
`{"package", "distribution", "roots", "texts", "paths"}`, where the package lies, its version, the fields of the
dataclasses `roots` (`module:Class`, each a list of places that versions had) and the files `texts`.
"""

import sys

sys.path[:] = [path for path in sys.path if path]  # Standard modules, whatever lies in the current folder.

import ast  # noqa: E402
import importlib.machinery  # noqa: E402
import importlib.util  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
from importlib import metadata  # noqa: E402

DEEPEST = 12
LONGEST = 400


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


class Fields:
    """The fields of a dataclass and of the dataclasses it comes from, in the order of Python."""

    def __init__(self, installed):
        self.installed = installed
        self.lost = set()

    def of(self, source, node, depth=0):
        found = {}
        for base in reversed(node.bases):
            found.update(self._base(source, base, depth))
        if not any(decorator_name(decorator) == "dataclass" for decorator in node.decorator_list):
            return found
        docs = documented(ast.get_docstring(node) or "")
        for statement in node.body:
            field = self.field(source, node, statement)
            if field:
                if "doc" not in field and field["path"] in docs:
                    field["doc"] = docs[field["path"]]
                found[field["path"]] = field
        return found

    def _base(self, source, base, depth):
        name = last_name(base)
        if name in (None, "object", "ABC", "Generic", "Protocol") or depth > DEEPEST:
            return {}
        found = self.resolve(source, base)
        if found is None:
            self.lost.add(name)
            return {}
        return self.of(*found, depth + 1)

    def resolve(self, source, node):
        """The class that an expression of a module names."""
        if isinstance(node, ast.Name):
            return self.installed.find(source.name, node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            where = source.imports.get(node.value.id)
            return where and self.installed.find(f"{where[0]}.{where[1]}" if where[1] else where[0], node.attr)
        return None

    def field(self, source, owner, statement):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            return None
        type_text = unparsed(statement.annotation)
        name = statement.target.id
        if name.startswith("_") or re.match(r"(typing\.)?(ClassVar|InitVar)\b", type_text):
            return None
        field = {
            "path": name,
            "type": type_text,
            "source": f"{source.path}:{statement.lineno}",
            "group": owner.name,
        }
        return self._valued(source, field, statement)

    def _valued(self, source, field, statement):
        value = statement.value
        if isinstance(value, ast.Call) and last_name(value.func) == "field":
            words = {word.arg: word.value for word in value.keywords}
            if isinstance(words.get("init"), ast.Constant) and words["init"].value is False:
                field["filled"] = True
            value = words.get("default", made(words.get("default_factory")))
            field.update(told(literal(source, words.get("metadata"))))
            if value is None:
                field["required"] = True
        elif value is None:
            field["required"] = True
        default = literal(source, value)
        if default is not UNKNOWN:
            field["default"] = default
        nested = self.resolve(source, statement.annotation)
        if nested is not None and default is UNKNOWN:
            field["nested"] = nested
        return field


UNKNOWN = object()


def literal(source, node, depth=0):
    """The value of an expression as JSON can hold it, `UNKNOWN` where only running it would tell."""
    if node is None or depth > DEEPEST:
        return UNKNOWN
    if isinstance(node, ast.Name) and node.id in source.values:
        return literal(source, source.values[node.id], depth + 1)
    if isinstance(node, ast.Dict):
        pairs = [
            (literal(source, key, depth + 1), literal(source, value, depth + 1))
            for key, value in zip(node.keys, node.values)
        ]
        return {key: value for key, value in pairs if isinstance(key, str) and value is not UNKNOWN}
    try:
        value = ast.literal_eval(node)
        json.dumps(value, allow_nan=False)
        return list(value) if isinstance(value, tuple) else value
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return UNKNOWN


def made(factory):
    """What `default_factory` makes, as an expression."""
    if isinstance(factory, ast.Lambda):
        return factory.body
    name = last_name(factory)
    if name in ("list", "dict"):
        return ast.parse({"list": "[]", "dict": "{}"}[name], mode="eval").body
    return factory


def told(known):
    if not isinstance(known, dict):
        return {}
    found = {}
    if isinstance(known.get("help"), str):
        found["doc"] = short(known["help"])
    if isinstance(known.get("choices"), list):
        found["choices"] = known["choices"]
    return found


def documented(text):
    """Parameters that a docstring lists as "name (`type`, …):" with indented lines below."""
    found = {}
    entry = re.compile(r"^( *)(\w+) ?\(.*\):[ \t]*(.*(?:\n\1[ \t]+\S.*)*)", re.MULTILINE)
    for match in entry.finditer(text):
        words = " ".join(match.group(3).split())
        if words:
            found.setdefault(match.group(2), short(words))
    return found


def short(text):
    """The first sentences."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    end = text.rfind(". ", 0, LONGEST)
    return text[: end + 1] if end > 40 else text[: LONGEST - 1] + "…"


def unparsed(node):
    text = " ".join(ast.unparse(node).split())
    return text[1:-1] if isinstance(node, ast.Constant) and isinstance(node.value, str) else text


def last_name(node):
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def decorator_name(node):
    return last_name(node.func if isinstance(node, ast.Call) else node)


def flattened(fields, found, prefix=""):
    """Nested dataclasses as dotted paths; fields that no constructor takes are keys of a mapping, but no flags."""
    paths = []
    for field in found.values():
        nested = field.pop("nested", None)
        path = prefix + field["path"]
        if field.get("filled") and prefix == "":
            continue
        if nested is not None and prefix.count(".") < DEEPEST:
            paths.extend(flattened(fields, fields.of(*nested), f"{path}."))
        else:
            paths.append({**field, "path": path})
    return paths


def version_of(wish, folder):
    """By the metadata that lies beside the package, else by its own `__version__`."""
    beside = os.path.dirname(folder)
    for found in metadata.distributions(name=wish["distribution"], path=[beside]):
        return found.version
    try:
        found = metadata.distribution(wish["distribution"])
        if found.read_text("direct_url.json"):
            return found.version
    except (metadata.PackageNotFoundError, OSError, ValueError):
        pass
    for name in ("version.py", "_version.py", "__init__.py"):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                said = re.search(
                    r"^(?:__version__|VERSION)\s*(?::\s*\w+\s*)?=\s*[\"']([\w.+-]+)[\"']", file.read(), re.MULTILINE
                )
            if said:
                return said.group(1)
    for path in (
        os.path.join(folder, "version", "version"),
        os.path.join(folder, "VERSION"),
        os.path.join(folder, "..", "VERSION"),
    ):
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                return file.read().strip()[:40]
    return None


def read(wish):
    """The answer to one wish; None where the package is not there or is not the one that is meant."""
    installed = Installed(wish.get("paths", []))
    folder = installed.folder(wish["package"])
    if folder is None:
        return None
    fields = Fields(installed)
    found = {}
    for places in wish.get("roots", []):
        classes = (installed.find(*place.split(":")) for place in places)
        known = next((one for one in classes if one), None)
        if known is None:
            fields.lost.add(places[0])
        else:
            for field in flattened(fields, fields.of(*known)):
                found.setdefault(field["path"], {**field, "dataclass": places[0].split(":")[1]})
    texts = {path: text for path in wish.get("texts", []) if (text := text_of(os.path.join(folder, path))) is not None}
    if not found and not texts:
        return None
    return {
        "folder": folder,
        "version": version_of(wish, folder),
        "parameters": list(found.values()),
        "lost": sorted(fields.lost),
        "texts": texts,
    }


def text_of(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(1 << 20)
    except (OSError, ValueError):
        return None


def main(wishes):
    print(json.dumps({"python": sys.executable, "found": [read(wish) for wish in json.loads(wishes)]}))


if __name__ == "__main__":
    main(sys.argv[1])
