/** What every list of the API has: where it continues. */
export interface Page {
  cursor: string | null;
}

/** A list that names the same place again and again would never end. */
export class EndlessListError extends Error {
  override readonly name = "EndlessListError";
}

/**
 * Iterates over the pages of a list. `read` asks for the page at a cursor; the first has none. A page may be empty although more
 * follow. No page is asked for before the one before it was taken.
 */
export async function* pages<P extends Page>(read: (cursor: string | undefined) => Promise<P>): AsyncGenerator<P, void, undefined> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield page;
    if (page.cursor !== null && page.cursor === cursor) throw new EndlessListError("The list continues where it was");
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
}
