"""Makes labelled records from a company file, as a sales team would type them: renoise.py COMPANIES OUT SEED [RECORDS].

Writes companies.csv, records.csv and truth.csv into OUT. A fifth of the companies is removed from the file first, so that their records have no
counterpart and namesakes and group members become tempting candidates. The recipe deliberately differs from that of the labelled files and
of tests/generator: a result that holds on all three does not depend on one recipe.
"""
import csv
import pathlib
import random
import re
import sys

FORMS = r"(GmbH & Co\. KGaA|GmbH & Co\. KG|SE & Co\. KGaA|AG & Co\. KG|UG \(haftungsbeschränkt\)|gGmbH|GmbH|mbH|AG|SE|e\.K\.|e\.V\.|OHG|KG|GbR|eG|Ltd\.?|Inc\.?|LLC|B\.V\.|S\.A\.|SAS|Limited)$"
OTHERS = ["GmbH", "mbH", "G.m.b.H.", "Gmbh", "AG", "GmbH & Co. KG", "KG", "UG", "e.K.", "Gesellschaft mbH"]
SPELT = {"GmbH": ["Gesellschaft mit beschränkter Haftung", "G.m.b.H.", "mbH"], "AG": ["Aktiengesellschaft", "A.G."], "e.K.": ["eK", "e. Kfm."],
         "GmbH & Co. KG": ["GmbH & Co.", "GmbH + Co KG", "GmbH und Co. KG"], "UG (haftungsbeschränkt)": ["UG"]}
ROLES = r"[ -](Holding|Service|Vertriebs?|Verwaltungs?-?|Beteiligungs?|Immobilien|International|Deutschland|Gruppe|Germany|Digital)\b"
NEIGHBOURS = dict(zip("qwertzuiopasdfghjklyxcvbnm", "werttuiopüsdfghjklöxcvbnmn"))
NOTES = [" - inaktiv", " (alt)", " !!!", " - Dublette?", " (gelöscht)", " / Zentrale", " - Kd. 4711", " *", ", Einkauf", " - Neukunde"]


def typo(draw, text):
    places = [at for at in range(1, len(text) - 1) if text[at].isalpha() and text[at + 1].isalpha()]
    if not places:
        return text
    at, what = draw.choice(places), draw.random()
    if what < 0.3:
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    if what < 0.55:
        return text[:at] + text[at + 1:]
    if what < 0.75:
        return text[:at] + text[at] + text[at:]
    return text[:at] + NEIGHBOURS.get(text[at].lower(), "e") + text[at + 1:]


