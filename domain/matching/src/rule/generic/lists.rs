//! Words of names that do not tell companies apart, and those that tell a company from its group.

/// Words that make a company of a group another one. Folded and sorted.
#[rustfmt::skip]
pub(super) const MEMBERS: [&str; 148] = [
    "academy", "africa", "afrika", "akademie", "amerika", "anlagenbau", "apac", "asia", "asien", "autohaus",
    "automation", "automotive", "baden", "balkan", "baltic", "bank", "bau", "bausparkasse", "bayern", "benelux",
    "beratung", "brandenburg", "capital", "care", "catering", "chemicals", "chemie", "consulting", "credit",
    "development", "einzelhandel", "electronics", "elektronik", "emea", "energy", "engineering", "entsorgung",
    "entwicklung", "estate", "forschung", "franken", "gas", "gastronomie", "gebaudereinigung", "grosshandel", "handel",
    "handels", "hausverwaltung", "health", "healthcare", "hessen", "hochbau", "hochschule", "hotel", "iberia",
    "institut", "karnten", "kasse", "klinik", "kliniken", "klinikum", "krankenhaus", "krankenversicherung",
    "krankenversicherungs", "kunststoff", "kunststoffe", "kunststofftechnik", "latam", "lebensversicherung",
    "lebensversicherungs", "maschinen", "maschinenbau", "medical", "medizin", "medizintechnik", "metall", "mobile",
    "mobility", "netz", "netze", "netzgesellschaft", "niedersachsen", "nordic", "partner", "partners", "personal",
    "pflege", "pharma", "real", "recycling", "reinigung", "reisen", "research", "retail", "rheinland",
    "ruckversicherung", "sachsen", "sachversicherung", "scandinavia", "schule", "schwaben", "security", "senioren",
    "shop", "sicherheit", "skandinavien", "software", "solar", "sparkasse", "spedition", "stadtwerke", "stahl",
    "steiermark", "stiftung", "strom", "technik", "technologie", "technologies", "technology", "thuringen", "tiefbau",
    "tirol", "touristik", "tours", "transport", "transporte", "travel", "treuhand", "umwelt", "umwelttechnik",
    "ventures", "verkehr", "verkehrs", "verkehrsbetriebe", "verlag", "versand", "versicherung", "versicherungen",
    "versicherungs", "vorarlberg", "wasser", "werk", "werke", "westfalen", "wind", "wohnbau", "wohnungsbau",
    "wurttemberg",
];

