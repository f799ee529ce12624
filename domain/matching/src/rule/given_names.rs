//! Given names of people.

/// Whether a folded word is a given name.
pub(super) fn is_given_name(word: &str) -> bool {
    GIVEN_NAMES.binary_search(&word).is_ok()
}

/// Given names of the German-speaking countries and their neighbours, folded and sorted. Compiled
/// by hand from public lists (November 2026).
#[rustfmt::skip]
const GIVEN_NAMES: [&str; 400] = [
    "achim", "adrian", "alexander", "alexandra", "alfred", "alice", "alina", "amelie", "andrea", "andreas",
    "andrew", "angela", "angelika", "anja", "anke", "anna", "anne", "annette", "anthony", "anton", "antonia",
    "antonio", "armin", "arne", "arno", "astrid", "august", "axel", "barbara", "beate", "bernd", "bernhard",
    "bettina", "birgit", "bjoern", "bjorn", "bodo", "brian", "brigitte", "bruno", "carina", "carl", "carla",
    "carlo", "carmen", "carola", "caroline", "carsten", "cem", "charlotte", "christa", "christian", "christiane",
    "christina", "christine", "christoph", "christopher", "claudia", "claus", "clemens", "conrad", "cornelia",
    "cornelius", "dagmar", "daniel", "daniela", "david", "denise", "dennis", "detlef", "dieter", "dietmar", "dirk",
    "dominik", "doris", "dorothea", "eberhard", "eckhard", "edgar", "edith", "eduard", "elena", "elfriede", "elias",
    "elif", "elisabeth", "elizabeth", "elke", "ella", "ellen", "elmar", "emil", "emily", "emma", "emre", "erich",
    "erik", "erika", "ernst", "erwin", "eugen", "eva", "evelyn", "fabian", "felix", "ferdinand", "finn", "florian",
    "francesco", "franz", "franziska", "frauke", "friedrich", "fritz", "gabi", "gabriele", "georg", "george",
    "gerald", "gerd", "gerda", "gerhard", "gertrud", "giovanni", "gisela", "giulia", "giuseppe", "gregor", "gudrun",
    "guido", "gunter", "gunther", "gustav", "hanna", "hannah", "hannelore", "hannes", "hans", "harald", "hartmut",
    "hedwig", "heidi", "heike", "heiko", "heiner", "heinz", "helga", "helmut", "hendrik", "henning", "henrik",
    "herbert", "hermann", "hildegard", "holger", "horst", "hubert", "hugo", "ines", "inga", "inge", "ingeborg",
    "ingo", "ingrid", "irene", "iris", "irmgard", "isabel", "isabella", "jack", "jacques", "jakob", "james", "jan",
    "jana", "jean", "jennifer", "jens", "jessica", "joachim", "joerg", "johann", "johanna", "johannes", "john",
    "jonas", "jorg", "jose", "josef", "josefine", "joseph", "judith", "juergen", "julia", "julian", "juliane",
    "jurgen", "jutta", "kai", "karen", "karin", "karl", "karla", "karsten", "katharina", "kathrin", "katja",
    "katrin", "kenneth", "kerstin", "kevin", "klara", "klaus", "konrad", "kristina", "kurt", "lara", "lars",
    "laura", "lea", "lena", "leon", "leonie", "linda", "lisa", "lothar", "louis", "luca", "lucas", "luigi", "luisa",
    "lukas", "lutz", "magdalena", "maik", "maja", "manfred", "manuel", "manuela", "marc", "marcel", "marcello",
    "marco", "marcus", "margaret", "margarete", "margit", "margot", "maria", "marianne", "marie", "marina", "mario",
    "marion", "mark", "markus", "marlene", "marta", "martha", "martina", "mary", "mathias", "matthias", "max",
    "maximilian", "mehmet", "meike", "melanie", "mia", "michael", "michaela", "michel", "mike", "miriam",
    "mohammed", "monika", "moritz", "mustafa", "nadine", "nadja", "nancy", "natalie", "nicolas", "nicole", "niklas",
    "nils", "nina", "norbert", "olaf", "ole", "oliver", "oskar", "patricia", "patrick", "paul", "paula", "peter",
    "petra", "philip", "philipp", "pia", "pierre", "rainer", "ralf", "ralph", "ramona", "raphael", "rebecca",
    "regina", "reiner", "reinhard", "renate", "rene", "ricarda", "richard", "rita", "robert", "roland", "rolf",
    "roman", "ronald", "rosemarie", "rudi", "rudiger", "rudolf", "ruediger", "ruth", "sabine", "sabrina", "samuel",
    "sandra", "sarah", "sascha", "sebastian", "selma", "sibylle", "siegfried", "sigrid", "silke", "silvia",
    "simone", "sina", "sofia", "sonja", "sophia", "sophie", "stefan", "stefanie", "steffen", "stephan", "stephanie",
    "steven", "susan", "susanne", "sven", "svenja", "sylvia", "tanja", "tatjana", "theo", "theresa", "thilo",
    "thomas", "thorsten", "till", "tim", "timo", "tina", "tobias", "tom", "torsten", "udo", "ulf", "uli", "ulla",
    "ulrich", "ulrike", "ursula", "ute", "uwe", "valentin", "vanessa", "vera", "verena", "veronika", "viktor",
    "viktoria", "vincent", "volker", "waldemar", "walter", "waltraud", "werner", "wilfried", "wilhelm", "willi",
    "william", "wolfgang", "yvonne", "zoe",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_are_sorted() {
        assert!(GIVEN_NAMES.is_sorted());
    }
}
