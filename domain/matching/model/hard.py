"""Makes labelled records of the kinds that were hard on real data: hard.py COMPANIES OUT SEED ABSENT [RECORDS].

Writes companies.csv, records.csv and truth.csv into OUT. To the given companies it adds sisters in other countries, namesakes of generic names in many
towns, numbered companies and members of groups. `ABSENT` is the share of the records whose company is taken out of the file afterwards, so that a
sister, a namesake or a neighbour in the series is the best that is left. Some texts are damaged, as exports damage them. The rest is typed as
renoise.py types it.
"""
import csv
import html
import pathlib
import random
import re
import sys

import renoise

ABROAD = [("FR", "69003", "Lyon"), ("FR", "75009", "Paris"), ("GB", "M1 2AB", "Manchester"), ("GB", "EC2A 4NE", "London"), ("IT", "20121", "Milano"), ("ES", "08006", "Barcelona"),
          ("PL", "00-001", "Warszawa"), ("NL", "1012 AB", "Amsterdam"), ("US", "10001", "New York"), ("US", "94105", "San Francisco"), ("CZ", "110 00", "Praha"),
          ("AT", "1010", "Wien"), ("CH", "8001", "Zürich"), ("DE", "80331", "München"), ("DE", "20095", "Hamburg"), ("BE", "1000", "Bruxelles")]
FORM_OF = {"FR": ["SAS", "SARL", "S.A."], "GB": ["Ltd", "Limited", "plc"], "IT": ["S.r.l.", "S.p.A."], "ES": ["S.L.", "S.A."], "PL": ["Sp. z o.o."], "NL": ["B.V."],
           "US": ["Inc.", "LLC", "Corp."], "CZ": ["s.r.o."], "AT": ["GmbH"], "CH": ["AG", "GmbH"], "DE": ["GmbH", "AG"], "BE": ["NV", "SA"]}
NAME_OF = {"FR": "France", "GB": "UK", "IT": "Italia", "ES": "España", "PL": "Polska", "NL": "Nederland", "US": "USA", "CZ": "Czechia", "AT": "Österreich",
           "CH": "Schweiz", "DE": "Deutschland", "BE": "Belgium"}
INNS = ["Gasthof", "Gasthaus", "Hotel", "Restaurant", "Landgasthof"]
SIGNS = ["zur Post", "zum Löwen", "zum Adler", "Krone", "zur Linde", "Hirsch", "zum Ochsen", "Sonne", "zum Anker", "Rössle", "Traube", "zum Stern", "Lamm", "Waldblick"]
SHOPS = ["Apotheke", "Apotheke", "Apotheke", "Buchhandlung", "Bäckerei", "Fahrschule", "Optik", "Reisebüro", "Blumen"]
FIRST = ["Rathaus", "Markt", "Adler", "Löwen", "Stern", "Sonnen", "Linden", "Bahnhof", "Stadt", "Engel", "Rosen", "Schloss", "Park", "Kur", "Hirsch", "Einhorn", "Mohren", "Post", "Brunnen", "St. Martin"]
SURNAMES = ["Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Bauer", "Koch", "Richter", "Klein", "Wolf", "Maier", "Huber"]
TRADES = ["Bau", "Elektro", "Sanitär", "Heizung", "Metallbau", "Transporte", "Immobilien", "Gartenbau", "Dachdecker", "Maler", "IT", "Consulting"]
SERIES = ["Projekt", "Solarpark", "Windpark", "Objekt", "Fonds", "Immobilien", "Beteiligungs", "Verwaltungs"]
MEMBERS = ["Stiftung", "Bank", "Deutschland", "Immobilien", "Service", "Holding", "Vertriebs", "International", "Lebensversicherung", "Medical", "Werke", "Logistik", "Digital", "Leasing",
           "Österreich", "Verwaltungs", "Energie", "Consulting", "Nord", "Süd", "Bau", "Software"]


def core(company):
    return re.sub(renoise.FORMS, "", company["name"]).strip(" ,")


def sisters(draw, company):
    for country, zip_code, city in draw.sample(ABROAD, draw.randint(1, 3)):
        named = draw.random()
        name = f"{core(company)} {draw.choice(FORM_OF[country])}" if named < 0.5 else f"{core(company)} ({NAME_OF[country]})" if named < 0.7 else f"{core(company)} {NAME_OF[country]} {draw.choice(FORM_OF[country])}"
        domain = company["domain"] if draw.random() < 0.5 else re.sub(r"\.[a-z]+$", f".{country.lower()}", company["domain"])
        yield company | {"name": name, "country": country, "zip": zip_code, "city": city, "domain": domain, "phone": "", "vat_id": "", "register": "", "lei": "",
                         "street": f"{draw.choice(['High Street', 'Rue de la Gare', 'Hauptstraße', 'Via Roma'])} {draw.randint(1, 99)}"}


def members(draw, company):
    form = draw.choice(["AG", "GmbH", "SE", "GmbH & Co. KG"])
    yield company | {"name": f"{core(company)} {form}", "vat_id": "", "register": ""}
    for word in draw.sample(MEMBERS, draw.randint(1, 4)):
        near = company if draw.random() < 0.7 else company | {"street": f"Industriestraße {draw.randint(1, 80)}"}
        yield near | {"name": f"{core(company)} {word} {draw.choice(['AG', 'GmbH', 'GmbH', 'GmbH & Co. KG', ''])}".strip(), "vat_id": "", "register": "",
                      "phone": company["phone"] if draw.random() < 0.4 else ""}


