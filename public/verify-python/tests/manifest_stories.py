"""Manifests with one fault in times, places, texts, ids, salts, windows, buckets or relays
(chapter 01 §4), and R1.10."""

from .make import HOUR, NOTHING, START, channel, hours, items, modulus, place, public, relay
from .make import release, text, texts
from .make import u8, u16, u32, u64
from .stories import STORIES, TRUST, _registrars, _world, at, manifest_story

DAY = 24 * HOUR


def trust(terms=0, **change):
    """A trust file about the honest election."""
    def make():
        w = _world(1)
        good = {"authority": w.manifest.authority.hex(), "network": w.network.id.hex(),
                "validators": [e.key.hex() for e in w.sets[terms]], "minimum_booth": "0.1.0",
                "practice": True}
        return {**good, **change}
    return make


def trusted(rule, name, make, believed):
    """A story that is judged with a trust file."""
    STORIES[name], TRUST[name] = (rule, make), believed


def _honest():
    return at("finished").files()


def _another(practice):
    """A whole election after the seal of the first one, in the same network."""
    s = at("sealed")
    s.world = s.chain.world = s.world.following(practice)
    return s.finished().files()


trusted(None, "honest_and_trusted", _honest, trust())
trusted("R1.10", "practice_where_a_real_election_is_meant", _honest, trust(practice=False))
trusted("R1.10", "practice_where_a_real_election_of_another_authority_is_meant", _honest,
        trust(practice=False, authority=public(7).hex(), network="00" * 32))
trusted("R8.07", "another_authority_and_network_are_trusted", _honest,
        trust(authority=public(7).hex(), network="00" * 32))
trusted("R8.08", "another_network_is_trusted", _honest, trust(network="00" * 32))
trusted("R8.08", "other_validators_are_trusted", _honest, trust(terms=1))
trusted(None, "honest_second_election", lambda: _another(1), trust())
trusted(None, "honest_real_election", lambda: _another(0), trust(practice=False))
trusted("R1.10", "a_real_election_where_practice_is_meant", lambda: _another(0), trust())


# -- times ------------------------------------------------------------------------

def good(name, **change):
    """A manifest without a fault, sealed; the record ends there (R8.09)."""
    manifest_story("R8.09", "good_" + name, "", **change)


def bad(rule, name, board=False, **change):
    """A manifest with a fault, in manifest.bin, or there and on the board."""
    manifest_story(rule, name, None if board else "", **change)


good("announced_30_days_after_the_limit", announce_at=u64(START + 6 * HOUR + 30 * DAY))
good("shortest_drain", drain_ms=u64(20_000))
good("longest_drain", drain_ms=u64(600_000))
bad("R1.06", "limit_too_late", extend_limit=u64(START + 4 * HOUR + 30 * DAY + 1))
bad("R1.06", "drain_too_short", True, drain_ms=u64(19_999))
bad("R1.06", "drain_too_long", drain_ms=u64(600_001))
bad("R1.06", "announced_too_late", announce_at=u64(START + 6 * HOUR + 30 * DAY + 1))
bad("R1.06", "no_window", channels=items([channel(1, "h")]), places=items([]))


# -- places -----------------------------------------------------------------------

def places(rule, name, *rows, **change):
    """A manifest with these places."""
    make = good if rule is None else lambda *a, **b: bad(rule, *a, **b)
    make("places_" + name, places=items(rows), **change)


HOME, NEVER = channel(1, "home", (1, 2)), channel(2, "counter")
places(None, "without_windows", place("a", 3, "A"))
places(None, "two_at_one_time", place("a", 3, "A", (2, 3)), place("b", 3, "A", (2, 3)))
places(None, "none_for_a_channel_that_never_opens", channels=items([HOME, NEVER]))
places(None, "of_a_channel_that_never_opens", place("a", 2, "A"), channels=items([HOME, NEVER]))
places("R1.11", "none")
places("R1.11", "at_home", place("a", 3, "A"), place("b", 1, "B"))
places("R1.11", "of_a_channel_that_is_not_there", place("a", 3, "A"), place("b", 2, "B", (2, 3)))
places("R1.11", "but_no_channel_for_them", place("a", 3, "A", (1, 2)), channels=items([HOME]))
places("R1.11", "never_open_of_a_channel_that_is_not_there", place("a", 3, "A"),
       channels=items([HOME]))
