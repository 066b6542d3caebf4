import re
import unittest
import warnings

import house  # noqa: F401
from grpo_lens.trace.pattern import alternatives
from grpo_lens.trace.recorder import _matching
from grpo_lens.trace.regex import analysed


def asked(method: str, pattern: str, text: str, flags: int = 0) -> dict:
    function = getattr(re, method)
    return analysed(_matching(function, (pattern, text, flags), {}, function(pattern, text, flags)))


ANSWER = r"<answer>(.*?)</answer>"
BOTH = r"<think>.*?</think>\s*<answer>.*?</answer>"


class Regex(unittest.TestCase):
    def stops(self, method: str, pattern: str, text: str, at: int, reason: str, fix=None) -> None:
        stop = asked(method, pattern, text)["stop"]
        self.assertEqual((stop["at"], stop["reason"], stop.get("fix")), (at, reason, fix), (method, pattern, text))

    def test_where_it_matched(self) -> None:
        for method, pattern, text, spans in [
            ("search", ANSWER, "x<answer>3</answer>", [[1, 19], [9, 10]]),
            ("findall", r"\d+", "1, 22", [[0, 1], [3, 5]]),
            ("search", r"a(b)?", "😀a", [[2, 3]]),
        ]:
            self.assertEqual(asked(method, pattern, text)["spans"], spans, pattern)

    def test_why_it_did_not(self) -> None:
        self.stops(
            "search",
            ANSWER,
            "<think>x</think><answer>\n3</answer>",
            24,
            "`.` does not match the newline at 24: DOTALL",
            "DOTALL",
        )
        self.stops("search", ANSWER, "so <answer>3", 11, "there is no `</answer>` after 11")
        self.stops(
            "search",
            ANSWER,
            "so <Answer>3</Answer>",
            0,
            "`<answer>` is written '<Answer>' at 3: IGNORECASE",
            "IGNORECASE",
        )
        self.stops("search", ANSWER, "nothing", 0, "`<answer>` does not occur in the text")
        self.stops(
            "match",
            ANSWER,
            "x<answer>3</answer>",
            0,
            "it occurs at 1, but re.match begins at 0, where 'x<answer>3</answer>' stands",
            "search",
        )
        self.stops(
            "fullmatch",
            BOTH,
            "<think>a</think><answer>3</answer>\n",
            34,
            "it matches up to 34, but re.fullmatch asks for the whole text: '\\n' is left",
            "strip",
        )
        self.stops(
            "fullmatch",
            BOTH,
            "<think>a\nb</think><answer>3</answer>",
            7,
            "`.` does not match the newline at 8: DOTALL",
            "DOTALL",
        )
        self.stops(
            "match",
            r"^<think>.*?</think><answer>.*?</answer>$",
            "<think>a</think>\n<answer>3</answer>",
            16,
            "`<answer>` was expected at 16, where '\\n<answer>3</answer>' stands",
        )
        self.stops("search", r"\\boxed\{(\d+)\}", "so \\boxed{x}", 10, "`(\\d+)` was expected at 10, where 'x}' stands")
        self.stops(
            "search", r"(?:Answer|ANSWER):\s*(\d+)", "Answer: x", 8, "`(\\d+)` was expected at 8, where 'x' stands"
        )
        self.stops("fullmatch", r".*", "a\nb", 1, "`.` does not match the newline at 1: DOTALL", "DOTALL")
        self.stops("search", r"<answer>([A-D]+)</answer>", "<answer>AxB</answer>", 9, "`[A-D]` does not match 'x' at 9")

    def test_patterns_in_elements(self) -> None:
        for pattern, elements in [
            (r"<a>(.*?)</a>", ["<a>", "(.*?)", "</a>"]),
            (r"a+b{2,3}?[^]x]*\]", ["a+", "b{2,3}?", "[^]x]*", r"\]"]),
            (r"(?i)x{y", ["(?i)", "x{y"]),
            (r"(a|(b))\1$", ["(a|(b))", r"\1", "$"]),
        ]:
            self.assertEqual([one.text for one in alternatives(pattern)[0]], elements)
        self.assertEqual(len(alternatives(r"a|b|[|](c|d)")), 3)

    def test_beginnings_of_a_pattern_are_tried_in_silence(self) -> None:
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("ignore")
            pattern = re.compile("x[[]y")
            warnings.simplefilter("always")
            self.assertIn("stop", analysed(_matching(pattern.match, ("x[z",), {}, None)))
        self.assertEqual(seen, [])

    def test_whatever_is_asked_it_answers(self) -> None:
        for pattern in [
            "(?P<n>a)(?P=n)",
            "(?x) a # b",
            "(?<!a)b",
            "a(?=b)c",
            "(?s:.)x",
            "[[]x",
            "\\N{DIGIT ONE}x",
            "()()|x",
            "(a*)*b",
        ]:
            for method in ("search", "match", "fullmatch", "findall", "finditer"):
                self.assertIn("found", asked(method, pattern, "q\nq"))


if __name__ == "__main__":
    unittest.main()
