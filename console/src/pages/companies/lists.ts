import { breathe, decoded, type Encoding, encodingOf } from "./encoding.ts";
import { Rows, type Unclosed } from "./rows.ts";

/** What was read of a pasted text or a file. */
export interface List {
  /** The ids of companies, each once, in the list's order. */
  ids: string[];
  /** The cells of the first row, by which the user chooses a column; more than one if the list is a table. */
  columns: string[];
  /** The column that was read. */
  column: number;
  /** Whether the first row is a title, and no company. */
  isTitled: boolean;
  /** How many rows have no id that could be one. */
  unfit: number;
  /** How many rows name a company that an earlier one named. */
  repeated: number;
  /** How many rows come after as many companies as a list may have. */
  beyond: number;
  /** Where a cell begins that never ends. */
  unclosed: Unclosed | undefined;
  /** How a file was read; undefined for a text. */
  encoding: Encoding | undefined;
}

/** What the user says about a list. What is left out is found by the first row. */
export interface Choices {
  column?: number;
  isTitled?: boolean;
}

/** The longest id of a company in bytes, by the contract. */
const LONGEST = 128;
/** The ids that a list may have. More than that is no question that a person asks. */
export const MOST = 200_000;
const SLICE = 1 << 14;
const HEADERS = ["company", "company_id", "companyid", "id", "firma", "firmen_id", "firmenid"];
const isHeader = (cell: string) => HEADERS.includes(cell.trim().toLowerCase().replaceAll(/[\s-]+/g, "_"));
const UTF8 = new TextEncoder();
/** What no id may have: control characters, and halves of characters, which no request can carry. */
const FORBIDDEN = /[\p{Cc}\p{Cs}]/u;

/** Whether the API takes a text for an id: it refuses a whole step for one that it does not take. */
export function isFit(id: string): boolean {
  return id !== "" && id.length <= LONGEST && !FORBIDDEN.test(id) && UTF8.encode(id).length <= LONGEST;
}

async function* slices(source: string | Blob, encoding: Encoding | undefined): AsyncGenerator<string> {
  if (typeof source !== "string") yield* decoded(source, encoding ?? "utf-8", SLICE);
  else for (let at = 0; at < source.length; at += SLICE) yield source.slice(at, at + SLICE);
}

/** Reads a list. */
export async function readList(source: string | Blob, choices: Choices = {}, signal?: AbortSignal): Promise<List> {
  const encoding = typeof source === "string" ? undefined : await encodingOf(source, signal);
  const list: List = { ids: [], columns: [], column: choices.column ?? 0, isTitled: false, unfit: 0, repeated: 0, beyond: 0, unclosed: undefined, encoding };
  const rows = new Rows(LONGEST);
  const known = new Set<string>();
  const take = (row: string[]) => {
    if (row.every((cell) => cell === "")) return;
    if (list.columns.length === 0) {
      list.columns = row;
      const found = row.findIndex(isHeader);
      if (row.length > 1) list.column = choices.column ?? Math.max(found, 0);
      // Of a table with unknown titles the user chose a column. Ids have digits nearly always, and titles nearly never.
      list.isTitled = choices.isTitled ?? (found >= 0 || (row.length > 1 && !/\d/.test(row[list.column] ?? "")));
      if (list.isTitled) return;
    }
    const id = row[list.column] ?? "";
    if (!isFit(id)) list.unfit += 1;
    else if (known.has(id)) list.repeated += 1;
    else if (known.size < MOST) known.add(id);
    else list.beyond += 1;
  };
  for await (const slice of slices(source, encoding)) {
    signal?.throwIfAborted();
    for (const row of rows.read(slice)) take(row);
    await breathe();
  }
  for (const row of rows.rest()) take(row);
  return { ...list, ids: [...known], unclosed: rows.unclosed };
}

/** Whether a table's columns are not understood, so that the user has to say which one has the ids. */
export function needsChoice(list: List): boolean {
  return list.columns.length > 1 && !list.columns.some(isHeader);
}