places("R1.11", "window_empty", place("a", 3, "A", (2, 2)))
places("R1.11", "windows_overlap", place("a", 3, "A", (2, 2.5), (2.4, 3)))
places("R1.11", "windows_out_of_order", place("a", 3, "A", (3, 4), (2, 3)))
places("R1.11", "before_its_channel", place("a", 3, "A", (1.9, 3)))
places("R1.11", "after_its_channel", place("a", 3, "A", (3, 4.1)))
places("R1.11", "over_two_windows_that_touch", place("a", 3, "A", (2.5, 3.5)))
places("R1.11", "of_a_channel_that_never_opens_open", place("a", 2, "A", (1, 2)),
       channels=items([HOME, NEVER]))
places("R1.11", "before_a_text", place("a", 1, "A"), title=NOTHING)
bad("R1.11", "place_at_home_on_the_board", True, places=items([place("a", 1, "A")]))


# -- texts ------------------------------------------------------------------------

def contest(title=None, first=None, option=None, numbers=(1, 2), ids="ab", low=1, high=1):
    """Contests: one with two options, of which each has three Texts."""
    pair = (first or texts("A") + 2 * NOTHING, option or texts("B") + 2 * NOTHING)
    rows = [text(i) + u16(n) + t for i, n, t in zip(ids, numbers, pair)]
    return items([text("c") + (title or texts("C")) + u16(2) + u16(low) + u16(high)
                  + b"".join(rows) + u8(0)])


def question(title=None, ident="q", answer=None, values="ab"):
    """A question of the survey."""
    answers = items([text(v) + (answer or texts("A")) for v in values])
    return text(ident) + (title or texts("Q")) + u8(1) + u8(0) + answers + u16(0)


def _hours(name, room=NOTHING):
    return {"channels": items([u8(1) + name + room + hours((1, 4))]), "places": items([])}


def _place(name, address):
    return {"places": items([text("a") + u8(3) + name + address + hours()])}


def _question(**change):
    return {"survey": items([question(**change)])}


def lines(t):
    """Every line that must be there, as this Text."""
    return {
        "title": {"title": t}, "municipality": {"municipality": t},
        "contest": {"contests": contest(title=t)},
        "option": {"contests": contest(option=t + 2 * NOTHING)},
        "channel": _hours(t), "place": _place(t, texts("1")),
        "trustee": {"trustees": lambda w: w.manifest_trustees(name=t)},
        "registrar": {"registrars": lambda w: _registrars(name=t)(w)},
        "officer": {"officers": lambda w: items([t + public(x) for x in w.officers])},
        "validator": {"validators": lambda w: items(
            [t + row[len(texts("node-0")):] for row in w.validators])},
        "relay": {"relays": items([t + text("https://relay.example") + bytes(32)])},
    }


def paragraphs(t):
    """Every paragraph that must be there, as this Text."""
    return {
        "hours_of_help": {"help": text("119") + t},
        "eligibility": {"eligibility": u8(2) + t + u32(1)},
        "tie_rule": {"tie_rule": u8(1) + t}, "address": _place(texts("A"), t),
        "question": _question(title=t), "answer": _question(answer=t),
        "notice": {"notices": items([text("n") + t])},
    }


def left_out(t):
    """Every Text that may be left out."""
    return {
        "proposer": {"contests": contest(option=texts("B") + t + NOTHING)},
        "summary": {"contests": contest(option=texts("B") + NOTHING + t)},
        "channels_place": _hours(texts("home"), t),
    }


def third(value):
    """A Text that is another one in its third language only."""
    return text("x") + text("x") + text(value)


def _all(fault, name, *makers):
    for maker in makers:
        for field, change in maker(fault).items():
            bad("R1.12", f"{name}_{field}", field == "notice", **change)


