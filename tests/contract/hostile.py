"""Queries nobody means well with: 200 and more, each to be answered as if it were words."""

from itertools import pairwise
from string import ascii_lowercase

OPERATORS = [
    "OR", "OR OR", "AND", "NOT", "-", "--", "- -", "-OR", "OR -", "(", ")", "()", "(()", "())", ")(",
    "((((((((((", "))))))))))", '"', '""', '"""', '" "', '"(', '(")', '")("', "*", "**", "***", "?", "a*b",
    "*a", "a**", "-*", '-"', '-""', "-()", "-(a", "(-a", "(-)", "(OR)", "(a OR)", "(OR a)", "a OR", "OR a",
    "a OR OR b", "a (OR) b", "a -(b", '"a" OR', '"a OR "b', "-a -b -c", "-a OR -b", "-(a OR -(b OR -(c)))",
    "a:b", ":", "::", "a:", ":a", "year:", "year:x", "province:", "title:(", "before:2020-13-45", "after:",
    "+a", "+", "+-+", "a && b", "a || b", "!a", "~", "a~2", "^", "a^9", "[a TO b]", "{a TO b}", "[* TO *]",
    "/a/", "/.*/", "\\", "\\\\", "a\\", "\\u0041", "_exists_:a", "_id:1", "&", "&&", "A&B", "&B", "A&",
    "TT&", "&TT", "TT&&TT", "=", "==", "<>", "<", ">", "|", ";", ",", ".", "..", "…", "“", "”", "“a", "a”",
    "„a“", "«a»", "«a", "‘a’", "`a`", "''", "'",
]  # fmt: skip

INJECTIONS = [
    "' OR '1'='1", "'; DROP TABLE articles; --", '" OR ""="', "1; SELECT pg_sleep(10)",
    "UNION SELECT * FROM users", "{{7*7}}", "{% include '/etc/passwd' %}", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "../../etc/passwd",
    "%00", "%2e%2e%2f", "%s%s%s%n", "{0}", "{}", '{"query":{"match_all":{}}}', '{"script":"x"}',
    "ctx._source", "*:*", "*:* OR *:*", "title:*", "all.fold:*", "(a:* OR b:*) AND c:*",
    "a AND (b OR (c AND d", "a NEAR/3 b", "field:[1 TO", "boost^1e999", "a~0.0000001", "doc['x'].value",
    "Math.random()", "java.lang.Runtime", "() { :; }; echo", "$(id)", "`id`", "|id", "\r\nSet-Cookie: a",
    "http://127.0.0.1:9200/_all", "null", "None", "undefined", "NaN", "Infinity", "-Infinity", "true", "[]",
    "[[]]", "0x41", "1e400", "-0", "9" * 400, "0" * 999,
]  # fmt: skip

LETTERS = [
    "\x00", "a\x00b", "\x07\x08\x1b[31m", "\x7f", "\ud800", "\udfff", "a\ud83d", "\udc00\ud800", "\ufeff",
    "\ufffe", "\uffff", "\u200b", "\u200e\u200f", "\u202e\u202dtxet", "\u2066a\u2069", "\u00ad", "\u0301",
    "\u0301" * 300, "a" + "\u0301" * 500, "\u1e9e", "İ", "ı", "ß", "ﬁ", "ǆ", "Ω", "ϔ", "ａｂｃ", "①②③",
    "½", "²", "٣", "一二三", "日本語", "한국어", "ไทย", "العربية", "עברית", "हिन्दी", "ქართული", "😀",
    "😀" * 250, "👩‍👩‍👧‍👦", "🇻🇳", "❤️", "👍🏽", "\U0010ffff", "\U000e0041", "𝒜𝒷𝒸", "𠀀", "\u3000",
    "\u00a0", "\u2028", "\u2029", "\t\n\r\v\f", "ﷺ", "꙰", "\u0d80", "̸", "⃝", "٪", "„", "‚", "‹›", "–—",
    "‐‑", "·", "•", "№",
]  # fmt: skip

LENGTHS = [
    "a" * 1_000, "a " * 500, "ă" * 1_000, "* " * 500, "a* " * 333, '"a" ' * 250, "-a " * 333, "(a) " * 250,
    "a OR " * 199 + "a", "(" * 500 + ")" * 500, "(" * 1_000, ")" * 1_000, '"' * 1_000, "-" * 1_000,
    "(a OR " * 160, "-(" * 500, "ab* " * 250, "1 " * 500, "12/2008/QĐ-BTTTT " * 58, "TT&TT" * 200,
    "&" * 1_000, " ".join(f"w{n}" for n in range(200)), " ".join(f"w{n}*" for n in range(150)),
    " OR ".join(f"w{n}" for n in range(110)), '"' + "a " * 499 + '"',
    " ".join(f'"w{n} x"' for n in range(90)), "the " * 250, "\n" * 1_000, " " * 1_000,
    "," * 1_000, ".a" * 500,
]  # fmt: skip

_COMMON = (
    "thông tin", "và", "truyền", "của", "các", "trong", "cho", "với", "về", "tại", "bộ", "việt nam", "chuyển đổi",
    "số", "hà nội", "doanh nghiệp", "phát triển", "bưu chính", "viễn thông", "quản lý", "nhà nước", "công nghệ",
    "đào tạo", "thực hiện", "tỉnh", "hội nghị", "báo chí",
)  # fmt: skip
"""What most articles are written in."""
_WORDS = " ".join(_COMMON).split()
_PAIRS = list(pairwise(_WORDS))

COMMON = [
    " ".join(_WORDS), " OR ".join(_WORDS), " ".join(f"-{word}" for word in _WORDS),
    " ".join(f"{word}*" for word in _WORDS), f'"{" ".join(_WORDS[:20])}"',
    " ".join(f'"{one} {other}"' for one, other in _PAIRS),
    " OR ".join(f'"{one} {other}"' for one, other in _PAIRS),
    " OR ".join(f"({one} -{other})" for one, other in _PAIRS),
    " ".join(f"(title:{one}* OR author:{other}*)" for one, other in _PAIRS),
    " ".join(f"{letter}*" for letter in ascii_lowercase), " OR ".join(f"{letter}*" for letter in ascii_lowercase),
    "(t* OR n* OR c*) (h* OR b*) -x* -y*", "thông tin " * 100, "và " * 333, "tin" * 333,
]  # fmt: skip

HOSTILE = [*OPERATORS, *INJECTIONS, *LETTERS, *LENGTHS, *COMMON]
