use super::super::name;

fn core(text: &str) -> String {
    name(text).0
}

fn alike(expected: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(core(text), expected, "{text}");
    }
}

/// Each legal form that the registers of these countries know, as it would be typed.
#[test]
fn the_forms_of_each_country_are_known_in_their_usual_spellings() {
    #[rustfmt::skip]
    let countries: &[(&str, &[&str])] = &[
        ("DE", &["GmbH", "gGmbH", "G.m.b.H", "GmbH & Co. KG", "GmbH + Co KG", "GmbH u. Co. KGaA", "AG & Co. KG", "AG & Co. OHG", "SE & Co. KGaA", "SE", "AG", "KGaA",
            "UG (haftungsbeschränkt)", "UG haftungsbeschränkt & Co. KG", "gUG", "KG", "OHG", "oHG", "GbR", "eGbR", "e.K.", "e. Kfm.", "e.Kfr.", "eG", "e.G.", "e.V.", "e. V.",
            "VVaG", "PartG", "PartG mbB", "PartGmbB", "EWIV", "AöR", "KdöR", "Anstalt des öffentlichen Rechts", "eingetragener Verein", "eingetragene Genossenschaft",
            "Kommanditgesellschaft auf Aktien", "GmbH i.L.", "GmbH in Liquidation", "GmbH i.G.", "Gesellschaft bürgerlichen Rechts"]),
        ("AT", &["GmbH", "Ges.m.b.H.", "GesmbH", "Ges.m.b.H. & Co KG", "OG", "KG", "KEG", "e.U.", "eU", "FlexCo", "FlexKapG", "GesbR", "Gesellschaft m.b.H."]),
        ("CH", &["AG", "SA", "GmbH", "Sàrl", "Sagl", "S.A.", "Kollektivgesellschaft"]),
        ("LI", &["AG", "Anstalt", "Treuunternehmen"]),
        ("GB", &["Ltd", "Ltd.", "Limited", "PLC", "plc", "P.L.C.", "LLP", "LP", "CIC", "Public Limited Company", "Limited Liability Partnership", "Cyf"]),
        ("IE", &["Ltd.", "DAC", "CLG", "Teoranta", "Unlimited Company"]),
        ("US", &["Inc.", "Inc", "Incorporated", "Corp.", "Corporation", "LLC", "L.L.C.", "LLP", "LP", "L.P.", "PLLC", "PBC", "Co.", "Company, Inc.", "Limited Liability Company"]),
        ("FR", &["SARL", "S.A.R.L.", "EURL", "SA", "S.A.", "SAS", "SASU", "SNC", "SCI", "SCA", "SCOP", "GIE", "SELARL", "Société Anonyme", "Société à responsabilité limitée"]),
        ("BE", &["BV", "BVBA", "SPRL", "NV", "SA", "CVBA", "SCRL", "VZW", "ASBL", "Comm.V", "VOF", "SRL"]),
        ("NL", &["B.V.", "BV", "N.V.", "V.O.F.", "C.V.", "U.A.", "Besloten Vennootschap"]),
        ("LU", &["S.à r.l.", "S.à.r.l.", "Sàrl", "S.A.", "S.à r.l.-S", "SCSp", "S.C.A."]),
        ("IT", &["S.p.A.", "SpA", "S.r.l.", "Srl", "S.r.l.s.", "S.n.c.", "S.a.s.", "S.a.p.a.", "S.c.a.r.l.", "Società per Azioni"]),
        ("ES", &["S.L.", "SL", "S.L.U.", "S.A.", "S.A.U.", "S.L.L.", "S.L.P.", "Sociedad Limitada", "Sociedad Anónima"]),
        ("PT", &["Lda.", "Lda", "Unipessoal Lda", "S.A.", "SGPS, S.A.", "Limitada"]),
        ("DK", &["A/S", "AS", "ApS", "I/S", "K/S", "P/S", "IVS", "A.M.B.A."]),
        ("SE", &["AB", "AB (publ)", "AB publ", "HB", "KB", "Aktiebolag", "Ekonomisk förening"]),
        ("NO", &["AS", "A/S", "ASA", "ANS", "NUF", "ENK"]),
        ("FI", &["Oy", "Oyj", "Oy Ab", "Ky", "Tmi"]),
        ("IS", &["ehf.", "hf.", "ohf."]),
        ("EE", &["OÜ", "AS"]), ("LV", &["SIA", "AS"]), ("LT", &["UAB", "AB", "MB", "VšĮ"]),
        ("PL", &["Sp. z o.o.", "sp. z o. o.", "Sp.z o.o.", "S.A.", "Sp. k.", "Sp. j.", "Sp. z o.o. Sp. k.", "S.K.A.", "Spółka z o.o.", "Spółka Akcyjna"]),
        ("CZ", &["s.r.o.", "s. r. o.", "spol. s r.o.", "a.s.", "v.o.s.", "k.s."]), ("SK", &["s.r.o.", "a.s.", "spol. s r. o."]),
        ("HU", &["Kft.", "Zrt.", "Nyrt.", "Bt.", "Kkt."]),
        ("SI", &["d.o.o.", "d.d.", "d.n.o."]), ("HR", &["d.o.o.", "j.d.o.o.", "d.d."]), ("RO", &["SRL", "S.R.L.", "S.A.", "PFA"]),
        ("BG", &["OOD", "EOOD", "AD", "EAD", "ООД", "ЕООД", "АД"]), ("GR", &["A.E.", "E.P.E.", "I.K.E.", "Α.Ε."]),
        ("CY", &["Ltd", "Limited", "PLC"]), ("MT", &["Ltd", "p.l.c."]),
    ];
    let mut unknown = Vec::new();
    for (country, forms) in countries {
        for form in *forms {
            let left = core(&format!("Quandtner {form}"));
            if left != "quandtner" {
                unknown.push(format!("{country} {form}: {left}"));
            }
        }
    }
    assert_eq!(unknown, [""; 0]);
}

