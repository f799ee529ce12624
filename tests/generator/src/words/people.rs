#[rustfmt::skip]
pub(crate) const FIRST_NAMES: &[&str] = &[
    "Anna", "Jörg", "Sabine", "Jürgen", "Katharina", "Björn", "Ulrike", "Günther", "Zoë", "Matthias", "Renate", "Søren", "Claudia", "Tobias",
    "Heike", "François", "Marlene", "Łukasz", "Brigitte", "Stefan", "Annika", "Håkon", "Ingrid", "Dominik", "Chloé", "Wolfgang", "Elif", "Andreas",
    "Şebnem", "Niklas", "Giulia", "Rüdiger", "Petra", "Thijs", "Monika", "José", "Frauke", "Emre", "Sigrid", "Bartosz", "Lena", "Karl-Heinz",
    "Maria", "Hans-Peter", "Ann-Kathrin", "Oliver", "Dörte", "Mikkel", "Viktoria", "Sven",
];

#[rustfmt::skip]
pub(crate) const SURNAMES: &[&str] = &[
    "Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Schäfer", "Koch", "Bauer", "Richter",
    "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann", "Braun", "Krüger", "Hofmann", "Hartmann", "Lange", "Schmitt", "Werner", "Krause",
    "Lehmann", "Köhler", "Maier", "König", "Mayer", "Huber", "Kaiser", "Fuchs", "Peters", "Lang", "Scholz", "Möller", "Weiß", "Jung", "Hahn", "Vogel",
    "Schubert", "Roth", "Keller", "Günther", "Frank", "Berger", "Winkler", "Beck", "Lorenz", "Baumann", "Franke", "Albrecht", "Schuster", "Böhm",
    "Ludwig", "Kraus", "Simon", "Winter", "Martin", "Krämer", "Schumacher", "Vogt", "Stein", "Jäger", "Otto", "Sommer", "Groß", "Seidel", "Heinrich",
    "Brandt", "Haas", "Schreiber", "Graf", "Dietrich", "Ziegler", "Kuhn", "Kühn", "Pohl", "Engel", "Horn", "Bergmann", "Busch", "Thomas", "Voigt",
    "Sauer", "Arnold", "Pfeiffer", "Rößler", "Däubler", "Blümel", "Kästner", "Öztürk", "Kowalski", "Novák", "Lindström", "Sørensen", "Bianchi",
    "Dubois", "García", "Jansen", "van den Berg", "Oberhuber", "Brünner", "Zürcher", "Ammann", "Nußbaum", "Strauß", "Übelacker", "Preiß", "Ostermann",
    "Quandtner", "Ruckdeschel", "Wiesinger", "Ebersbacher", "Tennhardt", "Köstner", "Hinrichsen",
];

/// The first syllables of people's surnames. The syllables tell surnames from every company's name and every real person's name.
pub(crate) const SYLLABLES_START: &[&str] = &[
    "Tavel", "Quor", "Brynd", "Zelm", "Wöst", "Fjall", "Grünn", "Ospel", "Yrken", "Dravv", "Höllm",
    "Kvist", "Plaum", "Sündr", "Ulmv", "Vexel", "Jorm", "Nypst", "Rauvd", "Ågelt",
];

/// See [`SYLLABLES_START`].
pub(crate) const SYLLABLES_MIDDLE: &[&str] = &[
    "en", "or", "ith", "ama", "uve", "ely", "obr", "isk", "anda", "ur", "ewi", "ola", "yne", "ast",
    "irr", "udo", "eph", "akk", "ing", "omm",
];

/// See [`SYLLABLES_START`].
pub(crate) const SYLLABLES_END: &[&str] = &[
    "quist", "holmer", "brück", "stadt", "wicz", "ezzi", "vald", "mändle", "torff", "gaard",
    "sköld", "pecht", "nowak", "zahl", "lütz", "fander", "rieder", "bostel", "klamm", "dørf",
];
