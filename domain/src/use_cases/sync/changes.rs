//! Reads a window of changes, one page ahead of the one that is being stored.

use std::mem;

use futures::future::join;

use crate::{
    crm_time,
    fault::{Code, CrmCode, Fault, Outcome},
    parents,
    ports::{Answer, Changes, Page},
    progress::{PageToken, Verdict, Window},
    record::Object,
    sync::{
        conclude::conclude,
        context::Context,
        fields,
        flow::Flow,
        page::{self, Batch, Text},
        state::{State, earlier},
    },
};

/// A CRM that loses its place this often in one slice is in trouble, and the slice ends.
const MAX_TOKENS_LOST: u32 = 3;

/// Reads the rest of the window, or opens the next window.
pub(super) async fn read(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    if !fields::look(context, state).await? {
        return conclude(context, state, Verdict::Absent).await;
    }
    let (window, mut token) = match state.cursor.reading.window() {
        Some(open) => open,
        None => (open_window(context, state).await?, None),
    };
    let mut lost = 0;
    let number = number_of(state, 0);
    let place = PageAt {
        object: state.object,
        window: &window,
        resume: state.cursor.reading.resume().cloned(),
    };
    let mut answer = ask(context, &place, token.as_ref(), number).await?;
    loop {
        let (page, text) = match answer {
            Fetched::Page(page, text) => (page, text),
            Fetched::ResumeLost if state.cursor.reading.resume().is_some() => {
                token = None;
                answer = read_all_again(context, state).await?;
                continue;
            }
            Fetched::ResumeLost => return Err(Fault::crm("crm", CrmCode::said("resume_unknown"))),
            Fetched::TokenLost if lost < MAX_TOKENS_LOST => {
                lost += 1;
                token = None;
                answer = begin_again(context, state).await?;
                continue;
            }
            Fetched::TokenLost => return Err(Fault::of(Code::CrmTokenLostAgainAndAgain)),
        };
        if context.out_of_time() {
            return Ok(Flow::OutOfTime);
        }
        let before = token.take();
        token.clone_from(&page.next);
        let resume = state.cursor.reading.resume().cloned();
        let rewriting = state.cursor.fields.is_rewriting();
        let window = move_on(context, state, &page)?;
        if page.is_short {
            state.cursor.comparison.ask_for_sweep();
        }
        let place = PageAt {
            object: state.object,
            window: &window,
            resume,
        };
        let number = number_of(state, 1);
        // A page that was fetched is stored. Only the next one has to wait.
        let next = token.as_ref().filter(|_| context.exhausted().is_none());
        let ahead = async {
            match next {
                Some(next) => Some(ask(context, &place, Some(next), number).await),
                None => None,
            }
        };
        let batch = Batch {
            items: page.items,
            text: Some(text),
            rewriting,
        };
        let (stored, ahead) = join(page::store(context, state, batch), ahead).await;
        stored?;
        match ahead {
            Some(next) => answer = next?,
            None if token.is_some() => return Ok(Flow::OutOfTime),
            None => {
                if let Some(token) = before {
                    context.crm.forget(&token).await;
                }
                return Ok(Flow::Done);
            }
        }
    }
}

/// The CRM's answer, with the sealed text of a page beside it.
enum Fetched {
    Page(Page, Text),
    TokenLost,
    ResumeLost,
}

/// The window that is read, and its object.
struct PageAt<'a> {
    object: Object,
    window: &'a Window,
    /// The CRM's own token for the end of the last window.
    resume: Option<PageToken>,
}

/// Returns the number of the page that a first reading stores after `n` others.
fn number_of(state: &State, n: u64) -> Option<u64> {
    let reading = &state.cursor.reading;
    reading.is_first().then_some(reading.pages() + n)
}