def series(draw, company):
    word, first = draw.choice(SERIES), draw.randint(1, 60)
    for number in range(first, first + draw.randint(2, 4)):
        written = draw.choice([str(number), str(number), "I" * number if number < 4 else str(number)])
        yield company | {"name": f"{core(company).split()[0]} {word} {written} {draw.choice(['GmbH', 'GmbH & Co. KG', 'UG'])}", "vat_id": "", "register": "", "lei": ""}


def namesakes(draw, places):
    what = draw.random()
    if what < 0.3:
        name = f"{draw.choice(INNS)} {draw.choice(SIGNS)}"
    elif what < 0.75:
        name = f"{draw.choice(FIRST)}{draw.choice(['-', '-', ' '])}{draw.choice(SHOPS)}"
    else:
        name = f"{draw.choice(SURNAMES)} {draw.choice(TRADES)} {draw.choice(['GmbH', 'GmbH', 'e.K.', ''])}".strip()
    for there in draw.sample(places, draw.randint(2, 8)):
        label = re.sub("[^a-z]+", "-", renoise.umlauts(draw, name).lower()).strip("-")
        town = re.sub("[^a-z]+", "-", there["city"].lower()).strip("-")
        domain = f"{label}-{town}.de" if draw.random() < 0.4 else ""
        phone = f"+49 {draw.randint(201, 9999)} {draw.randint(10000, 9999999)}" if draw.random() < 0.6 else ""
        yield dict.fromkeys(there, "") | {"name": name, "street": f"{draw.choice(['Hauptstraße', 'Marktplatz', 'Bahnhofstraße', 'Lindenweg', there['street'].rstrip('0123456789 ')])} {draw.randint(1, 90)}",
                                          "zip": there["zip"], "city": there["city"], "country": there["country"], "domain": domain, "phone": phone}


def damaged(draw, text):
    what = draw.random()
    if what < 0.5:
        return text.encode("utf-8").decode("cp1252", errors="ignore")
    if what < 0.7:
        return html.escape(text).replace("ä", "&auml;").replace("ö", "&ouml;").replace("ü", "&uuml;").replace("ß", "&szlig;")
    if what < 0.85:
        return re.sub("[äöüÄÖÜß]", "\ufffd", text)
    return f"{text}{draw.choice(['™', '®', ' ⭐', ' ✅'])}"


def record(draw, company, all_companies):
    name, place = renoise.name(draw, company), renoise.address(draw, company, all_companies)
    country = draw.choice([company["country"], company["country"], "", NAME_OF.get(company["country"], "")])
    if draw.random() < 0.04:
        name, *place = [damaged(draw, text) if text else text for text in (name, *place)]
    return [name, *place, country, renoise.website(draw, company), renoise.phone(draw, company), "", renoise.vat(draw, company), company["register"] if draw.random() < 0.05 else ""]


def main():
    source, out, seed, absent, *rest = sys.argv[1:]
    draw, out, n_records = random.Random(int(seed)), pathlib.Path(out), int(rest[0]) if rest else 10_000
    with open(source, encoding="utf-8-sig", newline="") as file:
        companies = list(csv.DictReader(file))
    for company in companies:
        company.setdefault("register", "")
    rooted = [company for company in companies if company["domain"] and company["city"]]
    places = [company for company in companies if company["zip"] and company["city"] and company["street"]]
    made = []
    for kind, n in ((sisters, 700), (members, 500), (series, 250)):
        for company in draw.sample(rooted, min(n, len(rooted))):
            made += kind(draw, company)
    for _ in range(350):
        made += namesakes(draw, places)
    for n, company in enumerate(made):
        company |= {"id": f"H{n:06}", "parent_id": company.get("parent_id", "") if draw.random() < 0.5 else ""}
    chosen = [draw.choice(made if draw.random() < 0.4 else companies) for _ in range(n_records)]
    gone, n_gone = set(), 0
    for company in draw.sample(chosen, len(chosen)):
        if n_gone >= float(absent) * n_records:
            break
        if company["id"] not in gone:
            gone.add(company["id"])
            n_gone += sum(one["id"] == company["id"] for one in chosen)
    out.mkdir(parents=True, exist_ok=True)
    columns = ["id", "name", "street", "zip", "city", "country", "domain", "phone", "vat_id", "register", "lei", "parent_id"]
    with open(out / "companies.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(company for company in companies + made if company["id"] not in gone)
    with open(out / "records.csv", "w", encoding="utf-8", newline="") as records, open(out / "truth.csv", "w", encoding="utf-8") as truth:
        writer = csv.writer(records)
        writer.writerow(["id", "name", "street", "zip", "city", "country", "website", "phone", "email", "vat_id", "register"])
        truth.write("record_id,company_id\n")
        for n, company in enumerate(chosen):
            writer.writerow([f"H{n:06}", *record(draw, company, places)])
            truth.write(f"H{n:06},{'' if company['id'] in gone else company['id']}\n")


if __name__ == "__main__":
    main()
