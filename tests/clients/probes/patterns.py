"""Strings that match a pattern of the model, and the question whether a string does. Java's reading, as AWS has it:
the whole value must match, and \\w, \\s, \\d are ASCII; \\p{L} and its like are all of Unicode's."""

import re
import unicodedata
from functools import lru_cache

try:
    from re import _constants as codes, _parser as parser
except ImportError:  # before Python 3.11
    import sre_constants as codes
    import sre_parse as parser

CATEGORY = re.compile(r"\\p\{([A-Z])\}")
# Tried in this order where a class allows many characters.
FAVOURITES = "a1A-_:/ "


@lru_cache(maxsize=None)
def _category(letter):
    """All characters of a Unicode category, as the inside of a character class."""
    ranges = []
    for code in range(0x110000):
        if unicodedata.category(chr(code))[0] == letter:
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


@lru_cache(maxsize=None)
def compiled(pattern):
    return re.compile(CATEGORY.sub(lambda found: _category(found[1]), pattern), re.ASCII)


@lru_cache(maxsize=None)
def tree(pattern):
    """For making samples: of each category only what a sample uses."""
    few = {"L": "a-zA-Z", "N": "0-9", "P": r"\-_:/", "S": r"\^", "M": "\u0301", "Z": " "}
    return list(parser.parse(CATEGORY.sub(lambda found: few[found[1]], pattern), re.ASCII))


def matches(pattern, text):
    # Java's `.` stops at more line ends than Python's; no sample holds one of these.
    assert not set(text) & set("\r\u0085\u2028\u2029")
    return compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=None)
def sample(pattern, low, high):
    """A matching string with a length of low to high, or None if there is none of that length."""
    for repeats in [*range(4), low, high, *range(4, 70)]:
        if repeats > high:
            continue
        for text in (_generate(tree(pattern), repeats), _stretched(tree(pattern), low)):
            if low <= len(text) <= high and matches(pattern, text):
                return text
    return None


def _stretched(nodes, low):
    """One open repetition takes all the length that is missing."""
    shortest = _generate(nodes, 0)
    return _generate(nodes, 0, [max(low - len(shortest), 0) + 1])


def _generate(nodes, repeats, longer=None):
    return "".join(_node(op, argument, repeats, longer) for op, argument in nodes)


def _node(op, argument, repeats, longer):
    if op is codes.LITERAL:
        return chr(argument)
    if op is codes.ANY:
        return "a"
    if op is codes.IN:
        return _character(argument)
    if op is codes.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if op in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        least, most, inner = argument
        count = max(least, min(most, repeats))
        if longer and most is codes.MAXREPEAT:
            count = max(least, longer.pop())
        return _generate(inner, repeats) * count
    if op is codes.SUBPATTERN:
        return _generate(argument[-1], repeats, longer)
    if op is codes.BRANCH:
        return _generate(argument[1][0], repeats, longer)
    if op in (codes.AT, codes.ASSERT_NOT):
        return ""
    raise NotImplementedError(op)


def _character(items):
    negated = items[0][0] is codes.NEGATE
    for candidate in [*FAVOURITES, *map(chr, range(33, 127))]:
        if negated != any(_holds(op, argument, ord(candidate)) for op, argument in items):
            return candidate
    raise NotImplementedError(items)


def _holds(op, argument, code):
    if op is codes.LITERAL:
        return code == argument
    if op is codes.RANGE:
        return argument[0] <= code <= argument[1]
    if op is codes.CATEGORY:
        text = chr(code)
        known = {
            codes.CATEGORY_WORD: text.isalnum() or text == "_",
            codes.CATEGORY_DIGIT: text.isdigit(),
            codes.CATEGORY_SPACE: text.isspace(),
            codes.CATEGORY_NOT_SPACE: not text.isspace(),
        }
        return known[argument]
    return False
