"""Values as the programs beside Abgleich compare them: names without legal forms and umlauts, domains without scheme and host."""
import re
import unicodedata

FORMS = (r"\b(g?gmbh|g\.? ?m\.? ?b\.? ?h\.?|gesellschaft mit beschrankter haftung|mbh|aktiengesellschaft|a\.?g\.?|se|kgaa|kg|ohg|ug|haftungsbeschrankt|"
         r"e\.? ?k\.?|e\.? ?v\.?|eg|gbr|co|inc|ltd|limited|llc|plc|b\.?v\.?|s\.?a\.?s?|s\.?r\.?l\.?|s\.?p\.?a\.?)(?!\w)")
SHARED = re.compile(r"^(t-online|gmx|web|gmail|facebook|linkedin|xing|jimdo|wix|google|freenet|aol|yahoo|hotmail|outlook|instagram)\.")


def fold(text):
    text = text.lower()
    for umlaut, plain_letters in (("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "ss"), ("ae", "a"), ("oe", "o"), ("ue", "u")):
        text = text.replace(umlaut, plain_letters)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def plain(text):
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split()) or None


def name(text):
    folded = re.sub(r"\(.*?\)", " ", fold(text))
    core = plain(re.sub(r"\b(und|and|u)\b|&|\+", " ", re.sub(FORMS, " ", folded)))
    return core or plain(folded)


def domain(text):
    host = re.sub(r"^[a-z]+://", "", text.strip().lower()).split("/")[0].split("?")[0].split("@")[-1]
    parts = host.strip(".").split(".")
    registered = ".".join(parts[-2:]) if len(parts) > 1 else ""
    return registered if registered and not SHARED.match(registered) else None


def postal_code(text):
    return re.sub(r"^[A-Za-z]{1,3}[ -]", "", text).replace(" ", "") or None
