//! What a word of a company's name says about which company it is: a rare word says much, `Immobilien` hardly anything.

/// A word's place in company names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// In few names.
    Rare,
    /// One of the common surnames of the German-speaking countries.
    Surname,
    /// A trade, an institution, a part of speech: in many names.
    Common,
    /// A big town or a region.
    Place,
    /// A company's place in a group; words for the same have the same number.
    Role(u8),
    /// Digits only.
    Number,
}

impl Word {
    /// What a folded word is. Sources: trades of the German chambers of crafts and commerce, the surnames and towns at the head of
    /// public lists; made by hand (November 2026), so that nothing depends on one customer's data.
    pub(crate) fn of(word: &str) -> Self {
        const STEMS: [(&str, u8); 11] = [
            ("verwaltung", 0),
            ("beteiligung", 1),
            ("vertrieb", 2),
            ("immobilien", 3),
            ("grundstuck", 3),
            ("besitz", 3),
            ("vermogen", 4),
            ("holding", 5),
            ("management", 6),
            ("produktion", 7),
            ("service", 9),
        ];
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::Number;
        }
        if word.len() >= 6
            && let Some((_, role)) = STEMS.iter().find(|(stem, _)| word.starts_with(stem))
        {
            return Self::Role(*role);
        }
        if let Some(role) = role(word) {
            return Self::Role(role);
        }
        match TABLE.find(word) {
            Some(0) => Self::Common,
            Some(1) => Self::Surname,
            Some(_) => Self::Place,
            None if ENDINGS.iter().any(|ending| {
                word.len() > ending.len() + 2 && word.ends_with(ending)
            }) =>
            {
                Self::Common
            }
            None => Self::Rare,
        }
    }
}

fn role(word: &str) -> Option<u8> {
    Some(match word {
        "international" | "global" | "worldwide" => 8,
        "kundendienst" => 9,
        "deutschland" | "germany" | "deutsche" => 10,
        "osterreich" | "austria" => 11,
        "schweiz" | "suisse" | "switzerland" | "svizzera" => 12,
        "europe" | "europa" => 13,
        "leasing" => 14,
        "finance" | "financial" | "finanz" => 15,
        "sales" | "handelsgesellschaft" => 2,
        "properties" | "property" => 3,
        "investment" | "investments" | "invest" => 1,
        "uk" => 16,
        "usa" | "us" | "america" => 17,
        "france" | "frankreich" => 18,
        "italia" | "italy" => 19,
        "nederland" | "netherlands" => 20,
        "polska" | "poland" => 21,
        "stiftung" | "foundation" => 22,
        "logistik" | "logistics" => 23,
        "gruppe" | "group" => 24,
        "nord" | "north" => 25,
        "sud" | "south" => 26,
        "ost" | "east" => 27,
        "west" => 28,
        "zentrum" | "center" | "centre" | "zentrale" => 29,
        "digital" | "online" => 30,
        "systems" | "systeme" => 31,
        "media" | "medien" => 32,
        "energie" | "energy" => 33,
        "projekt" | "projects" | "projektgesellschaft" => 34,
        "trading" => 35,
        _ => return None,
    })
}

/// A compound that ends so is a trade.
const ENDINGS: [&str; 22] = [
    "technik", "bau", "handel", "beratung", "versicherung", "versicherungen", "gesellschaft",
    "verwaltung", "agentur", "makler", "werke", "schule", "amt", "kasse", "bank", "zentrum",
    "dienst", "dienste", "prasidium", "behorde", "gemeinde", "teile",
];

