import os
import tempfile
import textwrap
import unittest

import house  # noqa: F401
from grpo_lens.installed import Fields, Installed, flattened, read


class FromSource(unittest.TestCase):
    def setUp(self) -> None:
        self.box = tempfile.TemporaryDirectory()
        self.addCleanup(self.box.cleanup)

    def write(self, path: str, text: str) -> None:
        whole = os.path.join(self.box.name, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(text))

    def fields(self, root: str) -> dict:
        installed = Installed([self.box.name])
        fields = Fields(installed)
        found = flattened(fields, fields.of(*installed.find(*root.split(":"))))
        self.lost = fields.lost
        return {field["path"]: field for field in found}

    def test_nothing_is_imported(self) -> None:
        self.write("pkgx/__init__.py", "raise SystemExit('imported')\n__version__ = '1.2.3'\n")
        self.write("pkgx/a.py", "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 1\n")
        wish = {"package": "pkgx", "distribution": "pkgx", "roots": [["pkgx.a:A"]], "paths": [self.box.name]}
        found = read(wish)
        self.assertEqual((found["version"], [one["path"] for one in found["parameters"]]), ("1.2.3", ["x"]))

    def test_bases_across_modules(self) -> None:
        self.write("pkgy/__init__.py", "_import_structure = {'base': ['Base'], 'mixin': ['Mixin']}\n")
        self.write(
            "pkgy/base.py",
            "from dataclasses import dataclass\n@dataclass\nclass Base:\n    x: int = 1\n    y: str = 'a'\n",
        )
        self.write(
            "pkgy/mixin.py",
            "from dataclasses import dataclass\n@dataclass\nclass Mixin:\n    y: str = 'b'\nclass Plain:\n    no: int = 0\n",
        )
        self.write(
            "pkgy/top.py",
            """
            from dataclasses import dataclass, field
            from typing import ClassVar, Literal, Optional
            from elsewhere_not_installed import Gone
            from pkgy import Base, Mixin
            from .mixin import Plain
            SIZE = 7

            @dataclass
            class Top(Mixin, Base, Plain, Gone):
                '''Top.

                Args:
                    size (`int`, defaults to 7): How
                        many.
                '''
                size: int = SIZE
                names: list[str] = field(default_factory=lambda: ['a'], metadata={'help': 'The ' 'names.'})
                kind: Literal['a', 'b'] = field(default='a', metadata={'choices': ['a', 'b']})
                must: Optional[str] = field()
                hidden: int = field(default=0, init=False)
                shared: ClassVar[int] = 3
                made: int = max(1, 2)
            """,
        )
        found = self.fields("pkgy.top:Top")
        self.assertEqual(list(found), ["x", "y", "size", "names", "kind", "must", "made"])
        self.assertEqual((found["y"]["default"], found["size"]["default"], found["names"]["default"]), ("b", 7, ["a"]))
        self.assertEqual((found["size"]["doc"], found["names"]["doc"]), ("How many.", "The names."))
        self.assertEqual((found["kind"]["type"], found["kind"]["choices"]), ("Literal['a', 'b']", ["a", "b"]))
        self.assertTrue(found["must"]["required"])
        self.assertNotIn("default", found["made"])
        self.assertTrue(found["x"]["source"].endswith("base.py:4"))
        self.assertEqual(self.lost, {"Gone"})

    def test_nested_dataclasses_are_paths(self) -> None:
        self.write("pkgz/__init__.py", "")
        self.write(
            "pkgz/c.py",
            """
            from dataclasses import dataclass, field
            @dataclass
            class Inner:
                n: int = 5
                share: int = field(default=-1, init=False)
            @dataclass
            class Whole:
                inner: Inner = field(default_factory=Inner)
                name: str = ''
            """,
        )
        # A mapping over them takes what no constructor takes; a parser of flags does not.
        self.assertEqual(list(self.fields("pkgz.c:Whole")), ["inner.n", "inner.share", "name"])

    def test_a_circle_of_imports_ends(self) -> None:
        self.write("pkgc/__init__.py", "from .a import X\n")
        self.write("pkgc/a.py", "from .b import X\n")
        self.write("pkgc/b.py", "from .a import X\n")
        self.assertIsNone(Installed([self.box.name]).find("pkgc", "X"))

    def test_what_is_broken_or_absent_is_none(self) -> None:
        self.write("pkgb/__init__.py", "")
        self.write("pkgb/a.py", "class A(:\n")
        wish = {"package": "pkgb", "distribution": "pkgb", "roots": [["pkgb.a:A"]], "paths": [self.box.name]}
        self.assertIsNone(read(wish))
        self.assertIsNone(read({**wish, "package": "not_there_at_all"}))


if __name__ == "__main__":
    unittest.main()
