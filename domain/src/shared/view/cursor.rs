//! The cursor of the next page, as a caller holds it. It is sealed, so it reveals nothing, cannot be changed, and opens only for
//! the same list of the same integration.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::View;
use crate::{
    fault::{Code, Fault, Outcome},
    ports::HeldToken,
    seal::{Place, Room, Sealed},
};

/// Seals a cursor for `list` with the filter `question`.
pub(crate) fn seal(
    view: &View<'_>,
    list: &str,
    question: &str,
    token: &HeldToken,
) -> Outcome<String> {
    let place = Place::within(view.scope(), Room::ApiCursor, list, question);
    let sealed = view.keys.sealing.seal(&place, token.0.as_bytes())?;
    Ok(URL_SAFE_NO_PAD.encode(sealed.as_bytes()))
}

/// Opens a cursor.
///
/// # Errors
/// Permanent if it belongs to another list or another generation. The caller has to begin the list again.
pub(crate) fn open(
    view: &View<'_>,
    list: &str,
    question: &str,
    cursor: &str,
) -> Outcome<HeldToken> {
    let refused = || Fault::of(Code::CursorRefused).with_detail("begin the list again");
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let place = Place::within(view.scope(), Room::ApiCursor, list, question);
    let sealed = Sealed::from_stored(bytes);
    let token = view.keys.sealing.open(&place, &sealed);
    let token = token.map_err(|_| refused())?;
    String::from_utf8(token)
        .map(HeldToken)
        .map_err(|_| refused())
}
