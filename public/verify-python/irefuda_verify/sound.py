"""Places, texts, ids and relays: R1.11, R1.12, R1.13, R1.17, and the words they are made of (chapter 01 §4)."""

import unicodedata

from .errors import RuleError

HOME = 1
WHITE = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
         0x202F, 0x205F, 0x3000}
# Control characters; Cf, Co, Zl and Zp of Unicode 14.0; Default_Ignorable_Code_Point; two that are
# drawn as nothing: as the specification lists them.
HIDDEN = (
    (0x0000, 0x001F), (0x007F, 0x009F), (0x00AD, 0x00AD), (0x034F, 0x034F), (0x0600, 0x0605),
    (0x061C, 0x061C), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x0890, 0x0891), (0x08E2, 0x08E2),
    (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x2028, 0x202E),
    (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xE000, 0xF8FF), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x110BD, 0x110BD), (0x110CD, 0x110CD),
    (0x13430, 0x13438), (0x1BCA0, 0x1BCA3), (0x1D159, 0x1D159), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD),
)
LINE_FEED = "\n"
MAX_COMBINING = 3


def hidden(char):
    """Whether a character may stand in no line."""
    return any(first <= ord(char) <= last for first, last in HIDDEN)


def _edges(text):
    return text != "" and ord(text[0]) not in WHITE and ord(text[-1]) not in WHITE


def _heaped(text):
    """Whether more than three characters of a combining class other than 0 stand in a row."""
    row = 0
    for char in text:
        row = row + 1 if unicodedata.combining(char) else 0
        if row > MAX_COMBINING:
            return True
    return False


def is_line(text):
    """One text of one line."""
    return _edges(text) and not any(map(hidden, text)) and not _heaped(text)


def is_paragraph(text):
    """One text that may have line feeds inside."""
    seen = text.replace(LINE_FEED, "")
    return _edges(text) and not any(map(hidden, seen)) and not _heaped(text)


def in_all(test, texts):
    """A Text that passes in its three languages."""
    return all(map(test, texts.values()))


def is_id(text):
    """At least one character of U+0021–007E."""
    return text != "" and all("\x21" <= char <= "\x7e" for char in text)


