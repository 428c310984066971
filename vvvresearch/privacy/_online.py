"""E-mail addresses, plain or written so that machines do not see them, and names in social media."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._lexicon import is_english, is_listed, is_word, respelled
from vvvresearch.privacy._windows import stems

# No part may be tried from every place of one long word: times must grow with the text, not with its square.
_AT_SAID = r"(?:(?:snabel|alfa|krøllet|krølle?|at)-?\s?(?:a|tegn(?:et)?|sign|krøl(?:le)?|alfa))"
EMAIL_STEMS = stems(
    "@|snabel|krøl|alfa|at-tegn|at tegn|at-sign|at sign|"
    "attegn|mail|outlook|yahoo|icloud|_dot_|-dot-|.dot.| dot| punktum| prik|dot)|dot]|dot}|"
    "punktum)|[.]|(.)|.dk|.com|.net|.org|.se|.no|.eu| . "
)
# A word for the sign between signs.
EMAIL_SIGNS = re.compile(r"[\W_](?<![\s,;:!?])(?:(?<=[(\[])\w{1,3}[)\]]\w|\s?(?:at|ved|a)\s?(?:[^\w\s,;:!?]|_)|(?<=[(\[{<])\s?(?:at|ved))")
HANDLE_STEMS = stems(
    "@|_|#|://|live:|.com/|.me/|.dk/|insta|tiktok|tik tok|snap|telegram|discord|facebook|messenger|twitter|skype|signal|viber|"
    "whatsapp|steam|"
    "twitch|threads|reddit|youtube|linkedin| ig | ig:|\nig|(ig|bruger|profil|gamertag|nick|pin|/@|handle:|handle is|username|"
    "bluesky|mastodon|bereal| fb|\nfb|gamer tag|underscore|understreg|bundstreg|mitid|password|kodeord|adgangskode|mail|logge|login"
)
# What leads over to the next part of what is read out.
_THEN = r"(?:(?:og )?så\s|(?:and )?then\s|og\s)?"
_SIGN = r"\s(?:\.|dot|punkt|punktum|prik|under(?:score|streg)|bindestreg)\s"
_LOCAL = rf"(?<![\w.+\-])[\w][\w.+\-–]*+(?:(?:{_SIGN}|&|[(\[{{{{](?:\.|dot|punktum|prik)[)\]}}}}])[\w][\w.+\-]*+){{0,3}}"
# A word for a sign stands between signs, whichever they are, or by itself.
_SIGNED = r"\s?(?:[^\w\s,;:!?]|_)\s?(?:[^\W\d]+\s){{0,4}}?(?:{})\s?(?:[^\w\s,;:!?]|_)\s?"
_DOT_WORD = r"dot|punktum|punkt|prik"
_DOT = rf"(?:\s?[.,•·]\s?|{_SIGNED.format(_DOT_WORD + '|' + chr(92) + '.')}|,?\s(?:{_DOT_WORD}),?\s)"
_AT = r"(?:\s?@{1,2}\s?|\s(?-i:AT)\s|[(\[]\w{1,3}[)\]](?=[\w\-]+\.[a-z]{2})|"
_AT += rf"{_SIGNED.format(f'at|a|@|ved|snabel|{_AT_SAID}')}|,?\s{_THEN}{_AT_SAID},?\s{_THEN})"
_DOMAIN = rf"[\w\-]+(?:{_DOT}[\w\-]+){{0,4}}"
_TOP = r"[a-z]{2,12}\b"
_KNOWN_TOP = r"(?:dk|com|net|org|se|no|de|eu|info|uk|fi|fr|nl|io|me|ru|ua|nu|edu|gov)"
_EMAIL = re.compile(rf"{_LOCAL}{_AT}(?:{_DOMAIN}{_DOT}{_TOP}|\[\d+(?:\.\d+){{3}}\])", re.IGNORECASE)
# A word that says other things too: an address where the stop is said in words as well, or where what stands before it is no word.
_BARE_AT = re.compile(
    rf"({_LOCAL})(?:,\s[^\W\d]+(?:\s[^\W\d]+){{0,3}},)?,?\s{_THEN}(at|ved|på|hos),?\s{_THEN}({_DOMAIN}{_DOT})(?:{_KNOWN_TOP}|(?P<other>[a-z]{{2,8}}))\b",
    re.IGNORECASE,
)
# Words that are joined by the signs that stand in addresses themselves.
_JOINED = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{2,60}?(?P<sign>[_.+\-])(?:at|snabel-?a)(?P=sign)[\w\-]{2,60}?(?:\.[\w\-]{2,40}){0,2}?"
    rf"(?:\.|(?P=sign)(?:{_DOT_WORD})(?P=sign)){_TOP}",
    re.IGNORECASE,
)
_SAID_STOP = re.compile(rf"\W(?:{_DOT_WORD})\W", re.IGNORECASE)
_APART = re.compile(r"(?<!\w)(?:[\w.+\-] ){2,40}@(?: [\w\-.]){3,40}(?!\w)")
# Those that give addresses away: they are known without what follows the last stop.
_PROVIDER = re.compile(
    rf"(?:{_LOCAL}\s?(?:@|\s{_AT_SAID}\s)\s?|(?<![\w.+\-])(?=[\w.]*[\d_.])[\w.]{{3,40}}\s(?:at|på)\s)"
    r"(?:gmail|hotmail|live|yahoo|outlook|icloud|mail|msn|jubii|ofir|stofanet|protonmail)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(rf'["\'“”’][^"\'“”’@\n]{{1,60}}["\'“”’]@[\w\-]+(?:\.[\w\-]+){{0,4}}\.{_TOP}', re.IGNORECASE)
_HANDLE = re.compile(
    r"(?<![\w.@/\[])@(?!(?:media|import|page|font|charset|keyframes|supports|property|param|return|pytest|alle|everyone|here|channel)\b)[A-Za-zÀ-ÿ_][\w.]{1,28}\w"
)
_PROFILE = re.compile(
    r"\b(?:https?://)?(?:www\.|m\.)?(?:(?:facebook|instagram|tiktok|linkedin|twitter|snapchat|telegram|youtube|reddit|vk|fb|threads|t|x|wa|m)\.(?:com|me|dk|net)/"
    r"(?:groups/[\w.]+/)?(?!groups|pages|events|watch|share|hashtag|sharer|intent|help|policies|about|company|login)"
    r"(?:in/|people/|add/|u/|user/|c/|channel/|profile\.php\?id=)?@?[\w.\-%]{3,60}(?:/\d+)?(?:\?\S{1,40})?|[\w\-]+\.[a-z]{2,4}/@[\w.\-]{3,40})",
    re.IGNORECASE,
)
# A page that is called by one word which no dictionary has is somebody's own.
_PAGE = re.compile(r"\bhttps?://(?:[\w\-]+\.)+[a-z]{2,}/(?P<name>[^\W_][\w\-]{3,38}[^\W_])/?(?![\w/.?=])")
# What somebody logs on with: figures and letters in one word.
_LOGIN = re.compile(
    r"\b(?:bruger-?(?:navn|id)(?:et)?|\w{0,6}-?login|mitid|password|adgangskoden?|kodeord(?:et)?)(?:\s(?:er|hedder|lyder|var))?\s?[:=]?\s"
    r"(?P<name>(?=[\w.\-]*\d)(?=[\w.\-]*[^\W\d])[\w.\-]{3,30}\w)|\bpin(?:-?kode)?n?(?:\ser)?\s?:?\s(?P<pin>\d{4,8})(?!\w)",
    re.IGNORECASE,
)
_MEDIUM = (
    r"(?:mail(?:en|adresse(?:n)?)?|(?<!-)\b(?:instagram|x\.com|insta|ig|tik ?tok|snapchat|snap(?:code)?|telegram|discord|bluesky|"
    r"mastodon|bereal|"
    r"facebook|fb|messenger|twitter|skype|signal|viber|whatsapp|steam|twitch|"
    r"threads|reddit|youtube|linkedin|mitid|log(?:ger|gede|ge|in)(?: ind| på)?|bruger(?:navn|-?id)?(?:et)?|"
    r"gamer ?tag|nick(?:name)?|handle|username|profil(?:navn)?(?:en|et|e)?))(?:\.com)?(?:-?navn\w*|-?profil\w*|-?bruger\w*)?\b"
)
# A name that no word looks like: with a figure, a stroke or a stop inside, and no web address.
_NAME = (
    r"(?=[\w.]*[^\W\d_])(?=[\w\-]*(?:[\d_.]\w|[^\W\d_]\d))(?!(?:www\.)?\w+\.(?:dk|com|net|org|se|no|de|"
    r"eu)\b)(?!covid)[a-zæøå0-9_](?:[\w.]|-(?=\w)){2,28}\w"
)
_MEDIUM_NAMED = re.compile(_MEDIUM, re.IGNORECASE)
# What follows a medium and is nobody's word: a name that is introduced or put beside it, or one near it that is shaped as no word is.
_CALLED = re.compile(
    r"(?:[ ,\w]{0,25}?\s(?:er|is|hedder|called|navnet|kalder)(?:\s(?:han|hun|jeg|de|er|hende|ham|mig))?(?:\s[ms]ig)?\s"
    rf"|\s?:\s?|\s(?:som|as|under|til|hos|efter|med)\s|[ :=(\[>→\-–]{{1,4}})(?:@|u/)?({_NAME})"
    r"|[^.\n!?@/]{0,25}?(?<![\w.])((?!covid)(?:[^\W\d_]\w*_\w*\w|[^\W\d_]{3,}\d{2,})(?![\w@]))"
    # Behind a sign that leads to a profile anything is one; two words with capitals are what somebody is called there.
    r"|[^.\n!?@/]{0,12}?\s?(?:/(?:in/)?|@ )([\w.\-]{2,29}\w)"
    r"|(?:\s?:\s?[\"'“”»«]?|\s(?:er|hedder|som|under|as|is|called)\s(?:(?:jeg|hun|han|du|I)\s)?[\"'“”»«]?|(?<=navn)\s|"
    r"\s[\"'“”»«])((?-i:[A-ZÆØÅ][a-zæøå]+ [A-ZÆØÅ][a-zæøå]+))\b",
    re.IGNORECASE,
)
# Right behind a medium, or introduced: one word that is in no dictionary.
_NO_WORD = re.compile(
    r"(?:\s?:\s?|\s)(?:(?:er|hedder|som|under|as|is)\s(?:(?:han|hun|jeg|de|I|du)\s)?)?(?-i:([a-zæøå]{5,30}))(?![\w\-])", re.IGNORECASE
)
_CALLED_BEFORE = re.compile(
    rf"(?<![\w.@/])(?:({_NAME})|(?<=hedder )(\w{{4,30}}))\s(?:på|i|on)\s(?:min |hendes |hans )?{_MEDIUM}"
    # What somebody is, with a stroke inside, is a name wherever it is used.
    r"|\b(?:min|mit|hans|hendes|hun|han|jeg|my|her|his)\b[^.\n]{0,15}?\s(?:er|hedder|is|som)\s(?P<odd>[^\W_]\w*_\w*[^\W_])(?!\w)",
    re.IGNORECASE,
)
# A name with a number behind it; a word so written is a variable's or a file's.
_COUNTED_NAME = re.compile(r"(?<![\w./\-@#])([a-zæøå]{4,20})_\d{2,4}(?![\w./\-])")
# A name that only a medium gives, and one with a stroke that is read out, which stands in no other word.
_NUMBERED = re.compile(
    r"(?<![\w#])([\w.]{2,32}#\d{4})(?!\w)|\blive:([\w.\-]{3,40})"
    r"|(?<!\w)([^\W\d_]\w+(?:\s(?:underscore|understreg|bundstreg)\s\w+)+)",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Finding]:
    """E-mail addresses."""
    for match in _EMAIL.finditer(text):
        yield Finding(match.start(), match.end(), "EMAIL", 0.98 if "@" in match[0] else 0.9, "e-mail address")
    for match in (*_JOINED.finditer(text), *_QUOTED.finditer(text), *_APART.finditer(text), *_PROVIDER.finditer(text)):
        yield Finding(match.start(), match.end(), "EMAIL", 0.95, "e-mail address")
    place = 0
    while bare := _BARE_AT.search(text, place):
        place, at = bare.end(2), bare[2].casefold()
        said = _SAID_STOP.search(bare[3]) and at in ("at", "ved")
        odd = re.search(r"\w[._\-\d]", bare[1]) or (at == "at" and not (is_word(bare[1].casefold()) or is_english(bare[1].casefold())))
        # Any two letters are a country's where the stop is said as well, and any word ends an address of somebody who has no word's name.
        if (said and (odd or len(bare["other"] or "dk") == 2)) or (odd and not bare["other"]):
            place = bare.end()
            yield Finding(bare.start(), place, "EMAIL", 0.8, "e-mail address in words")


def handles(text: str) -> Iterator[Finding]:
    """Names in social media."""
    for match in _HANDLE.finditer(text):
        yield Finding(match.start(), match.end(), "ID", 0.7, "name in social media")
    for match in _PROFILE.finditer(text):
        yield Finding(match.start(), match.end(), "ID", 0.85, "address of a profile")
    for match in _PAGE.finditer(text):
        if not any(is_word(part) or is_english(part) for part in re.split(r"[\W\d_]+", match["name"].casefold())):
            yield Finding(match.start(), match.end(), "ID", 0.6, "address of a profile")
    for match in _LOGIN.finditer(text):
        yield Finding(*match.span("pin" if match["pin"] else "name"), "ID", 0.7, "name or word that opens an account")
    for match in _NUMBERED.finditer(text):
        yield Finding(match.start(), match.end(), "ID", 0.7, "name in social media")
    for match in _COUNTED_NAME.finditer(text):
        if not (is_word(match[1]) or is_english(match[1]) or is_word(respelled(match[1]))):
            yield Finding(match.start(), match.end(), "ID", 0.5, "name in social media")
    for match in _CALLED_BEFORE.finditer(text):
        yield Finding(*match.span(match.lastindex or 0), "ID", 0.7, "name in social media")
    for medium in _MEDIUM_NAMED.finditer(text):
        called = _CALLED.match(text, medium.end())
        if called is None:
            called = _NO_WORD.match(text, medium.end())
            if called and (is_listed(called[1]) or is_english(called[1])):
                continue
        if called and called.lastindex:
            yield Finding(*called.span(called.lastindex), "ID", 0.7, "name in social media")
