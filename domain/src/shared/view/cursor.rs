//! The cursor of a page that comes next, as a caller holds it: sealed, so that it says nothing, cannot be changed, and opens
//! for the very same list of the very same integration only.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::View;
use crate::{
    fault::{Code, Fault, Outcome},
    ports::HeldToken,
    seal::{Place, Room, Sealed, Sealer},
};

/// Seals a cursor for `list`, whose question is `question`.
pub(crate) fn seal(
    view: &View<'_>,
    list: &str,
    question: &str,
    token: &HeldToken,
) -> Outcome<String> {
    let place = Place::within(view.scope(), Room::ApiCursor, list, question);
    let sealed = Sealer::new(&view.keys.sealing, 1)
        .and_then(|mut sealer| sealer.seal(&place, token.0.as_bytes()))?;
    Ok(URL_SAFE_NO_PAD.encode(sealed.as_bytes()))
}

/// Opens a cursor.
///
/// # Errors
/// Permanent, when it is none of this list, or of another generation: the list has to be begun again.
pub(crate) fn open(
    view: &View<'_>,
    list: &str,
    question: &str,
    cursor: &str,
) -> Outcome<HeldToken> {
    let refused = || Fault::of(Code::CursorRefused).with_detail("begin the list again");
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let place = Place::within(view.scope(), Room::ApiCursor, list, question);
    let token = view
        .opener()?
        .open(&place, &Sealed::from_stored(bytes))
        .map_err(|_| refused())?;
    String::from_utf8(token)
        .map(HeldToken)
        .map_err(|_| refused())
}