def _low(text):
    """A–Z as a–z, and nothing else."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def folded(text):
    """What two titles that look alike have in common."""
    return "".join(c for c in _low(unicodedata.normalize("NFKC", text)) if ord(c) not in WHITE)


def release_name(release):
    """(version, platform) as two releases are compared: R1.13, R5.56."""
    return tuple(_low(text).replace("_", "-") for text in (release.version, release.platform))


def in_order(windows):
    """Whether windows are not empty, do not overlap and go forward."""
    before = 0
    for opens, closes in windows:
        if opens >= closes or opens < before:
            return False
        before = closes
    return True


# -- R1.11 --------------------------------------------------------------------

def check_places(f):
    """R1.11."""
    hours = {c.channel: c.windows for c in reversed(f.channels)}  # the first, if one is there twice
    for number, place in enumerate(f.places):  # their ids are judged later: not to be printed
        if place.channel == HOME or place.channel not in hours:
            raise RuleError("R1.11", f"place {number} of channel {place.channel}")
        if not in_order(place.windows):
            raise RuleError("R1.11", f"the windows of place {number}")
        for opens, closes in place.windows:
            if not any(a <= opens and closes <= b for a, b in hours[place.channel]):
                raise RuleError("R1.11", f"place {number} opens when its channel does not")
    placed = {place.channel for place in f.places} | {HOME}
    for c in f.channels:
        if c.windows and c.channel not in placed:
            raise RuleError("R1.11", f"channel {c.channel} opens and has no place")


# -- R1.12 --------------------------------------------------------------------

def _lines(f):
    """All Texts that are lines and must be there."""
    yield from (f.title, f.municipality)
    for contest in f.contests:
        yield contest.title
        yield from (option.title for option in contest.options)
    for named in (f.channels, f.places, f.trustees.members, f.registrars, f.officers,
                  f.validators, f.relays):
        yield from (one.name for one in named)


def _paragraphs(f):
    """All Texts that are paragraphs and must be there."""
    yield from (f.help.hours, f.eligibility.words, f.tie_rule.words)
    yield from (place.address for place in f.places)
    for question in f.survey:
        yield question.title
        yield from (choice.title for choice in question.choices)
    yield from (notice.text for notice in f.notices)


def _left_out(f):
    """(test, Text) of all that may be left out."""
    for contest in f.contests:
        for option in contest.options:
            yield is_line, option.proposer
            yield is_paragraph, option.summary
    for channel in f.channels:
        yield is_line, channel.place


def _alike(options):
    """Whether two options have titles that look alike in one of the languages."""
    for language in ("ja", "en", "plain"):
        titles = [folded(option.title[language]) for option in options]
        if len(set(titles)) != len(titles):
            return True
    return False


def check_texts(f):
    """R1.12."""
    tests = [(is_line, {"": f.help.telephone})]
    tests += [(is_line, t) for t in _lines(f)] + [(is_paragraph, t) for t in _paragraphs(f)]
    tests += [(test, t) for test, t in _left_out(f) if any(t.values())]
    for test, texts in tests:
        if not in_all(test, texts):
            raise RuleError("R1.12", "a text that is not what it shows")
    for number, contest in enumerate(f.contests):
        if _alike(contest.options):
            raise RuleError("R1.12", f"titles that look alike in contest {number}")


# -- R1.13 --------------------------------------------------------------------

def _groups(f):
    """(what, values that are ids and differ)."""
    yield "contest", [c.id for c in f.contests]
    yield "place", [p.id for p in f.places]
    yield "question", [q.id for q in f.survey]
    yield "notice", [n.key for n in f.notices]
    for contest in f.contests:
        yield "option", [o.id for o in contest.options]
    for question in f.survey:
        yield "answer", [c.value for c in question.choices]


def _numbers(contest):
    """The printed numbers that a contest may have."""
    if contest.k_max > 1:
        return range(1000)
    return range(1 if contest.k_min == 0 else 0, 100)


def _distinct(values, what):
    if len(set(values)) != len(values):
        raise RuleError("R1.13", f"{what} stands twice")


def check_ids(f):
    """R1.13."""
    single = [f.id, f.portal]
    single += [one.origin for named in (f.registrars, f.validators, f.relays) for one in named]
    single += [text for r in f.releases for text in (r.version, r.platform)]
    for what, ids in (*_groups(f), ("manifest, address or release", single)):
        if not all(map(is_id, ids)):
            raise RuleError("R1.13", f"an id of a {what} that is none")
    for what, ids in _groups(f):
        _distinct(ids, f"an id of a {what}")
    for index, contest in enumerate(f.contests):
        numbers = [option.number for option in contest.options]
        if not all(number in _numbers(contest) for number in numbers):
            raise RuleError("R1.13", f"printed numbers {numbers} in contest {index}")
        _distinct(numbers, f"a printed number of contest {index}")
    _distinct(list(map(release_name, f.releases)), "a release")
    _distinct([c.channel for c in f.channels], "a channel")
    _distinct(f.face_required, "a channel with the face step")
    if f.eligibility.expected < 1:
        raise RuleError("R1.13", "nobody is expected")


# -- R1.17 --------------------------------------------------------------------

def host(address):
    """An address without what follows host and port."""
    scheme, found, rest = address.partition("://")
    if not found:
        return address.partition("/")[0]
    return scheme + found + rest.partition("/")[0]


def check_relays(f):
    """R1.17."""
    others = (*f.registrars, *f.validators)
    for name, show, more in (("origin", host, [host(f.portal)]), ("spki", bytes, [])):
        known = {show(getattr(one, name)) for one in others} | set(more)
        for number, relay in enumerate(f.relays):
            value = show(getattr(relay, name))
            if value in known:
                raise RuleError("R1.17", f"relay {number} is where another party is")
            known.add(value)
