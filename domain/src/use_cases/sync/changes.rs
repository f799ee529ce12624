//! Reads a window of changes, one page ahead of the one that is being stored.

use std::mem;

use futures::future::join;

use crate::{
    fault::{Code, CrmCode, Fault, Outcome},
    ports::{Answer, Changes, Page},
    progress::{PageToken, Position, Stage, Verdict, Window},
    record::Object,
    sync::{
        conclude::conclude,
        context::{Context, State, earlier},
        fields,
        flow::Flow,
        page::{self, Batch, Text},
    },
};

/// A CRM that loses its place this often in one slice is in trouble: better come back later.
const MAX_TOKENS_LOST: u32 = 3;

/// Reads what is left of the window, or opens the next one.
pub(super) async fn read(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    if !fields::look(context, state).await? {
        return conclude(context, state, Verdict::Absent).await;
    }
    let (window, mut token) = match &state.cursor.open {
        Some(open) => open.clone(),
        None => (open_window(context, state).await?, None),
    };
    state.cursor.open = Some((window.clone(), token.clone()));
    let mut lost = 0;
    let number = number_of(state, 0);
    let place = PageAt {
        object: state.object,
        window: &window,
        resume: state.cursor.resume.clone(),
    };
    let mut answer = ask(context, &place, token.as_ref(), number).await?;
    loop {
        let (page, text) = match answer {
            Fetched::Page(page, text) => (page, text),
            Fetched::ResumeLost if state.cursor.resume.is_some() => {
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
        let resume = state.cursor.resume.clone();
        let window = move_on(context, state, &page)?;
        let place = PageAt {
            object: state.object,
            window: &window,
            resume,
        };
        let number = number_of(state, 1);
        let ahead = async {
            match &token {
                Some(next) => Some(ask(context, &place, Some(next), number).await),
                None => None,
            }
        };
        let batch = Batch {
            items: page.items,
            text: Some(text),
        };
        let (stored, ahead) = join(page::store(context, state, batch), ahead).await;
        stored?;
        match ahead {
            Some(next) => answer = next?,
            None => {
                if let Some(token) = before {
                    context.crm.forget(&token).await;
                }
                return Ok(Flow::Done);
            }
        }
    }
}

/// What the CRM answered, with a page's text beside it.
enum Fetched {
    Page(Page, Text),
    TokenLost,
    ResumeLost,
}

/// Which window of which object is read.
struct PageAt<'a> {
    object: Object,
    window: &'a Window,
    /// The CRM's own token of where the last window ended.
    resume: Option<PageToken>,
}

/// The number of the page that is stored after `n` others, in a first reading.
fn number_of(state: &State, n: u64) -> Option<u64> {
    state.cursor.first_reading.then_some(state.cursor.pages + n)
}

/// Asks for a page. With its number, which a first reading gives, its text is sealed at once: it is as large as its records,
/// all of them are going to be put, and the page before is still being stored.
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
    let text = mem::take(&mut page.raw);
    let text = match number {
        Some(number) => Text::Sealed(page::seal_page(context, place.object, number, text)?),
        None => Text::Plain(text),
    };
    Ok(Fetched::Page(page, text))
}

/// The window's first page again, from where its changes are stored up to. What comes may be in the copy already.
async fn begin_again(context: &Context<'_>, state: &mut State) -> Outcome<Fetched> {
    state.cursor.first_reading = false;
    let window = match &mut state.cursor.open {
        Some((window, token)) => {
            *token = None;
            window.clone()
        }
        None => open_window(context, state).await?,
    };
    let place = PageAt {
        object: state.object,
        window: &window,
        resume: state.cursor.resume.clone(),
    };
    ask(context, &place, None, None).await
}

/// A window over everything, after the CRM forgot where the last one ended. What was deleted meanwhile shows nowhere, so the ids are
/// compared whatever the counts say.
async fn read_all_again(context: &Context<'_>, state: &mut State) -> Outcome<Fetched> {
    state.cursor.resume = None;
    state.cursor.next = None;
    state.cursor.open = None;
    state.cursor.must_sweep = true;
    let window = open_window(context, state).await?;
    state.cursor.open = Some((window, None));
    begin_again(context, state).await
}

/// Moves the cursor past a page that is about to be stored; answers the window its next page is in.
fn move_on(context: &Context<'_>, state: &mut State, page: &Page) -> Outcome<Window> {
    let cursor = &mut state.cursor;
    let Some((mut window, _)) = cursor.open.take() else {
        return Err(Fault::of(Code::CursorNoWindow));
    };
    if page.reached.is_some() {
        window.after.clone_from(&page.reached);
    }
    if page.next.is_some() {
        cursor.open = Some((window.clone(), page.next.clone()));
    } else {
        cursor.next = Some(Position {
            at: earlier(window.until, state.lag),
            id: None,
        });
        cursor.resume.clone_from(&page.resume);
        if cursor.first_reading {
            // The copy was empty, and has what was sent and nothing else: where the counts agree, so do the ids.
            cursor.ids_compared = Some(context.last_look());
        }
        cursor.first_reading = false;
        cursor.rewriting = false;
        cursor.stage = Stage::Deletions;
    }
    Ok(window)
}

/// The next window: up to the CRM's now. Its successor begins a lag earlier than it ends, for what shows late; what is
/// read twice is recognised.
async fn open_window(context: &Context<'_>, state: &mut State) -> Outcome<Window> {
    let until = context.crm.clock().await?;
    if state.cursor.next.is_none() && state.cursor.first_reading {
        // All records are about to be matched: with this version, if it stays that one.
        let published = context.ports().companies.published().await?;
        state.cursor.matched = published.map(|version| version.0);
    }
    if state.cursor.deletions_from.is_none() {
        state.cursor.deletions_from = Some(earlier(until, state.lag));
    }
    Ok(Window {
        after: state.cursor.next.clone(),
        until,
    })
}
