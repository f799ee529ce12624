//! Names of people. `Thomas Müller` may be a sole trader, and is the name of many others: by it alone nobody is taken for a
//! company without being asked.

use super::context::Whole;
use super::features::Feature;
use crate::normalise::Word;
use crate::profile::Profile;

/// Whether all that speaks for a candidate is a person's name. `is_persons`: the record says that its name is a person's; then
/// the person's town is no reason either, since people live where their namesakes have a business.
pub(super) fn is_name_alone(
    subject: &Profile,
    whole: &Whole,
    is_persons: impl FnOnce() -> bool,
) -> bool {
    if has_other_reason(whole) {
        return false;
    }
    if is_persons() {
        return true;
    }
    let value = |feature: Feature| whole[feature as usize];
    let is_placed = value(Feature::Zip) >= 5 || value(Feature::City) == 3;
    !is_placed && is_bare(subject)
}

/// Whether an identifier, a line, a domain or a street agrees.
fn has_other_reason(whole: &Whole) -> bool {
    let value = |feature: Feature| whole[feature as usize];
    value(Feature::Domain) >= 3
        || value(Feature::Phone) >= 3
        || value(Feature::Vat) >= 2
        || value(Feature::Register) >= 2
        || value(Feature::Lei) >= 2
        || value(Feature::Street) >= 5
}

/// Whether a name is a person's and nothing more: a given name with surnames, no legal form and no trade.
fn is_bare(subject: &Profile) -> bool {
    let words = subject.name.split(' ');
    let words: Vec<&str> = words.filter(|word| !TITLES.contains(word)).collect();
    let is_name =
        |word: &&str| is_given(word) || matches!(Word::of(word), Word::Rare | Word::Surname);
    subject.forms.is_empty()
        && (2..=4).contains(&words.len())
        && words.iter().all(is_name)
        && words.iter().any(|word| is_given(word))
}

/// What stands before a person's name.
const TITLES: [&str; 6] = ["dr", "prof", "herr", "frau", "mr", "ms"];

fn is_given(word: &str) -> bool {
    GIVEN.binary_search(&word).is_ok()
}

/// Given names of the German-speaking countries and their neighbours, folded and in order; made by hand from public lists
/// (November 2026).
#[rustfmt::skip]
const GIVEN: [&str; 400] = [
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
    use crate::rule::Subject;

    #[test]
    fn given_names_are_in_order() {
        assert!(GIVEN.is_sorted());
    }

    #[test]
    fn a_bare_name_has_neither_form_nor_trade() {
        let is_bare = |name| {
            let subject = Subject {
                name: Some(name),
                ..Subject::default()
            };
            is_bare(&subject.profile())
        };
        for name in [
            "Thomas Müller",
            "Müller, Thomas",
            "Jürgen Zwackelmann",
            "Dr. Anna Maria Huber",
        ] {
            assert!(is_bare(name), "{name}");
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
            assert!(!is_bare(name), "{name}");
        }
    }
}
