#[rustfmt::skip]
pub(crate) const TRADES: &[&str] = &[
    "Werkzeugbau", "Maschinenbau", "Metallbau", "Elektrotechnik", "Spedition", "Logistik", "Gerüstbau", "Bedachungen", "Immobilien", "Hausverwaltung", "Versicherungsmakler",
    "Steuerberatung", "Unternehmensberatung", "Softwareentwicklung", "IT-Systemhaus", "Druckerei", "Verlag", "Werbeagentur", "Möbelhandel", "Großhandel", "Gebäudetechnik",
    "Kältetechnik", "Sanitär und Heizung", "Tiefbau", "Hochbau", "Landtechnik", "Fördertechnik", "Kunststofftechnik", "Oberflächentechnik", "Verpackungen", "Medizintechnik",
    "Labortechnik", "Pflegedienst", "Apotheke", "Autohaus", "Fahrzeugteile", "Reinigung", "Sicherheitsdienste", "Personaldienstleistungen", "Energieberatung", "Solartechnik",
    "Brauerei", "Bäckerei", "Fleischwaren", "Getränkehandel", "Gartenbau", "Holzbau", "Fensterbau", "Messebau", "Vermögensverwaltung", "Beteiligungs", "Ingenieurbüro",
];

#[rustfmt::skip]
pub(crate) const TRADES_ABROAD: &[&str] = &[
    "Engineering", "Consulting", "Logistics", "Software", "Trading", "Foods", "Packaging", "Chemicals", "Technologies", "Instruments", "Design", "Transports", "Conseil", "Meccanica",
];

#[rustfmt::skip]
pub(crate) const BRAND_STARTS: &[&str] = &[
    "Nord", "Alpen", "Rhein", "Elbe", "Bavaria", "Hansa", "Euro", "Opti", "Pro", "Tele", "Meta", "Inno", "Vita", "Terra", "Aqua", "Lumi", "Kern", "Stella", "Zent", "Novi", "Quant",
    "Fabri", "Delta", "Omni", "Regio", "Süd", "Ost", "Weser", "Neckar", "Spree",
];

#[rustfmt::skip]
pub(crate) const BRAND_ENDS: &[&str] = &[
    "tec", "log", "plan", "soft", "form", "print", "med", "lux", "werk", "data", "net", "therm", "cert", "pharm", "bau", "line", "con", "sys", "mobil", "energie", "pack", "color",
];

/// The part of a subsidiary's name that follows its parent's name.
#[rustfmt::skip]
pub(crate) const SUBSIDIARIES: &[&str] = &[
    "Vertrieb", "Service", "Deutschland", "Immobilien", "Logistik", "Verwaltungs", "International", "Holding", "Österreich", "Schweiz", "Beteiligungs", "Produktion", "Leasing", "Süd", "Nord",
];

/// Legal forms by country. A repeated one is more frequent.
#[rustfmt::skip]
pub(crate) const FORMS_BY_COUNTRY: &[(&str, &[&str])] = &[
    ("DE", &["GmbH", "GmbH", "GmbH", "GmbH", "GmbH", "GmbH & Co. KG", "GmbH & Co. KG", "AG", "KG", "OHG", "e.K.", "UG (haftungsbeschränkt)", "SE", "SE & Co. KGaA", "GbR", "eG", "gGmbH", "PartG mbB"]),
    ("AT", &["GmbH", "GmbH", "Ges.m.b.H.", "AG", "KG", "e.U.", "OG"]),
    ("CH", &["AG", "AG", "GmbH", "Sàrl", "SA"]),
    ("NL", &["B.V.", "B.V.", "N.V.", "V.O.F."]),
    ("FR", &["SARL", "SAS", "SA", "S.à r.l."]),
    ("IT", &["S.r.l.", "S.p.A.", "S.n.c."]),
    ("BE", &["BV", "NV", "SA"]),
    ("PL", &["Sp. z o.o.", "S.A."]),
    ("GB", &["Ltd", "Limited", "PLC", "LLP"]),
    ("US", &["Inc.", "LLC", "Corp."]),
];

#[rustfmt::skip]
pub(crate) const TITLES: &[&str] = &[
    "Geschäftsführer", "Leiterin Einkauf", "Vertriebsleiter", "Head of Marketing", "Prokuristin", "IT-Leiter", "Assistenz der Geschäftsführung", "CFO", "Produktmanagerin", "Key Account Manager",
    "Werksleiter", "Leiterin Qualitätssicherung",
];

#[rustfmt::skip]
pub(crate) const DEPARTMENTS: &[&str] = &["Einkauf", "Vertrieb", "Marketing", "IT", "Geschäftsleitung", "Finanzen", "Produktion", "Qualitätssicherung"];

/// Sentences for descriptions. Some have what breaks careless programs: quotes, commas, line ends, invisible marks,
/// other scripts, emoji.
#[rustfmt::skip]
pub(crate) const SENTENCES: &[&str] = &[
    "Interesse an einem Rahmenvertrag für das kommende Jahr.", "Angebot wurde per E-Mail verschickt, Rückmeldung steht noch aus.", "Kunde wünscht Rückruf nach der Messe.",
    "Bestandskunde seit mehreren Jahren, Zahlungsmoral gut.", "Budget ist freigegeben, Entscheidung im nächsten Quartal.", "Wettbewerber ist bereits im Haus, Vertrag läuft aus.",
    "Meeting notes: wants \"one price\", not three; see attachment.", "Préfère être contacté l'après-midi.", "Zuständigkeit wechselt zum Monatsende;\nbitte Übergabe abstimmen.",
    "Größe der Abteilung: ca. 40 Personen – Tendenz steigend.", "Nächster Schritt: Demo 🎯 mit dem Fachbereich.", "Lieferanschrift weicht ab (siehe Lager\u{a0}2).",
    "Referenz \\\\server\\freigabe\\2025 geprüft.", "Anforderung: Schnittstelle <XML/> & CSV; Zeichensatz Ω, ł, ş.", "Soft\u{ad}ware\u{200b}einführung verschoben.",
    "日本の子会社も関心あり。", "Rabatt 12,5 % wurde zugesagt.", "Ansprechpartner ist bis auf Weiteres in Elternzeit.", "Follow up next week, budget owner still unknown.",
    "Hat den Newsletter abbestellt; nur telefonisch.",
];