/// Words of names that hundreds of inns, pharmacies, clubs and brands have, beside those of the
/// lexicon. Folded and sorted. Compiled by hand from common knowledge of German names (November
/// 2026).
#[rustfmt::skip]
pub(super) const GENERIC: [&str; 479] = [
    "adebar", "adler", "alpen", "alpha", "alte", "alter", "altes", "altstadt", "amts", "anker", "apollo", "apotheken",
    "apotheker", "aquila", "arkaden", "artemis", "arzt", "arzte", "asklepios", "atlas", "aurora", "avanti", "bahnhof",
    "bahnhofs", "bahnhofshotel", "barbara", "baren", "bauernhof", "bella", "berghof", "beta", "bistro", "blaue",
    "blauer", "blaues", "blume", "blumen", "blumenhaus", "brucken", "brunnen", "burg", "burger", "burgerhaus",
    "burghotel", "business", "cafe", "casa", "center", "central", "centrum", "ceres", "christophorus", "city",
    "classic", "comfort", "concordia", "cosmos", "country", "cura", "delphin", "delta", "dental", "deutscher",
    "deutsches", "diana", "dolphin", "dom", "domus", "dorf", "dorfkrug", "drei", "eagle", "easy", "edel", "eden",
    "eiche", "eichen", "einhorn", "eintracht", "eis", "eiscafe", "elch", "elefanten", "elisabeth", "elisabethen",
    "elite", "engel", "engels", "euro", "europa", "europaische", "express", "falke", "falken", "feinkost", "feuerwehr",
    "first", "fit", "fitnessstudio", "flora", "fortuna", "forum", "fox", "freie", "freien", "freiwillige", "freunde",
    "friseur", "friseursalon", "fruchte", "gala", "galaxy", "galerie", "garten", "gasthaus", "gasthof", "gaststube",
    "gemeinschaft", "gemeinschaftspraxis", "genuss", "germania", "gesundheits", "getranke", "glocke", "glocken", "gold",
    "goldene", "goldenen", "goldener", "goldenes", "gross", "grune", "gruner", "grunes", "gute", "guter", "haar",
    "hafen", "hair", "handwerker", "happy", "harmonie", "haupt", "hausarzt", "hausarztpraxis", "heide", "heimat",
    "hellas", "hermes", "herz", "hirsch", "hirschen", "hirten", "hof", "hofladen", "holz", "horizont", "hubertus",
    "idea", "ideal", "ihr", "ikarus", "imbiss", "immobilienburo", "impuls", "inform", "inn", "insel", "inter",
    "international", "jagdhaus", "jahn", "johannes", "johannis", "julius", "jupiter", "kaffee", "kaiser", "kamin",
    "karls", "kastanien", "kegel", "kinderarzt", "kindergarten", "kindertagesstatte", "kita", "kloster", "kolping",
    "komet", "kompass", "konditorei", "konig", "konigs", "konzept", "kosmetikstudio", "kosmos", "kraft", "kreativ",
    "krone", "kronen", "krug", "kugel", "kur", "kurhaus", "lamm", "land", "landgasthof", "landhaus", "landhotel", "leo",
    "lieb", "liebfrauen", "life", "linde", "linden", "lindenhof", "linea", "logo", "lotus", "lowe", "lowen",
    "lowenzahn", "luisen", "luna", "luther", "lux", "magic", "mai", "marien", "mark", "markt", "marktkauf",
    "marktplatz", "mars", "martin", "martins", "max", "mediterran", "mega", "mein", "meister", "menschen", "mercur",
    "merkur", "metro", "michaelis", "mini", "mitte", "moderne", "mohren", "mond", "monopol", "motel", "muhle", "muhlen",
    "multi", "nachhilfe", "nagelstudio", "napoli", "natur", "nautilus", "neptun", "neu", "neuer", "neues", "new",
    "nikolai", "nikolaus", "nord", "north", "nova", "novum", "oase", "obst", "ocean", "olympia", "omega", "one", "open",
    "optima", "optimal", "orient", "orion", "osteria", "palais", "palast", "pan", "panorama", "paracelsus", "paradies",
    "park", "parkett", "parkhotel", "pavillon", "pegasus", "pension", "perfekt", "petri", "phoenix", "phonix", "pizza",
    "pizzeria", "planet", "plus", "point", "polar", "poseidon", "power", "premium", "prima", "primus", "privat",
    "profi", "punkt", "quality", "queen", "quelle", "quellen", "quick", "rathaus", "ratskeller", "raum", "reform",
    "reformhaus", "reise", "reiseburo", "residenz", "rialto", "ring", "ritter", "riviera", "roland", "roma", "romer",
    "rose", "rosen", "rote", "roter", "rotes", "royal", "saal", "salon", "salus", "san", "sanitatshaus", "sankt",
    "santa", "schafer", "schloss", "schlosshotel", "schmiede", "schnell", "schone", "schuh", "schuhe", "schuhhaus",
    "schutz", "schutzen", "schutzenverein", "schwan", "schwanen", "schwarze", "schwarzer", "see", "seehotel", "service",
    "sirius", "sky", "smart", "solid", "sonne", "sonnen", "sonnenhof", "sorgenfrei", "spectrum", "spiel", "spielhalle",
    "spirit", "sportpark", "sportverein", "stadion", "stadt", "stadtbad", "stadtcafe", "stadtmuseum", "star", "stern",
    "sternen", "storchen", "strand", "strom", "studio", "style", "sud", "sun", "sunny", "super", "tal", "tanz",
    "tanzschule", "taverne", "tennis", "terra", "theater", "tier", "tierarzt", "tierarztpraxis", "tip", "titan", "top",
    "tor", "toskana", "total", "tower", "trans", "trattoria", "traube", "travel", "treff", "trend", "tri", "turbo",
    "turm", "turn", "turnverein", "ulmen", "ultra", "uni", "union", "universal", "universitats", "uranus", "ursus",
    "vario", "venezia", "venus", "vereinigung", "vesuv", "via", "victoria", "viktoria", "villa", "vision", "vita",
    "vital", "viva", "vogel", "wald", "waldhaus", "waldhotel", "weg", "weide", "weinhaus", "weisse", "weisser",
    "weisses", "wellness", "welt", "west", "wiesen", "wild", "wilde", "winter", "winzer", "xxl", "young", "zahnarzte",
    "zahnarztpraxis", "zahntechnik", "zeit", "zeitungs", "zen", "zenit", "zentral", "zimmerei", "zoo", "zukunft", "zum",
    "zunft",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_because_they_are_searched_by_bisection() {
        assert!(MEMBERS.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(GENERIC.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
