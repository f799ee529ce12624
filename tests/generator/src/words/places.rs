/// A town, with what its addresses need.
pub(crate) struct Place {
    pub(crate) city: &'static str,
    /// The first digits of its postal codes. The rest up to `zip_len` is drawn.
    pub(crate) zip: &'static str,
    pub(crate) zip_len: usize,
    pub(crate) country: &'static str,
    /// The area code as it follows the country code.
    pub(crate) area: &'static str,
}

const fn place(
    city: &'static str,
    zip: &'static str,
    zip_len: usize,
    country: &'static str,
    area: &'static str,
) -> Place {
    Place {
        city,
        zip,
        zip_len,
        country,
        area,
    }
}

/// German towns come first and are most frequent, as in a German vendor's database. A draw over the whole list gives
/// the mix of countries.
#[rustfmt::skip]
pub(crate) const PLACES: &[Place] = &[
    place("Berlin", "10", 5, "DE", "30"), place("Berlin", "12", 5, "DE", "30"), place("Hamburg", "20", 5, "DE", "40"), place("Hamburg", "22", 5, "DE", "40"),
    place("München", "80", 5, "DE", "89"), place("München", "81", 5, "DE", "89"), place("Köln", "50", 5, "DE", "221"), place("Frankfurt am Main", "60", 5, "DE", "69"),
    place("Stuttgart", "70", 5, "DE", "711"), place("Düsseldorf", "40", 5, "DE", "211"), place("Leipzig", "04", 5, "DE", "341"), place("Dortmund", "44", 5, "DE", "231"),
    place("Essen", "45", 5, "DE", "201"), place("Bremen", "28", 5, "DE", "421"), place("Dresden", "01", 5, "DE", "351"), place("Hannover", "30", 5, "DE", "511"),
    place("Nürnberg", "90", 5, "DE", "911"), place("Duisburg", "47", 5, "DE", "203"), place("Bochum", "44", 5, "DE", "234"), place("Wuppertal", "42", 5, "DE", "202"),
    place("Bielefeld", "33", 5, "DE", "521"), place("Bonn", "53", 5, "DE", "228"), place("Münster", "48", 5, "DE", "251"), place("Karlsruhe", "76", 5, "DE", "721"),
    place("Mannheim", "68", 5, "DE", "621"), place("Augsburg", "86", 5, "DE", "821"), place("Wiesbaden", "65", 5, "DE", "611"), place("Lüdenscheid", "585", 5, "DE", "2351"),
    place("Göppingen", "730", 5, "DE", "7161"), place("Gütersloh", "333", 5, "DE", "5241"), place("Würzburg", "970", 5, "DE", "931"), place("Bad Homburg v. d. Höhe", "613", 5, "DE", "6172"),
    place("Wien", "1", 4, "AT", "1"), place("Wien", "10", 4, "AT", "1"), place("Graz", "80", 4, "AT", "316"), place("Linz", "40", 4, "AT", "732"), place("St. Pölten", "31", 4, "AT", "2742"),
    place("Zürich", "80", 4, "CH", "44"), place("Genève", "12", 4, "CH", "22"), place("Basel", "40", 4, "CH", "61"), place("St. Gallen", "90", 4, "CH", "71"),
    place("Amsterdam", "10", 4, "NL", "20"), place("Eindhoven", "56", 4, "NL", "40"), place("Paris", "750", 5, "FR", "1"), place("Lyon", "690", 5, "FR", "4"),
    place("Milano", "201", 5, "IT", "2"), place("Bruxelles", "10", 4, "BE", "2"), place("Warszawa", "00", 5, "PL", "22"),
    place("London", "EC1A ", 8, "GB", "20"), place("Boston", "021", 5, "US", "617"),
];

#[rustfmt::skip]
pub(crate) const STREETS: &[&str] = &[
    "Hauptstraße", "Bahnhofstraße", "Gartenstraße", "Industriestraße", "Am Gewerbepark", "Lindenallee", "Schillerstraße", "Goethestraße", "Königsallee",
    "Max-Planck-Straße", "Otto-Hahn-Straße", "Daimlerstraße", "Siemensstraße", "Marktplatz", "Im Industriegebiet", "Werderstraße", "Kölner Straße", "An der Mühle",
    "Brückenweg", "Hafenstraße", "Zum Alten Wasserwerk", "Rosenweg", "Münchner Straße", "Kaiserring",
];

#[rustfmt::skip]
pub(crate) const STREETS_ABROAD: &[&str] = &[
    "Market Street", "High Street", "Rue de la République", "Avenue Victor Hugo", "Via Garibaldi", "Keizersgracht", "Station Road", "Rue du Moulin", "ul. Długa",
];