const WORDS: [&[&str]; 3] = [
    &[
        "abt", "academy", "agentur", "akademie", "allgemeine", "am", "an", "anlagen", "anlagenbau", "apotheke", "app", "apps", "architekten",
        "at", "auf", "aus", "auto", "autohaus", "automation", "automobile", "backerei", "bad", "bank", "bau", "bauelemente", "baugesellschaft",
        "bausparkasse", "bauunternehmen", "bedachungen", "bei", "beratung", "berufsbildende", "betrieb", "betriebs", "betten", "bildung", "bio",
        "brauerei", "brothers", "bruder", "bund", "bundesamt", "bundesministerium", "business", "buro", "capital", "car", "care", "cars",
        "catering", "ch", "chemie", "chemical", "chemicals", "city", "club", "com", "communication", "communications", "computer", "consult",
        "consulting", "cosmetics", "credit", "data", "daten", "de", "den", "dental", "der", "des", "design", "development", "die", "dienst",
        "dienstleistungen", "direkt", "direct", "dr", "druck", "druckerei", "druckguss", "edv", "einkauf", "einzelhandel", "eisen", "elektro",
        "elektrotechnik", "elektronik", "electronics", "engineering", "entertainment", "entsorgung", "entwicklung", "erneuerbare",
        "evangelische", "evangelisch", "express", "fachhandel", "fahrzeugbau", "fashion", "fenster", "film", "finanzen", "fitness", "fleischerei",
        "foods", "food", "forschung", "fordertechnik", "fotografie", "fur", "garten", "gartenbau", "gas", "gastronomie", "gaststatte",
        "gebaudereinigung", "gebaudetechnik", "gebruder", "gemeinde", "genossenschaft", "gerustbau", "gesellschaft", "gesundheit", "getranke",
        "grosshandel", "grundschule", "gut", "gymnasium", "handel", "handels", "handwerk", "haus", "hausverwaltung", "haustechnik", "health",
        "heizung", "heizungsbau", "heizungstechnik", "hilfe", "hochbau", "hochschule", "holz", "holzbau", "home", "hotel", "im", "immo", "in",
        "industrie", "industries", "informatik", "information", "ing", "ingenieurburo", "ingenieure", "inkasso", "innovation", "innovations",
        "institut", "institute", "interactive", "internet", "it", "jugend", "kaltetechnik", "kanzlei", "kasse", "katholische", "kinder",
        "kirche", "kirchengemeinde", "klinik", "klinikum", "kosmetik", "krankenhaus", "krankenkasse", "krankenversicherung",
        "krankenversicherungs", "kreis", "kreises", "kreispolizeibehorde", "kreissparkasse", "kuchen", "kultur", "kunst", "kunststoff",
        "kunststoffe", "kunststofftechnik", "labor", "labortechnik", "labs", "laden", "land", "landes", "landesamt", "landrat", "landtechnik",
        "law", "lebensmittel", "lebensversicherung", "lebensversicherungs", "lernen", "life", "live", "logistic", "luft", "maler",
        "malerbetrieb", "markt", "marketing", "maschinen", "maschinenbau", "mechanik", "medical", "medizin", "medizintechnik", "messebau",
        "messtechnik", "metall", "metallbau", "metalle", "metzgerei", "ministerium", "mit", "mobel", "mobil", "mobile", "mobility", "montage",
        "motoren", "music", "musik", "net", "network", "networks", "neue", "oberflachentechnik", "of", "offentliche", "office", "okologie",
        "optik", "partner", "partners", "pensionskasse", "personal", "personaldienstleistungen", "pflege", "pflegedienst", "pharma", "pharmacy",
        "physiotherapie", "planung", "polizei", "polizeiprasidium", "post", "praxis", "prazisionsteile", "presse", "print", "privat", "private",
        "pro", "products", "produkte", "public", "radio", "rail", "recht", "rechtsanwalte", "recycling", "region", "regional", "reinigung",
        "reisen", "rent", "research", "restaurant", "sachversicherung", "sanitar", "sankt", "schlosserei", "school", "schreinerei", "schule",
        "schulen", "security", "senioren", "shop", "sicherheit", "sicherheitsdienst", "sicherheitstechnik", "social", "software", "sohn",
        "sohne", "solar", "solartechnik", "solution", "solutions", "sozial", "sparkasse", "spedition", "spezial", "spielwaren", "sport", "stadt",
        "stadtwerke", "stahl", "stahlbau", "steuerberater", "steuerberatung", "steuerberatungsgesellschaft", "store", "strassenbau", "strom",
        "studio", "studios", "system", "systemhaus", "taxi", "team", "tec", "tech", "technik", "technologie", "technologies", "technology",
        "telecom", "telekom", "telekommunikation", "textil", "textilien", "the", "tiefbau", "tischlerei", "tochter", "tourismus", "tours",
        "trans", "transport", "transporte", "travel", "treuhand", "tv", "umwelt", "umwelttechnik", "uni", "universitat", "university",
        "unternehmen", "unternehmensberatung", "unternehmensgruppe", "van", "verband", "verein", "vereinigte", "verkehr", "verkehrs", "verlag",
        "verlags", "verlagsgesellschaft", "verpackung", "verpackungen", "versand", "versicherung", "versicherungen", "versicherungs",
        "versicherungsmakler", "versorgung", "video", "volkshochschule", "volksbank", "von", "vom", "vor", "waren", "wasser", "web", "wein",
        "weingut", "werbeagentur", "werbung", "werk", "werke", "werkstatt", "werkzeug", "werkzeugbau", "werkzeuge", "wirtschaft",
        "wirtschaftsprufung", "wohnbau", "wohnen", "wohnungsbau", "works", "world", "www", "zahnarzt", "zeitarbeit", "zeitung", "zu", "zum",
        "zur",
    ],
    &[
        "adam", "albrecht", "ammann", "arnold", "bachmann", "bauer", "baumann", "baumgartner", "beck", "becker", "berg", "berger", "bergmann",
        "bohm", "brandt", "braun", "brunner", "busch", "dietrich", "ebner", "eder", "engel", "ernst", "fischer", "frank", "franke", "frei",
        "friedrich", "frey", "fuchs", "gerber", "graf", "gross", "gruber", "gunther", "haas", "hahn", "hartmann", "heinrich", "herrmann",
        "hofer", "hoffmann", "hofmann", "horn", "huber", "hubner", "jager", "jansen", "jung", "kaiser", "kaufmann", "keller", "klein", "koch",
        "kohler", "konig", "kramer", "kraus", "krause", "kruger", "kuhn", "lang", "lange", "lehmann", "leitner", "lorenz", "ludwig", "maier",
        "martin", "mayer", "meier", "meyer", "moller", "moser", "muller", "neumann", "nowak", "otto", "peters", "pfeiffer", "pichler", "pohl",
        "reiter", "richter", "roth", "sauer", "schafer", "schmid", "schmidt", "schmitt", "schmitz", "schneider", "scholz", "schreiber",
        "schroder", "schubert", "schulte", "schulz", "schulze", "schumacher", "schuster", "schwarz", "seidel", "simon", "sommer", "stein",
        "steiner", "steinmann", "thomas", "vogel", "vogt", "voigt", "wagner", "walter", "weber", "wegner", "weiss", "werner", "widmer",
        "wimmer", "winkler", "winter", "wolf", "wolff", "wyss", "ziegler", "zimmermann",
    ],
    &[
        "aachen", "augsburg", "baden", "basel", "bavaria", "bayerische", "bayern", "berlin", "bern", "bielefeld", "bochum", "bonn",
        "brandenburg", "braunschweig", "bremen", "chemnitz", "dortmund", "dresden", "duisburg", "dusseldorf", "erfurt", "essen", "frankfurt",
        "franken", "freiburg", "geneve", "graz", "halle", "hamburg", "hannover", "heidelberg", "hessen", "innsbruck", "karlsruhe", "kassel",
        "kiel", "klagenfurt", "koblenz", "koln", "leipzig", "linz", "lubeck", "luzern", "magdeburg", "main", "mainz", "mannheim", "munchen",
        "munster", "neckar", "niedersachsen", "nordrhein", "nurnberg", "oldenburg", "potsdam", "regensburg", "rhein", "rostock", "ruhr",
        "saarbrucken", "sachsen", "salzburg", "schleswig", "schwaben", "stuttgart", "sankt gallen", "thuringen", "tirol", "trier", "ulm",
        "westfalen", "wien", "wiesbaden", "winterthur", "wolfsburg", "wuppertal", "wurttemberg", "wurzburg", "zurich",
    ],
];