_all(third("x\u200bx"), "hidden_in", lines, paragraphs, left_out)
_all(third("x" + 4 * "\u0301"), "heaped_in", lines, paragraphs, left_out)
_all(NOTHING, "nothing_in", lines, paragraphs)
_all(third(""), "one_language_less_in", left_out)
_all(third("x\nx"), "two_lines_in", lines)
for _field in ("proposer", "channels_place"):
    bad("R1.12", "two_lines_in_" + _field, **left_out(third("x\nx"))[_field])
for _field, _change in {**paragraphs(third("x\n\nx")), **left_out(third("x"))}.items():
    good("lines_of_" + _field, **_change)
good("lines_of_summary_two", **left_out(third("x\nx"))["summary"])
for _name, _value in {"first": "\nx", "last": "x\n", "blank_first": " x", "wide_last": "x\u3000",
                      "no_break_first": "\u00a0x", "return": "x\rx", "private": "x\ue000",
                      "separator": "x\u2028x", "only_a_blank": " "}.items():
    bad("R1.12", "line_feed_" + _name, notices=items([text("n") + third(_value)]))
for _value in ("", " 1", "1\n2", "1\u202e2"):
    bad("R1.12", f"telephone_{_value.encode().hex()}", help=text(_value) + texts("all day"))



# At most three characters in a row whose combining class is not 0, whatever the classes are.
for _name, _value in {
        "three": "x" + 3 * "\u0301", "three_on_a_letter_that_has_one": "\u00e0" + 3 * "\u0301",
        "three_at_the_beginning": 3 * "\u0301" + "x", "three_and_three": 2 * ("x" + 3 * "\u0301"),
        "two_lines": "x" + 3 * "\u0301" + "\n" + 3 * "\u0301", "class_0": "\u0915" + 9 * "\u093e",
        "enclosing": "x" + 9 * "\u20dd"}.items():
    good("marks_" + _name, notices=items([text("n") + third(_value)]))
for _name, _value in {
        "four": "x" + 4 * "\u0301", "four_at_the_beginning": 4 * "\u0301" + "x",
        "four_on_a_letter_that_has_one": "\u00e0" + 4 * "\u0301",
        "of_four_classes": "x\u0334\u0327\u0323\u0301", "of_kana": "\u3093" + 4 * "\u3099",
        "viramas": "\u0915" + 4 * "\u094d", "beyond_16_bits": "x" + 4 * "\U0001d185",
        "after_three": "x" + 3 * "\u0301" + "x" + 4 * "\u0301",
        "many": "x" + 99 * "\u0301"}.items():
    bad("R1.12", "marks_" + _name, notices=items([text("n") + third(_value)]))
bad("R1.12", "marks_in_the_telephone", help=text("1" + 4 * "\u0301") + texts("all day"))
good("marks_in_the_telephone", help=text("1" + 3 * "\u0301") + texts("all day"))


def titles(rule, name, first, second):
    """A contest with two titles, in the third language."""
    make = good if rule is None else lambda *a, **b: bad(rule, *a, **b)
    pair = (text("1") + text("1") + text(first), text("2") + text("2") + text(second))
    make("titles_" + name, contests=contest(
        first=pair[0] + 2 * NOTHING, option=pair[1] + 2 * NOTHING))


titles("R1.12", "equal", "Abc", "Abc")
titles("R1.12", "in_another_case", "Abc", "aBC")
titles("R1.12", "wide", "Abc", "\uff21\uff22\uff23")
titles("R1.12", "spaced", "A b\u3000c", "abc")
titles("R1.12", "half_wide", "\uff76\uff9e", "\u30ac")
titles("R1.12", "in_a_circle", "\u2460", "1")
titles(None, "in_another_case_of_other_letters", "\u00c4", "\u00e4")
titles(None, "of_two_letters", "\u00df", "ss")
titles(None, "equal_across_languages", "2", "1")
titles(None, "of_two_scripts", "A", "\u0391")


# -- ids, numbers, addresses -------------------------------------------------------

def ids(rule, name, **change):
    """A manifest that is about ids."""
    bad("R1.13", "ids_" + name, **change) if rule else good("ids_" + name, **change)


def _validators(origin):
    return lambda w: items([row.replace(text("https://node-1.example"), text(origin))
                            for row in w.validators])


