/** What was read of a pasted text or a file. */
export interface List {
  /** The ids of companies, each once, in the list's order. */
  ids: string[];
  /** The first row of a table, by which the user chooses a column; empty if the list has one column. */
  columns: string[];
  /** The column that was read. */
  column: number;
  /** How many rows have no id that could be one. */
  unfit: number;
  /** How many rows name a company that an earlier one named. */
  repeated: number;
}

/** The longest id of a company, by the contract. */
const LONGEST = 128;
/** The ids that a list may have. More than that is no question that a person asks. */
export const MOST = 200_000;
const SLICE = 1 << 14;
const HEADERS = ["company", "company_id", "companyid", "id", "firma", "firmen_id", "firmenid"];
const isHeader = (cell: string) => HEADERS.includes(cell.trim().toLowerCase().replaceAll(/[\s-]+/g, "_"));

/**
 * Reads the rows of a CSV (RFC 4180) with any of the usual separators, slice by slice: a long text must not stand in the way of the page.
 * `read` may be called as often as there are slices, and `rows` whenever one is done.
 */
class Rows {
  #separator: string | undefined;
  #cell = "";
  #row: string[] = [];
  #isQuoted = false;
  #wasQuote = false;

  *read(slice: string): Generator<string[]> {
    this.#separator ??= separatorOf(slice);
    for (const char of slice) {
      if (this.#isQuoted) {
        if (this.#wasQuote && char !== '"') this.#isQuoted = this.#wasQuote = false;
        else if (char === '"' && !this.#wasQuote) {
          this.#wasQuote = true;
          continue;
        } else {
          this.#wasQuote = false;
          // Of a cell that never ends, no more is kept than says that it is none.
          if (this.#cell.length <= LONGEST) this.#cell += char;
          continue;
        }
      }
      if (char === '"' && this.#cell === "") this.#isQuoted = true;
      else if (char === this.#separator) this.#next();
      else if (char === "\n") yield this.#end();
      else if (char !== "\r" && this.#cell.length <= LONGEST) this.#cell += char;
    }
  }

  /** The last row, if it has no end of line. */
  *rest(): Generator<string[]> {
    if (this.#cell !== "" || this.#row.length > 0) yield this.#end();
  }

  #next() {
    this.#row.push(this.#cell.trim());
    this.#cell = "";
  }

  #end(): string[] {
    this.#next();
    const row = this.#row;
    this.#row = [];
    this.#isQuoted = this.#wasQuote = false;
    return row;
  }
}

/** Semicolon, tab or comma: whichever the first line has most. */
function separatorOf(slice: string): string {
  const line = slice.slice(0, slice.search(/[\r\n]|$/));
  const count = (separator: string) => line.split(separator).length;
  return [";", "\t", ","].reduce((best, next) => (count(next) > count(best) ? next : best));
}

async function* slices(source: string | Blob): AsyncGenerator<string> {
  if (typeof source === "string") {
    for (let at = 0; at < source.length; at += SLICE) yield source.slice(at, at + SLICE);
    return;
  }
  const decoder = new TextDecoder();
  for (let at = 0; at < source.size; at += SLICE) yield decoder.decode(await source.slice(at, at + SLICE).arrayBuffer(), { stream: true });
  yield decoder.decode();
}

/** Lets the page draw and answer. */
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Reads a list. `column` is the user's choice; without one, it is found by the first row. */
export async function readList(source: string | Blob, column?: number, signal?: AbortSignal): Promise<List> {
  const list: List = { ids: [], columns: [], column: column ?? 0, unfit: 0, repeated: 0 };
  const rows = new Rows();
  const known = new Set<string>();
  let isFirst = true;
  const take = (row: string[]) => {
    if (row.every((cell) => cell === "")) return;
    if (isFirst) {
      isFirst = false;
      row[0] = (row[0] ?? "").replace(/^\uFEFF/, "");
      const found = row.findIndex(isHeader);
      if (row.length > 1) {
        list.columns = row;
        list.column = column ?? Math.max(found, 0);
      }
      if (found >= 0 || (row.length > 1 && column !== undefined)) return;
    }
    const id = row[list.column] ?? "";
    if (id === "" || id.length > LONGEST) list.unfit += 1;
    else if (known.has(id)) list.repeated += 1;
    else if (known.size < MOST) known.add(id);
    else list.unfit += 1;
  };
  for await (const slice of slices(source)) {
    signal?.throwIfAborted();
    for (const row of rows.read(slice)) take(row);
    await breathe();
  }
  for (const row of rows.rest()) take(row);
  list.ids = [...known];
  return list;
}

/** Whether a table's columns are not understood, so that the user has to say which one has the ids. */
export function needsChoice(list: List): boolean {
  return list.columns.length > 1 && !list.columns.some(isHeader);
}
