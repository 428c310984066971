"""Rare life stories: words that single a person out although no name stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._windows import stems

_THINGS = (
    r"(?:gang|gange|dag|dage|måde|måder|ting|grund|problem|sted|mulighed|tid|forskel|løsning|chance|udvej|"
    r"vej|årsag|barriere|spørgsmål|kommentar|uge|time|fordel|ulempe|rigtige|aften)"
)
_AREA = r"(?:byen|kommunen|landet|landsbyen|øen|skolen|området|kvarteret|regionen|danmark|opgangen|sognet|amtet|provinsen|hæren)"
_CALLINGS = stems(
    "minister|præsident|borgmester|guvernør|general|oberst|kaptajn|major|dommer|anklager|redaktør|konge|dronning|emir|sultan|"
    "sheik|imam|præst|nonne|munk|biskop|konsul|ambassadør|diplomat|parlament|leder|oprører|spion|livvagt|høvding|prins|"
    "skuespiller|filminstruktør|popstjerne|sangerinde|forfatter|digter|landshold|mester|olympi|fysiker|kirurg|pilot|astronaut|"
    "bød|slave|soldat|gidsel"
)
_KNOWN = stems("dræbt|myrdet|henrette|afsat|fængslet|berømt|kendt|præsident|minister|journalist|konge|general|sanger")


# What singles a person out by itself hardly, and together with another of these well: it was told to all, it is the only one, a calling
# that few have, what befell few, a body or family that few have.
_MARKS = {
    "told": r"avis|fjernsyn|radioen|forside|nyhed|udsendelse|berømt|kendt|news|television|famous|photograph|\b(?:tv|everybody knows|"
    r"hele landet)",
    "only": r"\b(?:den|det|de|som|the|byens|landets|kommunens|verdens)\s(?:eneste|første|sidste|yngste|ældste|only|first|last|"
    r"youngest|oldest)\b|nogensinde",
    "calling": r"minister|præsident|president|borgmester|general|oberst|colonel|dommer|dronning|biskop|bishop|præst|ambassad|landshold|"
    r"landskamp|olympi|national (?:team|orchestra)|champion|sangerinde|skuespiller|actress|kirurg|surgeon|"
    r"\b(?:mayor|judge|konge|king|queen|prin[cs]\w*|priest|imam|pilot\w*|mester|ol|vm|singer|hæren|air force|army)\b",
    "event": r"forlis|styrt|eksplosion|explosion|bomb|kidnap|bortfør|drukne|drowned|lightning|jordskælv|earthquake|massak|massacre|"
    r"overlevede|"
    r"survived|defected|hoppede af|henrett|executed|\b(?:lynet|skudt|shot|skød)\b",
    "body": r"triplets|trillinger|tvilling|amput|\b(?:twins?|lost (?:\w+ ){1,3}(?:leg|arm|hand|eye|hands|legs|eyes|sight)|blind\w*|"
    r"mistede (?:\w+ ){0,2}(?:ben|arm|syn|øje|begge)|(?:syv|otte|ni|ti|elleve|tolv) (?:drenge|piger|sæt))\b",
}
_MARK = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _MARKS.items()), re.IGNORECASE)
# The marks that a pair cannot do without one of: all but what befell few.
MARK_STEMS = stems(
    "avis|fjernsyn|radioen|forside|nyhed|udsendelse|berømt|kendt|hele landet|news|television|famous|photograph|everybody knows| tv|eneste|"
    "det første|den første|som første|den sidste|yngste|ældste|nogensinde|the only|the first|youngest|oldest|minister|præsident|president|"
    "borgmester|general|oberst|colonel|dommer|dronning|biskop|bishop|præst|ambassad|landshold|landskamp|olympi|national |champion|"
    "sangerinde|"
    "skuespiller|actress|kirurg|surgeon| mayor| judge| konge| king| queen| prin| imam| pilot| mester| ol | vm | singer| hæren|"
    "air force| army|"
    "triplets|trillinger|tvilling| twin| lost | blind|amput|mistede| drenge| piger| sæt"
)
_SENTENCE = re.compile(r"[^.!?\n]+")
_SOMEBODY = re.compile(r"\b(?:jeg|mig|min|mine|mit|han|hun|ham|hende|hans|hendes|vi|os|I|me|my|he|she|his|her|we|us)\b")


def twice_marked(text: str) -> Iterator[Finding]:
    """Sentences on somebody that hold two unlike marks of a rare life."""
    for sentence in _SENTENCE.finditer(text):
        marks = list(_MARK.finditer(sentence[0])) if _SOMEBODY.search(sentence[0]) else []
        if len({mark.lastgroup for mark in marks}) > 1:
            start = sentence.start()
            yield Finding(start + marks[0].start(), start + marks[-1].end(), "RARE", 0.3, "two things that single a person out")


@dataclass(frozen=True)
class Story:
    """One sort of rare story: the parts of words that announce it, and how it is told."""

    pattern: re.Pattern[str]
    confidence: float
    rule: str
    stems: tuple[str, ...]

    def find(self, text: str) -> Iterator[Finding]:
        """Passages to look at."""
        for match in self.pattern.finditer(text):
            yield Finding(match.start(), match.end(), "RARE", self.confidence, self.rule)


STORIES = tuple(
    Story(re.compile(pattern, re.IGNORECASE), confidence, rule, announced)
    for pattern, confidence, rule, announced in (
        (
            (
                rf"\b(?:(?:den|det|de)\s+eneste|(?:kommunens|byens|landsbyens|skolens|områdets|øens|landets|sognets|kvarterets|"
                rf"egnens|verdens)\s+(?:eneste|første|sidste|yngste|ældste))\s+(?!{_THINGS}\b|der\b|som\b|jeg\b|vi\b|han\b|"
                rf"hun\b|man\b|de\b)(?:\w+\s+){{0,4}}?(?:fra|i|på|med)\s+\w+"
            ),
            0.5,
            "the only or first one in a place",
            ("eneste", "første", "sidste", "yngste", "ældste"),
        ),
        (
            (
                rf"\b(?:kommunens|byens|landsbyens|skolens|øens|landets|sognets|egnens)\s+(?:eneste|første|sidste|yngste|"
                rf"ældste)\s+(?!{_THINGS}\b)\w+"
            ),
            0.5,
            "the only or first one in a place",
            ("eneste", "første", "sidste", "yngste", "ældste"),
        ),
        (
            (
                rf"\b(?:den|det|de)\s+(?:eneste|første|sidste|yngste|ældste)\s+(?!{_THINGS}\b|der\b|som\b|jeg\b|vi\b|han\b|hun\b|man\b|de\b)(?:\w+\s+){{0,3}}?(?:i|på|"
                rf"fra)\s+(?:{_AREA}|den|det|vores|hele|min)\b"
            ),
            0.5,
            "the only or first one in a place",
            ("eneste", "første", "sidste", "yngste", "ældste"),
        ),
        (
            (
                r"\beneste\s+(?:overlevende|der\s+overlevede)\b|\boverlevede\s+(?:som\s+den\s+eneste|forliset|massakren|"
                r"bombardementet|henrettelsen|giftgas\w*|flystyrt\w*|branden|skibbrud\w*|bådulykken|attentatet|jordskælvet)"
            ),
            0.5,
            "survived what others did not",
            ("overlev",),
        ),
        (
            (
                r"\b(?:syv|otte|ni|ti|elleve|tolv|tretten|fjorten|femten|seksten|sytten|atten|nitten|tyve|[789]|1\d|20)\s+(?:børn|søskende|sønner|døtre|drenge|"
                r"piger)\b"
            ),
            0.4,
            "unusual family",
            ("børn", "søskende", "sønner", "døtre", "drenge", "piger"),
        ),
        (
            r"\b(?:trilling|firling|siamesiske|femling)\w*\b|\btvillinger(?:ne)?\s+(?:fra|i)\s+[A-ZÆØÅ]\w+",
            0.5,
            "unusual family",
            ("trilling", "firling", "siames", "femling", "tvilling"),
        ),
        (
            (
                r"\b(?:stod|var|kom|kommet|har været|optrådte|medvirkede|interviewet)\s+(?:med\s+)?(?:i|på|til)\s+(?:avisen|fjernsynet|"
                r"tv|tv-avisen|lokalavisen|radioen|forsiden|nyhederne|dr1?|tv2|\w+showet)\b(?!s)|\bkendt\s+(?:fra|i)\s+(?:\w+\s)?(?:avis|"
                r"tv|fjernsyn|radio|medie|film)\w*|\bnyhedsoplæser\w*|\bstudievært\w*"
            ),
            0.4,
            "was in the news",
            ("avis", "fjernsyn", "tv", "radio", "forside", "nyhed", "dr1", "showet", "studievært", "kendt fra", "kendt i"),
        ),
        (
            (
                r"\b(?:var|været|er|som|blev|som\s+tidligere|tidligere)\s+(?:en\s+|den\s+)?(?:\w+\s)?(?:\w{0,20}minister|"
                r"præsident|borgmester|guvernør|general|oberst|kaptajn|major|\w{0,20}dommer|(?:chef|stats|rigs|over)\w*anklager|chefredaktør|"
                r"konge|dronning|emir|sultan|sheik\w*|imam|præst|nonne|"
                r"munk|biskop|konsul|ambassadør|diplomat|parlamentsmedlem|partileder|oprører|oprørsleder|spion|livvagt|"
                r"klanleder|stammehøvding|høvding|prinsesse|prins|skuespiller\w*|filminstruktør|popstjerne|sangerinde|"
                r"forfatter|digter|landsholdsspiller|verdensmester|olympi\w+|atomfysiker|hjernekirurg|kirurg|pilot|astronaut|"
                r"bødde?l|slave|børnesoldat|barnesoldat|soldaterleder|gidsel)\b"
            ),
            0.4,
            "a calling that singles out",
            _CALLINGS,
        ),
        (
            (
                r"\b(?:guld|sølv|bronze|medalje|medaljer|mesterskab\w*)\s+(?:\w+\s+){0,3}?(?:ved|i|til)\s+(?:\w+\s)?(?:ol|"
                r"olympi\w+|paralympi\w+|de\s+paralympiske|de\s+olympiske|vm|em|asiatiske|verdensmesterskab\w*)\b|\b(?:på|"
                r"til|for|med|målmand|angriber|forsvarer|træner)\s+(?:\w+\s){0,2}\w*landshold\w*|\b(?:landsmester|verdensmester|europamester|afrikamester|asienmester)\b|\bspillede\s+\w*\s?landskamp\w*"
            ),
            0.5,
            "sport at the highest level",
            ("guld", "sølv", "bronze", "medalje", "mester", "landshold", "landskamp"),
        ),
        (
            (
                r"\b(?:søn|datter|bror|søster|enke|enkemand|far|mor|fætter|kusine|nevø|niece|barnebarn|gift)\s+(?:til|"
                r"efter|af|med)\s+(?:den|det|en)\s+(?:\w+\s+){0,2}?(?:dræbt\w*|myrdet\w*|henrette\w*|afsat\w*|fængslet\w*|"
                r"berømt\w*|kendt\w*|præsident\w*|minister\w*|journalist\w*|konge\w*|general\w*|sanger\w*)"
            ),
            0.5,
            "kin of somebody known",
            _KNOWN,
        ),
        (
            (
                r"\b(?:dræbt|myrdet|henrettet|halshugget|skudt|stenet|omkom|druknede)\s+(?:i|ved|under|på|af|foran|sammen)\s+(?:den|"
                r"det|sin|hans|hendes|mine?|egen|en|et)\b[^.\n]{0,40}|\b(?:halshugget|henrettet|stenet|myrdet|korsfæstet|"
                r"lynchet)\b|\bdømt\s+til\s+døden\b|\bdødsdømt\w*"
            ),
            0.4,
            "a death that was known",
            ("dræbt", "myrdet", "henrettet", "halshug", "skudt", "stenet", "omkom", "druknede", "døden", "dødsdømt"),
        ),
        (
            (
                r"\b(?:mistede|mistet|uden|amputere\w*|kun)\s+(?:begge\s+|sit\s+|sin\s+|sine\s+|et\s+|en\s+|to\s+|højre\s+|"
                r"venstre\s+)+(?:ben|arm|arme|øje|øjne|hånd|hænder|fod|fødder|syn|hørelse)\w*|\bet\s+enkelt\s+øje\b|\b(?:syre(?:angreb|"
                r"overfald)\w*|brandsår\s+i\s+ansigtet)"
            ),
            0.4,
            "an injury that is seen",
            ("mistede", "mistet", "uden", "amputer", "kun ", "enkelt øje", "syre", "brandsår"),
        ),
        (
            (
                r"\bkron(?:prins|prinsesse)\w*\b[^.\n]{0,30}|\b(?:dronning|kong)en?\s+(?:gav|overrakte|hilste|besøgte|"
                r"inviterede)\b"
            ),
            0.4,
            "met a royal person",
            ("kronprins", "dronning", "konge"),
        ),
        (
            (
                r"\bfødt\s+(?:på|i|under)\s+(?:et\s+|en\s+|den\s+|selve\s+)?(?:skib|båd|gummibåd|fly|flyet|lastbil|fængsel|"
                r"tog|bus|ørken\w*|bombardement\w*|flugten|grænsen|bunker)\w*"
            ),
            0.5,
            "an unusual birth",
            ("født",),
        ),
        (
            (
                r"\b(?:fik\s+barn|blev\s+gift|gift|giftet\s+bort|mor|født\w*\s+barn|solgt)\s+(?:\w+\s+)?som\s+(?:ni|ti|"
                r"elleve|tolv|tretten|fjorten)årig\b|\b(?:gift|solgt|bortgiftet)\s+da\s+(?:hun|jeg)\s+var\s+(?:ni|ti|elleve|"
                r"tolv|tretten|9|1[0-3])\b"
            ),
            0.5,
            "married or a parent as a child",
            ("barn", "gift", "mor ", "født", "solgt"),
        ),
        (
            (
                r"\b(?:to\s+meter\s+og|over\s+to\s+meter|2[,.]\d+\s*m(?:eter)?\s+høj|1[,.]2\d\s*m(?:eter)?\s+høj|dværg\w*|"
                r"albino\w*)\b"
            ),
            0.4,
            "an unusual body",
            ("meter", "høj", "dværg", "albino"),
        ),
        (
            (
                r"\b(?:blevet\s+)?(?:kidnappet|år\s+i\s+(?:isolation|fængsel|fangelejr|arbejdslejr|fangenskab)|bortført|"
                r"taget\s+som\s+gidsel|holdt\s+som\s+slave|fængslet\s+i\s+(?:\w+\s+)?(?:år|isolation)|tortureret\s+i)\b[^.\n]{0,30}"
            ),
            0.4,
            "captivity",
            ("kidnap", "år i", "bortført", "gidsel", "slave", "fængslet", "torturer"),
        ),
        (
            (
                r"\b(?:gik|cyklede|svømmede|roede|red)\s+(?:hele\s+vejen|alene|til\s+fods)\s+(?:fra|over|til|gennem)\b[^.\n]{0,30}|"
                r"\bsvømmede\s+over\b|\bkrydsede\s+(?:sahara|middelhavet|ørkenen)\s+(?:alene|til\s+fods)"
            ),
            0.4,
            "an unusual flight",
            ("gik ", "cyklede", "svømmede", "roede", "red ", "krydsede"),
        ),
        (
            (
                r"\b(?:tolk|oversætter|kok|chauffør|vagt|spion|informant|arbejdede)\s+(?:for|hos)\s+(?:(?:den|det|de)\s+)?"
                r"(?:danske|amerikanske|britiske|engelske|tyske|norske|franske|russiske|udenlandske|CIA|NATO|FN)\w*\s?"
                r"(?:lejr\w*|styrke\w*|hær\w*|soldater\w*|militær\w*|ambassade\w*|tropper\w*|base\w*|bataljon\w*|forsvar\w*)?"
            ),
            0.4,
            "served with a foreign force",
            ("tolk", "oversætter", "kok ", "chauffør", "vagt", "spion", "informant", "arbejdede"),
        ),
    )
)