#[test]
fn words_that_only_look_like_a_form_stay() {
    for (text, expected) in [
        ("IG Metall", "ig metall"),
        ("Ute Weber Moden", "ute weber moden"),
        ("SE Bordnetze GmbH", "se bordnetze"),
        ("Co Pilot Reisen", "co pilot reisen"),
        ("E.ON SE", "e on"),
        ("Kfz Schmidt", "kfz schmidt"),
    ] {
        assert_eq!(core(text), expected);
    }
}

#[test]
fn numbers_in_words_and_in_digits_come_out_alike() {
    alike(
        "3 konige apotheke",
        &[
            "Drei Könige Apotheke",
            "3 Könige Apotheke",
            "3-Könige-Apotheke",
        ],
    );
    alike("1 fc koln", &["1. FC Köln", "Erster FC Köln"]);
    alike(
        "solarfonds 3",
        &[
            "Solarfonds III GmbH",
            "Solarfonds 3 GmbH",
            "Solarfonds Drei GmbH & Co. KG",
        ],
    );
    alike("4 pfoten", &["Vier Pfoten", "4 Pfoten"]);
}

#[test]
fn abbreviations_are_spelled_out() {
    alike(
        "nordwind baugesellschaft",
        &["Nordwind Bauges. mbH", "Nordwind Baugesellschaft mbH"],
    );
    alike(
        "meier nachfolger",
        &["Meier Nachf. e.K.", "Meier Nachfolger e.K."],
    );
    alike(
        "acme manufacturing",
        &["Acme Mfg. Co.", "Acme Manufacturing Company"],
    );
    alike(
        "acme brothers international",
        &["Acme Bros. Intl. Inc.", "Acme Brothers International, Inc."],
    );
    alike(
        "deutsche telekom",
        &["Dt. Telekom AG", "Deutsche Telekom AG"],
    );
    alike("georges bourges", &["Georges Bourges SARL"]);
    alike(
        "muller",
        &[
            "Müller, vorm. Meier KG",
            "Müller ehem. Meier",
            "Müller (vormals Meier) GmbH",
            "Müller früher Meier",
        ],
    );
}
