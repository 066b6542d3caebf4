"""The fields of dataclasses."""

import ast
import re

from grpo_lens.sources.literals import UNKNOWN, decorator_name, last_name, literal, made, unparsed
from grpo_lens.sources.packages import DEEPEST
from grpo_lens.sources.told import documented, told


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