def _one_origin(origin):
    return lambda w: _registrars()(w).replace(text("https://r1.example"), text(origin))


for _value in ("", "a b", "a\n", "\u00e4", "\x7f"):
    ids("R1.13", "portal_" + (_value.encode().hex() or "empty"), portal=text(_value))
ids(None, "of_all_characters", portal=text("".join(map(chr, range(0x21, 0x7F)))))
ids("R1.13", "manifest", id=text(""))
ids("R1.13", "registrars_origin", registrars=_one_origin(""))
ids("R1.13", "validators_origin", validators=_validators("\u00e4"))
bad("R5.13", "ids_one_origin_of_two_validators",
    validators=_validators("https://node-0.example"))
ids("R1.13", "place", places=items([place("", 3, "A")]))
ids("R1.13", "place_twice", places=items([place("a", 3, "A"), place("a", 3, "B")]))
ids("R1.13", "question", survey=items([question(ident=" ")]))
ids("R1.13", "question_twice", survey=items([question(), question()]))
ids("R1.13", "answer", survey=items([question(values=["a", ""])]))
ids("R1.13", "answer_twice", survey=items([question(values="aa")]))
ids(None, "answer_of_two_questions", survey=items([question(), question(ident="r")]))
ids("R1.13", "notice", notices=items([text("") + texts("A")]))
ids("R1.13", "notice_twice", notices=items([text("n") + texts("A"), text("n") + texts("B")]))
ids("R1.13", "version", releases=items([release("", "linux")]))
ids("R1.13", "platform", releases=items([release("1", "my os")]))
ids("R1.13", "release_twice", releases=items([release("1", "a"), release("1", "a", 8)]))
for _name, _pair in {"case": ("1.0-RC", "Mac"), "dash": ("1.0_rc", "mac"),
                     "case_and_dash": ("1.0_RC", "MAC")}.items():
    ids("R1.13", "release_twice_in_another_" + _name,
        releases=items([release("1.0-rc", "mac"), release("2", "mac"), release(*_pair)]))
ids("R1.13", "platform_twice_in_another_dash",
    releases=items([release("1", "mac-os"), release("1", "mac_os")]))
ids(None, "release_of_other_signs",
    releases=items([release(v, "mac") for v in ("1.0-rc", "1.0.rc", "1.0rc", "1.0~rc", "1.0--rc")]))
ids(None, "release_of_a_blended_name",
    releases=items([release("1-a", "b"), release("1", "a-b"), release("1-", "ab")]))
bad("R1.13", "ids_release_twice_on_the_board", True,
    releases=items([release("1", "Mac_OS"), release("1", "mac-os")]))
for _a, _b in (("@", "`"), ("[", "{"), ("_", "\x7e"), ("^", "~")):
    ids(None, f"release_of_signs_{ord(_a)}", releases=items([release(_a, "a"), release(_b, "a")]))
ids(None, "notices_in_another_case",
    notices=items([text("n") + texts("A"), text("N") + texts("A"), text("a_b") + texts("A"),
                   text("a-b") + texts("A")]))
ids(None, "release_of_two_platforms", releases=items([release("1", "a"), release("1", "b")]))
ids("R1.13", "contest_twice", contests=u32(2) + 2 * contest()[4:])
ids("R1.13", "option", contests=contest(ids=("a", "")))
ids("R1.13", "option_twice", contests=contest(ids="aa"))
ids("R1.13", "channel_twice", channels=items([channel(3, "a", (1, 4)), channel(3, "b", (1, 4))]))
ids("R1.13", "face_twice", face_required=items([u8(1), u8(1)]))
ids(None, "face_of_a_channel_that_is_not_there", face_required=items([u8(2)]))
ids("R1.13", "nobody_expected", eligibility=u8(1) + texts("A") + u32(0))
for _rule, _numbers, _low, _high in (
        (None, (0, 99), 1, 1), ("R1.13", (0, 100), 1, 1), ("R1.13", (0, 1), 0, 1),
        (None, (1, 99), 0, 1), (None, (0, 999), 0, 2), ("R1.13", (1, 1000), 1, 2),
        ("R1.13", (7, 7), 1, 1)):
    ids(_rule, f"numbers_{_numbers[0]}_{_numbers[1]}_of_{_low}_to_{_high}",
        contests=contest(numbers=_numbers, low=_low, high=_high))
