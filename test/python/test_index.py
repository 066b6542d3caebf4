"""What the program on a host tells of a big file of records."""

import base64
import json
import os
import sys
import tempfile
import unittest
import zlib
from array import array

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../python/grpo_lens"))
from onhost import records as host  # noqa: E402


def unpacked(text, kind):
    return array(kind, zlib.decompress(base64.b64decode(text))).tolist()


def words(column):
    return json.loads(zlib.decompress(base64.b64decode(column["words"])))


class Index(unittest.TestCase):
    def index(self, text, **asked):
        with tempfile.NamedTemporaryFile(delete=False) as file:
            file.write(text)
        self.addCleanup(os.unlink, file.name)
        return host.index({"path": file.name, "offset": 0, **asked})

    def test_lengths_of_whole_lines(self):
        for text, expected in [
            (b"", []),
            (b"{}\n\n{}\nhalf", [3, 1, 3]),
            (b'{"a":"x\ry"}\n', [12]),
            (b"x" * (9 << 20) + b"\n", [(9 << 20) + 1]),
        ]:
            with self.subTest(text[:20]):
                told = self.index(text)
                self.assertEqual(unpacked(told["lengths"], "I"), expected)
                self.assertEqual(told["offset"], sum(expected))

    def test_values_of_every_kind(self):
        lines = [
            {"step": 1, "scores": {"r": 0.5, "f": None}, "completion": "a\U0001f600", "prompt": "p"},
            {"step": 2, "scores": {"r": float("nan"), "f": True}, "completion": "", "uid": "g"},
            [1],
            {"late": 7, "long": "x" * 1000},
        ]
        text = b"\xef\xbb\xbf" + b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        told = self.index(text, values=True, inner="scores", skip=["prompt"], lengthOf="completion")
        self.assertEqual(told["bad"], [2])
        numbers = {key: [repr(n) for n in unpacked(each["numbers"], "d")] for key, each in told["values"].items()}
        self.assertEqual(numbers["r"], ["0.5", "nan", "nan", "nan"])
        self.assertEqual(numbers["late"], ["nan", "nan", "nan", "7.0"])
        self.assertEqual(numbers["completion"], ["3.0", "0.0", "nan", "nan"])
        self.assertEqual(words(told["values"]["f"]), [[0, None], [1, True]])
        self.assertEqual(words(told["values"]["r"]), [[1, "nan"]])
        self.assertEqual(words(told["values"]["uid"]), [[1, "g"]])
        self.assertNotIn("prompt", told["values"])

    def test_lines_that_are_hard_to_read(self):
        text = b'{"n":' + b"9" * 400 + b"}\n" + b'{"a":' * 100_000 + b"\n" + b'{"n":2}\n'
        told = self.index(text, values=True)
        self.assertEqual(told["bad"], [1])
        self.assertEqual(repr(unpacked(told["values"]["n"]["numbers"], "d")), "[nan, nan, 2.0]")
        self.assertEqual(words(told["values"]["n"]), [[0, "inf"]])
        asked = {"offset": 0, "end": len(text), "forms": ['"a"'], "needle": "b", "keys": ["t"]}
        with tempfile.NamedTemporaryFile() as file:
            file.write(text)
            file.flush()
            self.assertTrue(host.search({"path": file.name, **asked})["done"])

    def test_search_looks_into_the_keys_it_is_asked_for(self):
        text = b'{"t":"ab ab"}\n{"t":"no","u":"ab"}\n{"t":"r\\u00e9"}\nab\n'
        with tempfile.NamedTemporaryFile(delete=False) as file:
            file.write(text)
        self.addCleanup(os.unlink, file.name)
        for needle, forms, expected in [("ab", ["ab"], [0, len(text) - 3]), ("\u00e9", ["\u00e9", "\\u00e9"], [34])]:
            asked = {"path": file.name, "offset": 0, "end": len(text), "forms": forms, "needle": needle, "keys": ["t"]}
            with self.subTest(needle):
                self.assertEqual(host.search(asked), {"hits": expected, "offset": len(text), "done": True})

    def test_what_is_no_file(self):
        for path in ["/nowhere/at/all", tempfile.gettempdir()]:
            with self.assertRaises(host.Trouble):
                host.index({"path": path, "offset": 0})


if __name__ == "__main__":
    unittest.main()
