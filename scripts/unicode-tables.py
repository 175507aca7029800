"""Writes experiments/data/unicode.ts: which characters Hugging Face's tokenizers library drops, splits at or takes for an accent.

The library compiles in Unicode tables of its own, older than Node's, so its answers are asked for rather than looked up.
usage: python3 -m pip install tokenizers==0.23.3 && python3 scripts/unicode-tables.py > experiments/data/unicode.ts
"""

from tokenizers import __version__
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer


def normalizer(**chosen):
    options = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return BertNormalizer(**{**options, **chosen})


def base36(number):
    digits = ""
    while True:
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36] + digits
        number //= 36
        if number == 0:
            return digits


def encode(points):
    """Ranges as pairs of (gap since the last range, length), in base 36."""
    ranges = []
    for point in points:
        if ranges and point == ranges[-1][1]:
            ranges[-1][1] += 1
        else:
            ranges.append([point, point + 1])
    words, position = [], 0
    for begin, end in ranges:
        words += [base36(begin - position), base36(end - begin)]
        position = end
    return " ".join(words)


def constant(name, comment, points):
    lines, line = [], ""
    for word in encode(points).split():
        if len(line) + len(word) > 100:
            lines.append(line + " ")
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    text = " +\n  ".join(f"'{part}'" for part in lines)
    print(f"\n/** {comment} */\nexport const {name} =\n  {text};")


clean, cjk, strip = normalizer(clean_text=True), normalizer(handle_chinese_chars=True), normalizer(strip_accents=True)
pre = BertPreTokenizer()
dropped, space, ideograph, mark, kept, punctuation, separator = [], [], [], [], [], [], []
for point in [*range(0xD800), *range(0xE000, 0x110000)]:
    character = chr(point)
    around = f"a{character}b"
    cleaned, stripped = clean.normalize_str(around), strip.normalize_str(around)
    if cleaned == "ab":
        dropped.append(point)
    elif cleaned == "a b":
        space.append(point)
    if cjk.normalize_str(around) != around:
        ideograph.append(point)
    if stripped == "ab":
        mark.append(point)
    pieces = [piece for piece, _ in pre.pre_tokenize_str(around)]
    if pieces == ["a", "b"]:
        separator.append(point)
    elif pieces == ["a", character, "b"]:
        punctuation.append(point)
for point in [0x105C9, 0x105E4, 0x11383, 0x11385, 0x1138E, 0x11391, 0x113C5, 0x113C7, 0x113C8, 0x11938] + [
    *range(0x16121, 0x16129),
    0x16D68,
    0x16D69,
    0x16D6A,
]:
    if strip.normalize_str(f"a{chr(point)}b") == f"a{chr(point)}b":
        kept.append(point)

print(f"// Written by scripts/unicode-tables.py from the answers of tokenizers {__version__}; see there for the encoding.")
constant("droppedRanges", "Control, format and private characters and U+FFFD, which clean_text drops.", dropped)
constant("spaceRanges", "What clean_text turns into a space.", space)
constant("separatorRanges", "White space between words.", separator)
constant("ideographRanges", "Characters that handle_chinese_chars puts spaces around.", ideograph)
constant("markRanges", "Non-spacing marks, which strip_accents drops.", mark)
constant("punctuationRanges", "Characters that are words of their own.", punctuation)
constant("undecomposedRanges", "Characters younger than the library's decomposition tables, which it leaves whole.", kept)