bad("R1.13", "ids_on_the_board", True, portal=text(""))
bad("R1.12", "text_before_an_id", portal=text(""), title=NOTHING)
bad("R1.13", "id_before_the_authoritys_signature", portal=text(""),
    authority=lambda w: w.officers[0])


# -- tables of salts ---------------------------------------------------------------

def salts(rule, name, depths, **change):
    """A manifest whose registrars have tables of these depths."""
    make = good if rule is None else lambda *a, **b: bad(rule, *a, **b)
    make("salts_" + name, **{"registrars": _registrars(depths=depths), **change})


REAL = {"practice": u8(0)}
salts(None, "least_and_most_in_practice", (8, 28))
salts(None, "least_and_most", (16, 28), **REAL)
salts(None, "least_and_most_the_other_way_round", (28, 16), **REAL)
salts(None, "one_root_of_two_registrars", (8, 8), registrars=_registrars(root=0))
for _depths in ((7, 8), (8, 7), (29, 8), (8, 29), (0, 8), (8, 255)):
    salts("R1.14", f"in_practice_{_depths[0]}_{_depths[1]}", _depths)
for _depths in ((15, 16), (16, 15), (29, 16), (16, 29), (8, 8), (0, 16)):
    salts("R1.14", f"{_depths[0]}_{_depths[1]}", _depths, **REAL)
bad("R1.14", "salts_on_the_board", True, registrars=_registrars(depths=(8, 29)))
bad("R1.14", "salts_on_the_board_where_the_vote_counts", True,
    registrars=_registrars(depths=(16, 8)), **REAL)
bad("R1.13", "id_before_a_depth", portal=text(""), registrars=_registrars(depths=(7, 8)))
bad("R1.14", "depth_before_the_authoritys_signature", registrars=_registrars(depths=(7, 8)),
    authority=lambda w: w.officers[0])
bad("R1.02", "salts_root_cut_short", registrars=lambda w: _registrars()(w)[:-1])
trusted("R1.14", "salts_before_what_is_believed",
        STORIES["manifest_salts_8_8"][1], trust(practice=True))


# -- windows of the *again* keys ---------------------------------------------------

def _moduli(*counts):
    """This many moduli of each registrar, all of them different."""
    return lambda _own, i: [b"\xfe" + bytes((i,)) + n.to_bytes(253, "big") + b"\1"
                            for n in range(counts[i])]


def windows(rule, name, *begins, counts=None, board=False, **change):
    """A manifest with windows that begin at these times, and a modulus of each registrar."""
    again = _registrars(again=_moduli(*(counts or 2 * [len(begins)])))
    change = {"again_windows": items(map(u64, begins)), "registrars": again, **change}
    if rule is None:
        good("again_" + name, **change)
    else:
        bad(rule, "again_" + name, board, **change)


SIX, FIRST, CLOSE, LIMIT = 6 * HOUR, START + HOUR, START + 4 * HOUR, START + 6 * HOUR
LONG = {"close_at": u64(START + 10 * HOUR), "extend_limit": u64(START + 11 * HOUR),
        "announce_at": u64(START + 12 * HOUR)}
windows(None, "from_the_first_opening", FIRST)
windows(None, "six_hours_before_the_limit", LIMIT - SIX)
windows(None, "until_a_moment_before_the_close", FIRST, CLOSE - 1)
windows(None, "from_the_close", FIRST, CLOSE)
windows(None, "after_the_close", FIRST, CLOSE + 1)
windows(None, "until_a_moment_before_the_limit", FIRST, LIMIT - 1)
windows(None, "from_the_close_and_every_second_moment_behind_it", FIRST,
        *(CLOSE + 2 * n for n in range(9)))
windows(None, "six_hours_before_a_limit_that_is_the_close", CLOSE - SIX, extend_limit=u64(CLOSE))
windows(None, "until_a_moment_before_a_limit_that_is_the_close", FIRST, CLOSE - 1,
        extend_limit=u64(CLOSE))