/// Words by their hash: made by the compiler, since a search by halves would cost as much as all else that is done with a word.
struct Table([u16; SLOTS]);

const SLOTS: usize = 2_048;
const NOTHING: u16 = u16::MAX;
static TABLE: Table = Table::new();

impl Table {
    const fn new() -> Self {
        let mut slots = [NOTHING; SLOTS];
        let mut list = 0;
        while list < WORDS.len() {
            let mut at = 0;
            while at < WORDS[list].len() {
                let mut slot = hash(WORDS[list][at].as_bytes()) % SLOTS;
                while slots[slot] != NOTHING {
                    slot = (slot + 1) % SLOTS;
                }
                slots[slot] = (list * 1_024 + at) as u16;
                at += 1;
            }
            list += 1;
        }
        Self(slots)
    }

    fn find(&self, word: &str) -> Option<usize> {
        let mut slot = hash(word.as_bytes()) % SLOTS;
        while self.0[slot] != NOTHING {
            let (list, at) = (self.0[slot] as usize / 1_024, self.0[slot] as usize % 1_024);
            if WORDS[list][at] == word {
                return Some(list);
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }
}

/// FNV-1a, 32 bits.
const fn hash(word: &[u8]) -> usize {
    let mut hash = 0x811c_9dc5_u32;
    let mut at = 0;
    while at < word.len() {
        hash = (hash ^ word[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    (hash ^ hash >> 15) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_of_the_lists_is_found_and_no_other_is() {
        for (list, words) in WORDS.iter().enumerate() {
            for word in *words {
                assert!(TABLE.find(word).is_some_and(|found| found <= list), "{word}");
            }
        }
        assert_eq!(TABLE.find("quandtner"), None);
        assert_eq!(TABLE.find(""), None);
    }

    #[test]
    fn words_say_what_they_are_there_for() {
        assert_eq!(Word::of("muller"), Word::Surname);
        assert_eq!(Word::of("werkzeugbau"), Word::Common);
        assert_eq!(Word::of("kunststoffbau"), Word::Common);
        assert_eq!(Word::of("bochum"), Word::Place);
        assert_eq!(Word::of("24"), Word::Number);
        assert_eq!(Word::of("ruckdeschel"), Word::Rare);
        assert_eq!(Word::of("vertriebs"), Word::of("vertriebsgesellschaft"));
        assert_eq!(Word::of("austria"), Word::of("osterreich"));
    }
}
