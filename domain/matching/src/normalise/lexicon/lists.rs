//! The lists of words. Compiled by hand (November 2026) from the trades of the German chambers of crafts
//! and commerce, and from surnames and cities at the top of public lists, so that nothing depends on the
//! data of one customer. All words are folded.
//!
//! A changed list changes features, so the weights have to be trained again.

/// Endings of compounds that name a trade.
#[rustfmt::skip]
pub(super) const ENDINGS: [&str; 22] = [
    "technik", "bau", "handel", "beratung", "versicherung", "versicherungen", "gesellschaft", "verwaltung",
    "agentur", "makler", "werke", "schule", "amt", "kasse", "bank", "zentrum", "dienst", "dienste", "prasidium",
    "behorde", "gemeinde", "teile",
];

/// Common words, surnames, and cities or regions, in this order. A word that is in several lists counts as
/// a member of the first.
#[rustfmt::skip]
pub(super) const WORDS: [&[&str]; 3] = [
    &[
        "abt", "academy", "agentur", "akademie", "allgemeine", "am", "an", "anlagen", "anlagenbau", "apotheke",
        "app", "apps", "architekten", "at", "auf", "aus", "auto", "autohaus", "automation", "automobile",
        "backerei", "bad", "bank", "bau", "bauelemente", "baugesellschaft", "bausparkasse", "bauunternehmen",
        "bedachungen", "bei", "beratung", "berufsbildende", "betrieb", "betriebs", "betten", "bildung", "bio",
        "brauerei", "brothers", "bruder", "bund", "bundesamt", "bundesministerium", "business", "buro",
        "capital", "car", "care", "cars", "catering", "ch", "chemie", "chemical", "chemicals", "city", "club",
        "com", "communication", "communications", "computer", "consult", "consulting", "cosmetics", "credit",
        "data", "daten", "de", "den", "dental", "der", "des", "design", "development", "die", "dienst",
        "dienstleistungen", "direkt", "direct", "dr", "druck", "druckerei", "druckguss", "edv", "einkauf",
        "einzelhandel", "eisen", "elektro", "elektrotechnik", "elektronik", "electronics", "engineering",
        "entertainment", "entsorgung", "entwicklung", "erneuerbare", "evangelische", "evangelisch", "express",
        "fachhandel", "fahrzeugbau", "fashion", "fenster", "film", "finanzen", "fitness", "fleischerei",
        "foods", "food", "forschung", "fordertechnik", "fotografie", "fur", "garten", "gartenbau", "gas",
        "gastronomie", "gaststatte", "gebaudereinigung", "gebaudetechnik", "gebruder", "gemeinde",
        "genossenschaft", "gerustbau", "gesellschaft", "gesundheit", "getranke", "grosshandel", "grundschule",
        "gut", "gymnasium", "handel", "handels", "handwerk", "haus", "hausverwaltung", "haustechnik", "health",
        "heizung", "heizungsbau", "heizungstechnik", "hilfe", "hochbau", "hochschule", "holz", "holzbau",
        "home", "hotel", "im", "immo", "in", "industrie", "industries", "informatik", "information", "ing",
        "ingenieurburo", "ingenieure", "inkasso", "innovation", "innovations", "institut", "institute",
        "interactive", "internet", "it", "jugend", "kaltetechnik", "kanzlei", "kasse", "katholische", "kinder",
        "kirche", "kirchengemeinde", "klinik", "klinikum", "kosmetik", "krankenhaus", "krankenkasse",
        "krankenversicherung", "krankenversicherungs", "kreis", "kreises", "kreispolizeibehorde",
        "kreissparkasse", "kuchen", "kultur", "kunst", "kunststoff", "kunststoffe", "kunststofftechnik",
        "labor", "labortechnik", "labs", "laden", "land", "landes", "landesamt", "landrat", "landtechnik",
        "law", "lebensmittel", "lebensversicherung", "lebensversicherungs", "lernen", "life", "live",
        "logistic", "luft", "maler", "malerbetrieb", "markt", "marketing", "maschinen", "maschinenbau",
        "mechanik", "medical", "medizin", "medizintechnik", "messebau", "messtechnik", "metall", "metallbau",
        "metalle", "metzgerei", "ministerium", "mit", "mobel", "mobil", "mobile", "mobility", "montage",
        "motoren", "music", "musik", "net", "network", "networks", "neue", "oberflachentechnik", "of",
        "offentliche", "office", "okologie", "optik", "partner", "partners", "pensionskasse", "personal",
        "personaldienstleistungen", "pflege", "pflegedienst", "pharma", "pharmacy", "physiotherapie", "planung",
        "polizei", "polizeiprasidium", "post", "praxis", "prazisionsteile", "presse", "print", "privat",
        "private", "pro", "products", "produkte", "public", "radio", "rail", "recht", "rechtsanwalte",
        "recycling", "region", "regional", "reinigung", "reisen", "rent", "research", "restaurant",
        "sachversicherung", "sanitar", "sankt", "schlosserei", "school", "schreinerei", "schule", "schulen",
        "security", "senioren", "shop", "sicherheit", "sicherheitsdienst", "sicherheitstechnik", "social",
        "software", "sohn", "sohne", "solar", "solartechnik", "solution", "solutions", "sozial", "sparkasse",
        "spedition", "spezial", "spielwaren", "sport", "stadt", "stadtwerke", "stahl", "stahlbau",
        "steuerberater", "steuerberatung", "steuerberatungsgesellschaft", "store", "strassenbau", "strom",
        "studio", "studios", "system", "systemhaus", "taxi", "team", "tec", "tech", "technik", "technologie",
        "technologies", "technology", "telecom", "telekom", "telekommunikation", "textil", "textilien", "the",
        "tiefbau", "tischlerei", "tochter", "tourismus", "tours", "trans", "transport", "transporte", "travel",
        "treuhand", "tv", "umwelt", "umwelttechnik", "uni", "universitat", "university", "unternehmen",
        "unternehmensberatung", "unternehmensgruppe", "van", "verband", "verein", "vereinigte", "verkehr",
        "verkehrs", "verlag", "verlags", "verlagsgesellschaft", "verpackung", "verpackungen", "versand",
        "versicherung", "versicherungen", "versicherungs", "versicherungsmakler", "versorgung", "video",
        "volkshochschule", "volksbank", "von", "vom", "vor", "waren", "wasser", "web", "wein", "weingut",
        "werbeagentur", "werbung", "werk", "werke", "werkstatt", "werkzeug", "werkzeugbau", "werkzeuge",
        "wirtschaft", "wirtschaftsprufung", "wohnbau", "wohnen", "wohnungsbau", "works", "world", "www",
        "zahnarzt", "zeitarbeit", "zeitung", "zu", "zum", "zur",
    ],
    &[
        "adam", "albrecht", "ammann", "arnold", "bachmann", "bauer", "baumann", "baumgartner", "beck", "becker",
        "berg", "berger", "bergmann", "bohm", "brandt", "braun", "brunner", "busch", "dietrich", "ebner",
        "eder", "engel", "ernst", "fischer", "frank", "franke", "frei", "friedrich", "frey", "fuchs", "gerber",
        "graf", "gross", "gruber", "gunther", "haas", "hahn", "hartmann", "heinrich", "herrmann", "hofer",
        "hoffmann", "hofmann", "horn", "huber", "hubner", "jager", "jansen", "jung", "kaiser", "kaufmann",
        "keller", "klein", "koch", "kohler", "konig", "kramer", "kraus", "krause", "kruger", "kuhn", "lang",
        "lange", "lehmann", "leitner", "lorenz", "ludwig", "maier", "martin", "mayer", "meier", "meyer",
        "moller", "moser", "muller", "neumann", "nowak", "otto", "peters", "pfeiffer", "pichler", "pohl",
        "reiter", "richter", "roth", "sauer", "schafer", "schmid", "schmidt", "schmitt", "schmitz", "schneider",
        "scholz", "schreiber", "schroder", "schubert", "schulte", "schulz", "schulze", "schumacher", "schuster",
        "schwarz", "seidel", "simon", "sommer", "stein", "steiner", "steinmann", "thomas", "vogel", "vogt",
        "voigt", "wagner", "walter", "weber", "wegner", "weiss", "werner", "widmer", "wimmer", "winkler",
        "winter", "wolf", "wolff", "wyss", "ziegler", "zimmermann",
    ],
    &[
        "aachen", "augsburg", "baden", "basel", "bavaria", "bayerische", "bayern", "berlin", "bern",
        "bielefeld", "bochum", "bonn", "brandenburg", "braunschweig", "bremen", "chemnitz", "dortmund",
        "dresden", "duisburg", "dusseldorf", "erfurt", "essen", "frankfurt", "franken", "freiburg", "geneve",
        "graz", "halle", "hamburg", "hannover", "heidelberg", "hessen", "innsbruck", "karlsruhe", "kassel",
        "kiel", "klagenfurt", "koblenz", "koln", "leipzig", "linz", "lubeck", "luzern", "magdeburg", "main",
        "mainz", "mannheim", "munchen", "munster", "neckar", "niedersachsen", "nordrhein", "nurnberg",
        "oldenburg", "potsdam", "regensburg", "rhein", "rostock", "ruhr", "saarbrucken", "sachsen", "salzburg",
        "schleswig", "schwaben", "stuttgart", "sankt gallen", "thuringen", "tirol", "trier", "ulm", "westfalen",
        "wien", "wiesbaden", "winterthur", "wolfsburg", "wuppertal", "wurttemberg", "wurzburg", "zurich",
    ],
];