windows(None, "until_the_greatest_limit", *range(START, CLOSE + 30 * DAY, SIX),
        extend_limit=u64(CLOSE + 30 * DAY), announce_at=u64(CLOSE + 60 * DAY))
windows(None, "of_a_millisecond", FIRST - 1, FIRST, FIRST + 1)
windows(None, "of_six_hours", FIRST, FIRST + SIX, **LONG)
windows(None, "of_six_hours_long_before", *(LIMIT - SIX * n for n in range(9, 0, -1)))
windows(None, "255", *(FIRST + n for n in range(255)))
windows("R1.02", "256", *(FIRST + n for n in range(256)))
windows("R1.15", "none", board=True)
windows("R1.15", "none_but_moduli", counts=(1, 1))
windows("R1.15", "a_moment_after_the_first_opening", FIRST + 1, board=True)
windows("R1.15", "after_the_opening_of_the_second_channel", FIRST + 1, channels=items(
    [channel(3, "venue", (2, 3)), channel(1, "home", (1, 2))]),
        places=items([place("a", 3, "A")]))
windows("R1.15", "one_twice", FIRST, FIRST)
windows("R1.15", "out_of_order", FIRST, FIRST - 1)
windows("R1.15", "out_of_order_at_the_end", FIRST - 2, FIRST, FIRST - 1)
windows("R1.15", "a_moment_longer_than_six_hours", FIRST, FIRST + SIX + 1, board=True, **LONG)
windows("R1.15", "six_hours_and_a_moment_before_the_limit", LIMIT - SIX - 1)
windows("R1.15", "six_hours_before_the_close_and_not_the_limit", CLOSE - SIX)
windows("R1.15", "six_hours_before_the_limit_that_is_a_moment_later", LIMIT - SIX, board=True,
        extend_limit=u64(LIMIT + 1))
windows("R1.15", "until_the_close_six_hours_and_a_moment_before_the_limit", FIRST, CLOSE - 1,
        extend_limit=u64(CLOSE + SIX))
windows("R1.15", "as_long_as_voting_and_not_the_greatest_limit",
        *range(START, CLOSE + 30 * DAY - SIX, SIX),
        extend_limit=u64(CLOSE + 30 * DAY), announce_at=u64(CLOSE + 60 * DAY))
windows("R1.15", "from_the_limit", FIRST, LIMIT, board=True)
windows("R1.15", "after_the_limit", FIRST, LIMIT + 1)
windows("R1.15", "from_a_limit_that_is_the_close", FIRST, CLOSE, extend_limit=u64(CLOSE))
windows("R1.15", "after_a_limit_that_is_the_close", FIRST, CLOSE + 1, extend_limit=u64(CLOSE))
windows("R1.15", "of_the_end_of_time", FIRST, 2**64 - 1)
windows("R1.15", "of_the_time_zero", 0)
windows("R1.15", "one_too_long_of_three", FIRST - SIX - 1, FIRST, FIRST + SIX, **LONG)
for _name, _counts in {"fewer_of_the_first": (1, 2), "fewer_of_the_second": (2, 1),
                       "more_of_the_first": (3, 2), "more_of_the_second": (2, 3),
                       "none_of_the_first": (0, 2), "none_of_both": (0, 0),
                       "one_of_both": (1, 1)}.items():
    windows("R1.15", "moduli_" + _name, FIRST, FIRST + 1, counts=_counts)
windows("R1.02", "moduli_256", *(FIRST + n for n in range(255)), counts=(255, 256))
windows("R1.05", "none_and_a_modulus_twice", registrars=_registrars(again=lambda own, _i: own * 2))
for _name, _again in {
        "twice": lambda own, _i: own * 2, "of_both": lambda _own, _i: [b"\xfe" + 255 * b"\1"],
        "even": lambda own, _i: [own[0][:-1] + b"\2"],
        "short": lambda own, _i: [b"\x7f" + own[0][1:]],
        "like_survey_of_the_first": lambda _own, _i: [b"\xff" * 255 + b"\1"]}.items():
    bad("R1.05", "again_modulus_" + _name, _name == "even", registrars=_registrars(again=_again))
