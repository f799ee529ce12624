//! Pages of bulk results: CSV with a line of names, every value in quotes.

use csv::{ByteRecord, ReaderBuilder, StringRecord};
use domain::{
    fault::{CrmCode, Outcome},
    record::Item,
};

use super::{
    super::{provider::VENDOR, shape::ObjectShape},
    Parsed,
    build::item,
    slots::id,
    spelling::Plain,
};

/// Parses a page of a bulk result.
///
/// # Errors
/// Returns a transient fault if the bytes are no such CSV: they have no line of names, or none that names the id.
pub fn parse_csv(bytes: &[u8], shape: &ObjectShape) -> Outcome<Parsed> {
    let unreadable = || VENDOR.fault(CrmCode::PageUnreadable);
    // A row with too many or too few values is one bad record, not a bad page.
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(bytes);
    let names = reader.headers().map_err(|_| unreadable())?;
    let places: Vec<Option<usize>> = names
        .iter()
        .scan(0, |hint, name| {
            let place = shape.find(name, *hint);
            *hint = place.map_or(*hint, |place| place + 1);
            Some(place)
        })
        .collect();
    let id_column = places
        .iter()
        .position(|place| *place == Some(shape.id))
        .ok_or_else(unreadable)?;

    let mut parsed = Parsed::default();
    let mut buffer = String::with_capacity(4_096);
    let mut row = ByteRecord::with_capacity(4_096, places.len());
    loop {
        match reader.read_byte_record(&mut row) {
            Ok(true) => {}
            Ok(false) => return Ok(parsed),
            Err(_) => return Err(unreadable()),
        }
        let id = || row_id(&row, id_column);
        if row.len() != places.len() {
            parsed.items.push(Item::Bad {
                id: id(),
                reason: "record.columns",
            });
            continue;
        }
        let text = match StringRecord::from_byte_record(row) {
            Ok(text) => text,
            Err(error) => {
                row = error.into_byte_record();
                parsed.items.push(Item::Bad {
                    id: row_id(&row, id_column),
                    reason: "record.not_utf8",
                });
                continue;
            }
        };
        let mut slots = vec![None; shape.fields.len()];
        for (value, place) in text.iter().zip(&places) {
            if let Some(slot) = place.and_then(|place| slots.get_mut(place)) {
                *slot = Some(value);
            }
        }
        let (item, place) = item::<Plain>(shape, &slots, &mut buffer);
        parsed.items.push(item);
        parsed.note(place);
        row = text.into_byte_record();
    }
}

fn row_id(row: &ByteRecord, column: usize) -> Option<domain::record::RecordId> {
    let text = std::str::from_utf8(row.get(column)?).ok()?;
    id::<Plain>(Some(text)).ok()
}
