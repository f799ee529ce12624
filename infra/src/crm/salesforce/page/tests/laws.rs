//! Properties of every page.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn what_is_utf8_is_left_as_it_is_and_what_is_not_becomes_so(text in any::<String>(), bytes in any::<Vec<u8>>()) {
        prop_assert_eq!(mend_utf8(text.as_bytes()), text.as_bytes());
        prop_assert!(std::str::from_utf8(&mend_utf8(&bytes)).is_ok());
    }

    #[test]
    fn bad_bytes_make_a_record_bad_and_never_another_one(name in any::<String>(), at in any::<prop::sample::Index>(), width in 1..4_usize) {
        let json = serde_json::json!({"records": [{"Id": ID, "SystemModstamp": "2026-11-24T09:00:00.000Z", "Name": name}]});
        let page = json.to_string().into_bytes();
        let before = parse_rest(&page, &shape()).unwrap();
        let mut spoilt = page;
        let at = at.index(spoilt.len());
        for byte in spoilt.iter_mut().skip(at).take(width) {
            *byte = 0xff;
        }
        if let Ok(after) = parse_rest(&mend_utf8(&spoilt), &shape()) {
            for item in &after.items {
                if let Item::Live(record) = item {
                    prop_assert_eq!(&record.fields, &live(&before).fields);
                }
            }
        }
    }

    #[test]
    fn rest_and_bulk_give_equal_text(name in any::<String>(), city in "\\PC*", revenue in any::<i32>(), active in any::<bool>()) {
        let json = serde_json::json!({"Id": ID, "SystemModstamp": "2026-11-24T09:00:00.000+0000", "Name": name, "BillingCity": city, "AnnualRevenue": f64::from(revenue), "Active__c": active});
        let from_rest = rest(&json.to_string());
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let csv = format!("Id,SystemModstamp,Name,BillingCity,AnnualRevenue,Active__c\n{ID},2026-11-24T09:00:00.000Z,{},{},{revenue},{active}\n", quoted(&name), quoted(&city));
        let from_bulk = parse_csv(csv.as_bytes(), &shape()).unwrap();
        prop_assert_eq!(&live(&from_rest).fields, &live(&from_bulk).fields);
        prop_assert!(live(&from_rest).attributes == live(&from_bulk).attributes);
    }

    #[test]
    fn no_bytes_make_the_parsers_fall_over(bytes in any::<Vec<u8>>(), text in "[\\[\\]{}\",:a-z0-9\\\\]{0,60}") {
        let _ = parse_rest(&bytes, &shape());
        let _ = parse_rest(format!("{{\"records\":[{text}]}}").as_bytes(), &shape());
        let _ = parse_csv(&bytes, &shape());
        let _ = parse_csv(format!("Id,Name\n{text}").as_bytes(), &shape());
    }
}