bad("R1.05", "again_modulus_even_in_the_second_window",
    again_windows=items([u64(FIRST), u64(CLOSE)]),
    registrars=_registrars(again=lambda own, _i: [own[0], own[0][:-1] + b"\2"]))
bad("R1.05", "again_modulus_like_first", registrars=lambda w: _registrars(
    again=lambda _own, _i: [modulus(w.first[1])])(w))
windows("R1.14", "late_behind_a_depth", FIRST + 1, registrars=_registrars(depths=(7, 8)))
windows("R1.13", "late_behind_an_id", FIRST + 1, portal=text(""))
windows("R1.15", "late_before_the_authoritys_signature", FIRST + 1,
        authority=lambda w: w.officers[0])
windows("R1.15", "late_before_a_bucket", FIRST + 1, bucket_bits=u8(17))
trusted("R1.15", "windows_before_what_is_believed",
        STORIES["manifest_again_from_the_limit"][1], trust(practice=False))


# -- buckets -----------------------------------------------------------------------

def bucket(rule, bits, expected, practice=True, **change):
    """A manifest whose look-ups show this many bits."""
    make = good if rule is None else lambda *a, **b: bad(rule, *a, **b)
    name = f"bucket_of_{bits}_bits_for_{expected}{'' if practice else '_where_the_vote_counts'}"
    more = {} if practice else {**REAL, "registrars": _registrars(depths=(16, 16))}
    make(name, bucket_bits=u8(bits), eligibility=u8(1) + texts("A") + u32(expected),
         **{**more, **change})


for _bits, _least in ((1, 8), (2, 16), (15, 4 << 15), (16, 4 << 16)):
    bucket(None, _bits, _least)
    bucket("R1.16", _bits, _least - 1)
for _bits, _least in ((1, 32_768), (16, 2**30)):
    bucket(None, _bits, _least, False)
    bucket("R1.16", _bits, _least - 1, False)
bucket(None, 0, 1)
bucket(None, 0, 1, False)
bucket(None, 0, 2**32 - 1)
bucket(None, 3, 39)
bucket("R1.16", 1, 1)
bucket("R1.16", 1, 8, False)
bucket("R1.16", 17, 2**32 - 1)
bucket("R1.16", 17, 2**32 - 1, False)
bucket("R1.16", 255, 2**32 - 1)
bucket("R1.16", 64, 2**32 - 1)
bucket("R1.13", 1, 0)
bad("R1.16", "bucket_on_the_board", True, bucket_bits=u8(1))
bad("R1.16", "bucket_before_a_relay", bucket_bits=u8(1), relays=lambda w: _relays(
    ("https://r0.example", bytes(32))))
bad("R1.16", "bucket_before_the_authoritys_signature", bucket_bits=u8(1),
    authority=lambda w: w.officers[0])


# -- relays ------------------------------------------------------------------------

def _relays(*rows):
    return items([relay(f"relay-{i}", *row) for i, row in enumerate(rows)])


def relays(rule, name, *origins, pins=None, **change):
    """A manifest with relays at these addresses, by default with pins of their own."""
    make = good if rule is None else lambda *a, **b: bad(rule, *a, **b)
    pins = pins or [bytes((0x90 + i,)) * 32 for i in range(len(origins))]
    make("relays_" + name, relays=lambda w: _relays(
        *((o, p(w) if callable(p) else p) for o, p in zip(origins, pins))), **change)


def _pin(w):
    """A validator's SPKI, which stands before its X25519 key."""
    return w.validators[3][-64:-32]