/// Requests a page. In a first reading the page has a number, and its text is sealed at once: all of its records will be put, the
/// text is as large as they are, and the page before is still being stored.
async fn ask(
    context: &Context<'_>,
    place: &PageAt<'_>,
    token: Option<&PageToken>,
    number: Option<u64>,
) -> Outcome<Fetched> {
    let changes = Changes {
        object: place.object,
        window: place.window,
        resume: place.resume.as_ref(),
        token,
        at_most: context.at_most,
    };
    let mut page = match context.crm.changes(changes).await? {
        Answer::Page(page) => page,
        Answer::TokenLost => return Ok(Fetched::TokenLost),
        Answer::ResumeLost => return Ok(Fetched::ResumeLost),
    };
    if !page.has_parents {
        parents::complete(&*context.crm, place.object, &mut page.items).await?;
    }
    let text = mem::take(&mut page.raw);
    let text = match number {
        Some(number) => Text::Sealed(page::seal_page(context, place.object, number, text)?),
        None => Text::Plain(text),
    };
    Ok(Fetched::Page(page, text))
}

/// Requests the window's first page again, from the point up to which its changes are stored. Its records may be in the copy
/// already.
async fn begin_again(context: &Context<'_>, state: &mut State) -> Outcome<Fetched> {
    state.cursor.reading.begin_window_again();
    let window = match state.cursor.reading.window() {
        Some((window, _)) => window,
        None => open_window(context, state).await?,
    };
    let place = PageAt {
        object: state.object,
        window: &window,
        resume: state.cursor.reading.resume().cloned(),
    };
    ask(context, &place, None, None).await
}

/// Opens a window over everything, after the CRM forgot the end of the last window. No page shows the deletions since then, so the
/// ids are compared even if the counts agree.
async fn read_all_again(context: &Context<'_>, state: &mut State) -> Outcome<Fetched> {
    state.cursor.reading.begin_again();
    state.cursor.comparison.ask_for_sweep();
    open_window(context, state).await?;
    begin_again(context, state).await
}

/// Moves the cursor past a page that is about to be stored. Returns the window of the next page.
fn move_on(context: &Context<'_>, state: &mut State, page: &Page) -> Outcome<Window> {
    let cursor = &mut state.cursor;
    let lost = || Fault::of(Code::CursorNoWindow);
    if let Some(next) = &page.next {
        let turned = cursor.reading.turn(page.reached.as_ref(), next);
        return turned.ok_or_else(lost);
    }
    if cursor.reading.is_first() {
        // The copy was empty, so it has only what the CRM sent. If the counts agree, the ids do, too.
        cursor.comparison.ids_were_compared(context.last_look());
        if state.are_associated {
            cursor.associations.were_compared(context.last_look());
        }
    }
    let lag = state.lag;
    let next = |window: &Window| earlier(window.until, lag);
    let window = cursor.reading.close(next, page.resume.clone());
    cursor.fields.rewritten();
    cursor.advance();
    window.ok_or_else(lost)
}

/// Opens the next window, which ends at the CRM's current time. The window after it begins one lag before that end, for changes
/// that appear late. Records that are read twice are recognised.
async fn open_window(context: &Context<'_>, state: &mut State) -> Outcome<Window> {
    let until = crm_time::now(&*context.crm).await?;
    if state.cursor.deletions.from().is_none() {
        // A page may be put and never counted, if the slice ends in between. The deletions of its records count, whenever it is read
        // again.
        state.cursor.deletions.begin(earlier(until, state.lag));
        state.checkpoint(context, 0, &[]).await?;
    }
    let cursor = &mut state.cursor;
    if cursor.reading.next().is_none() && cursor.reading.is_first() {
        // All records will be matched with this version, unless it changes meanwhile.
        let published = context.ports().companies.published().await?;
        cursor
            .rematching
            .begin_with(published.map(|version| version.0));
    }
    let window = Window {
        after: cursor.reading.next().cloned(),
        until,
    };
    cursor.reading.open(window.clone());
    Ok(window)
}