def umlauts(draw, text):
    how = draw.choice([{"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}, {"ä": "a", "ö": "o", "ü": "u", "ß": "ss"}])
    return "".join(how.get(c, how.get(c.lower(), c).capitalize() if c.lower() in how else c) for c in text)


def name(draw, company):
    text = company["name"]
    match = re.search(FORMS, text)
    core, form = (text[: match.start()].strip(" ,"), match.group(1)) if match else (text, "")
    what = draw.random()
    if form and what < 0.30:
        text = core
    elif form and what < 0.46:
        text = f"{core} {draw.choice(SPELT.get(form, [form.lower(), form.upper()]))}"
    elif form and what < 0.50:
        text = f"{core} {draw.choice(OTHERS)}"
    elif what < 0.53 and company["domain"]:
        text = company["domain"] if draw.random() < 0.4 else company["domain"].split(".")[0].replace("-", " ").title()
    elif what < 0.55 and len(core.split()) >= 3:
        text = "".join(word[0] for word in core.replace("-", " ").split()).upper()
    elif what < 0.58:
        words = core.split()
        draw.shuffle(words)
        text = " ".join(words + [form]) if draw.random() < 0.5 else " ".join(words)
    elif what < 0.61:
        text = re.sub(ROLES, "", text)
    elif what < 0.65:
        text = f"{text if draw.random() < 0.5 else core} {company['city']}"
    elif what < 0.67 and len(core.split()) >= 3:
        words = core.split()
        words.pop(draw.randrange(1, len(words)))
        text = " ".join(words)
    if draw.random() < 0.14:
        text = umlauts(draw, text)
    if draw.random() < 0.12:
        text = re.sub(r" (&|und) ", lambda _: draw.choice([" & ", " und ", " u. ", "&", " + ", " "]), text)
    if draw.random() < 0.07:
        text = text.replace("-", draw.choice([" ", "", " - "]))
    for chance in (0.10, 0.03):
        if draw.random() < chance:
            text = typo(draw, text)
    if draw.random() < 0.03:
        at = text.find(" ")
        text = text[:at] + text[at + 1:] if at > 0 else text
    if draw.random() < 0.04:
        text += draw.choice(NOTES)
    return draw.choice([text.upper(), text.lower()]) if draw.random() < 0.08 else text


def address(draw, company, all_companies):
    moved = draw.random() < 0.06
    there = draw.choice(all_companies) if moved else company
    street, zip_code, city = there["street"], there["zip"], there["city"]
    if draw.random() < 0.3:
        street = re.sub(r"[sS]traße", lambda found: draw.choice(["str.", "strasse", "str"]) if found.group()[0] == "s" else "Str.", street)
    if draw.random() < 0.05:
        street = re.sub(r"\d+\w*", lambda _: str(draw.randint(1, 200)), street, count=1)
    if draw.random() < 0.04:
        street = typo(draw, street)
    if draw.random() < 0.03 and len(zip_code) > 3:
        at = draw.randrange(len(zip_code))
        zip_code = zip_code[:at] + str(draw.randint(0, 9)) + zip_code[at + 1:]
    if draw.random() < 0.15:
        city = draw.choice([city.upper(), umlauts(draw, city), city.split()[0], typo(draw, city)])
    return (street if draw.random() < 0.62 else "", zip_code if draw.random() < 0.72 else "", city if draw.random() < 0.8 else "")


def website(draw, company):
    domain, what = company["domain"], draw.random()
    if not domain or what < 0.4:
        return ""
    if what < 0.44:
        label = domain.rsplit(".", 1)[0]
        domain = f"{label}.{draw.choice(['com', 'de', 'net', 'eu', 'at'])}"
    if what > 0.97:
        return draw.choice(["https://www.facebook.com/pages/firma", "www.t-online.de", "http://www.jimdo.com"])
    return draw.choice([domain, f"www.{domain}", f"https://{domain}/", f"http://www.{domain}/kontakt", f"https://shop.{domain}"])


def phone(draw, company):
    digits, what = company["phone"], draw.random()
    if not digits or what < 0.45:
        return ""
    if what < 0.55:
        digits = digits[:-draw.randint(1, 3)] + draw.choice(["", "0", str(draw.randint(10, 999))])
    if what < 0.58:
        digits = f"+49 {draw.randint(151, 179)} {draw.randint(1000000, 99999999)}"
    if digits.startswith("+49 ") and draw.random() < 0.4:
        digits = "0" + digits[4:]
    return draw.choice([digits, digits.replace(" ", ""), digits.replace("+", "00"), digits.replace(" ", "/", 1)])


def vat(draw, company):
    text = company["vat_id"] if draw.random() < 0.15 else ""
    if text and draw.random() < 0.06:
        at = draw.randrange(2, len(text))
        text = text[:at] + str(draw.randint(0, 9)) + text[at + 1:]
    return draw.choice([text, text.lower(), f"{text[:2]} {text[2:]}"])


def main():
    source, out, seed, *rest = sys.argv[1:]
    draw, out = random.Random(int(seed)), pathlib.Path(out)
    with open(source, encoding="utf-8", newline="") as file:
        companies = list(csv.DictReader(file))
    for company in companies:
        # tests/generator has two columns for the register.
        company.setdefault("register", " ".join(filter(None, (company.get("register_number"), company.get("register_court")))))
    missing = {company["id"] for company in companies if draw.random() < 0.2}
    present = [company for company in companies if company["id"] not in missing]
    out.mkdir(parents=True, exist_ok=True)
    columns = ["id", "name", "street", "zip", "city", "country", "domain", "phone", "vat_id", "register", "lei", "parent_id"]
    with open(out / "companies.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(present)
    with open(out / "records.csv", "w", encoding="utf-8", newline="") as records, open(out / "truth.csv", "w", encoding="utf-8") as truth:
        writer = csv.writer(records)
        writer.writerow(["id", "name", "street", "zip", "city", "country", "website", "phone", "email", "vat_id", "register"])
        truth.write("record_id,company_id\n")
        absent = [company for company in companies if company["id"] in missing]
        for n in range(int(rest[0]) if rest else 10_000):
            company = draw.choice(absent if draw.random() < 0.12 else present)
            country = draw.choice([company["country"], company["country"], "", "Deutschland" if company["country"] == "DE" else ""])
            register = company["register"] if draw.random() < 0.05 else ""
            writer.writerow([f"N{n:06}", name(draw, company), *address(draw, company, companies), country, website(draw, company),
                             phone(draw, company), "", vat(draw, company), register])
            truth.write(f"N{n:06},{'' if company['id'] in missing else company['id']}\n")


if __name__ == "__main__":
    main()