A, B = "https://a.example", "https://b.example"
relays(None, "none")
relays(None, "four", A, B, "https://c.example", "https://d.example")
relays("R1.02", "five", A, B, "https://c.example", "https://d.example", "https://e.example")
relays(None, "of_other_ports", A, A + ":443", A + ":8443", "https://r0.example:443")
relays(None, "of_other_schemes", A, "http://a.example", "a.example")
relays(None, "of_another_case", A, "https://A.example", "HTTPS://a.example", "https://a.example.")
relays(None, "with_another_query", A + "?a", A + "?b", A + "#a")
relays(None, "whose_pins_are_alike", A, B, pins=[b"\x90" * 32, b"\x90" * 31 + b"\x91"])
relays("R1.17", "twice", A, A)
relays("R1.17", "twice_of_three", A, B, A)
relays("R1.17", "twice_in_other_folders", A + "/a", A + "/b")
relays("R1.17", "twice_once_with_a_slash", A, A + "/")
relays("R1.17", "twice_without_a_scheme", "a.example/a", "a.example")
relays("R1.17", "twice_of_nothing_before_a_slash", "/a", "/b")
relays("R1.17", "twice_of_nothing_after_a_scheme", "https:///a", "https://")
relays(None, "of_a_scheme_after_a_slash", "a/b://c", "a/d://c")
relays("R1.17", "with_one_pin", A, B, pins=[b"\x90" * 32] * 2)
relays("R1.17", "at_a_registrar", "https://r1.example")
relays("R1.17", "in_a_folder_of_a_registrar", A, "https://r0.example/relay")
relays("R1.17", "above_a_folder_of_a_registrar", "https://r1.example",
       registrars=_one_origin("https://r1.example/api"))
relays("R1.17", "at_a_validator", "https://node-2.example")
relays("R1.17", "in_a_folder_of_a_validator", "https://node-0.example/a/b")
relays("R1.17", "at_the_portal", "https://p.example")
relays("R1.17", "in_a_folder_of_the_portal", "https://p.example/relay")
relays("R1.17", "above_a_folder_of_the_portal", A, portal=text(A + "/vote/"))
relays("R1.17", "with_the_pin_of_a_registrar", A, pins=[b"\1" * 32])
relays("R1.17", "with_the_pin_of_a_validator", A, B, pins=[b"\x90" * 32, _pin])
relays("R1.13", "without_an_address", "")
relays("R1.13", "with_a_blank_in_the_address", "https://a example")
relays("R1.13", "with_other_letters_in_the_address", "https://\u00e4")
relays("R1.17", "twice_before_the_authoritys_signature", A, A, authority=lambda w: w.officers[0])
bad("R1.17", "relays_on_the_board", True, relays=_relays((A, b"\x90" * 32), (A + "/", bytes(32))))
bad("R1.02", "relays_cut_short", relays=lambda w: _relays((A, b"\x90" * 31)))
trusted("R1.17", "relays_before_what_is_believed", STORIES["manifest_relays_twice"][1],
        trust(practice=False))


# -- the validators' X25519 keys -----------------------------------------------------

P = 2**255 - 19
ORDER_8 = 325606250916557431795983626356110631294008115727848805560023387167927233504
# What is no X25519 key to seal to: of small order, or not in its one encoding.
NO_BOX = {"zero": 0, "one": 1, "minus_one": P - 1, "of_order_8": ORDER_8, "p": P,
          "nine_in_another_form": P + 9, "nine_with_the_highest_bit": 9 + 2**255,
          "all_ones": 2**256 - 1}


def boxes(*numbers):
    """The present validators, the last ones with these X25519 keys."""
    keys = [n.to_bytes(32, "little") for n in numbers]
    return lambda w: items([*w.validators[:-len(keys)], *(
        row[:-32] + key for row, key in zip(w.validators[-len(keys):], keys))])


for _name, _number in NO_BOX.items():
    bad("R1.05", "a_validators_box_" + _name, _name == "of_order_8", validators=boxes(_number))
bad("R1.05", "one_box_of_two_validators", True, validators=boxes(9, 9))
bad("R5.13", "another_box_of_a_validator", True, validators=boxes(9))
bad("R5.13", "the_boxes_of_two_validators_exchanged", validators=lambda w: items(
    [*w.validators[:2], *(a[:-32] + b[-32:] for a, b in (w.validators[2:], w.validators[:1:-1]))]))
good("box_of_an_auditor_and_the_greatest_one", auditors=items([(P - 2).to_bytes(32, "little")]))
bad("R1.02", "a_validators_box_cut_short", validators=lambda w: items(
    [*w.validators[:3], w.validators[3][:-1]]))
