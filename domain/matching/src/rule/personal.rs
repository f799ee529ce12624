//! Names of people. `Thomas Müller` may be a sole trader, but many people have that name. A record
//! is never related automatically because of a person's name alone.

use super::context::FullVector;
use super::features::Feature;
use crate::normalise::Word;
use crate::profile::Profile;

/// Whether a person's name is all that supports a candidate.
///
/// `is_persons_name` tells whether the record says that its name is a person's. In that case the
/// city does not count as support either: people live where their namesakes run businesses.
pub(super) fn is_only_a_persons_name(
    record: &Profile,
    whole: &FullVector,
    is_persons_name: &dyn Fn() -> bool,
) -> bool {
    if has_other_reason(whole) {
        return false;
    }
    if is_persons_name() {
        return true;
    }
    let value = |feature: Feature| whole[feature as usize];
    let is_placed = value(Feature::Zip) >= 5 || value(Feature::City) == 3;
    !is_placed && is_just_a_name(record)
}

/// Whether an identifier, phone line, domain or street agrees.
fn has_other_reason(whole: &FullVector) -> bool {
    let value = |feature: Feature| whole[feature as usize];
    value(Feature::Domain) >= 3
        || value(Feature::Phone) >= 3
        || value(Feature::Vat) >= 2
        || value(Feature::Register) >= 2
        || value(Feature::Lei) >= 2
        || value(Feature::Street) >= 5
}

/// Whether a name is just a person's name: a given name with surnames, but no legal form and no
/// trade.
fn is_just_a_name(record: &Profile) -> bool {
    let words = record.name.split(' ');
    let words: Vec<&str> = words.filter(|word| !TITLES.contains(word)).collect();
    let is_name =
        |word: &&str| is_given_name(word) || matches!(Word::of(word), Word::Rare | Word::Surname);
    record.forms.is_empty()
        && (2..=4).contains(&words.len())
        && words.iter().all(is_name)
        && words.iter().any(|word| is_given_name(word))
}

/// Titles in front of a person's name.
const TITLES: [&str; 6] = ["dr", "prof", "herr", "frau", "mr", "ms"];

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
    use crate::rule::Attributes;

    #[test]
    fn given_names_are_sorted() {
        assert!(GIVEN_NAMES.is_sorted());
    }

    #[test]
    fn just_a_name_has_neither_a_legal_form_nor_a_trade() {
        let is_just_a_name = |name| {
            let record = Attributes {
                name: Some(name),
                ..Attributes::default()
            };
            is_just_a_name(&record.profile())
        };
        for name in [
            "Thomas Müller",
            "Müller, Thomas",
            "Jürgen Zwackelmann",
            "Dr. Anna Maria Huber",
        ] {
            assert!(is_just_a_name(name), "{name}");
        }
        for name in [
            "Thomas Müller GmbH",
            "Thomas Müller Bau",
            "Müller",
            "Müller Schmidt",
            "Autohaus Thomas Müller",
            "Siemens",
            "",
        ] {
            assert!(!is_just_a_name(name), "{name}");
        }
    }
}
