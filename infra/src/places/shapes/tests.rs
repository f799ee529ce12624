use super::*;

/// Returns a key of the shape, as far as the table says it.
fn sample(shape: Shape) -> (String, String) {
    let text = |word| match word {
        One(text) => text.to_owned(),
        Each(text) => format!("{text}1"),
    };
    let integration = "T#a-tenant#crm";
    match shape.under() {
        Tenant(word) | TenantSealed(word) => ("T#a-tenant".to_owned(), text(word)),
        Integration(word) => (integration.to_owned(), text(word)),
        Generation(word) => (integration.to_owned(), format!("g1#{}", text(word))),
        Record(One("")) => (format!("{integration}#g1#Lead#01"), "an-id".to_owned()),
        Record(word) => (
            format!("{integration}#g1#Lead#01"),
            format!("an-id#{}", text(word)),
        ),
        Root(word) => (text(word), String::new()),
    }
}

#[test]
fn every_line_of_the_table_is_recognised_and_no_line_hides_another() {
    for shape in Shape::ALL {
        let (key, sort) = sample(*shape);
        assert_eq!(
            Shape::of(shape.home(), &key, &sort),
            Some(*shape),
            "{key} {sort}"
        );
    }
}
