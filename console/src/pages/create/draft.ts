import type { Schema } from "@abgleich/client";

type NewRecord = Schema<"NewRecord">;

export interface Row {
  key: number;
  name: string;
  value: string;
}

export interface LinkRow {
  key: number;
  object: Schema<"Object">;
  id: string;
}

type Content = Pick<Draft, "rows" | "links">;

/** What is being written in the form. */
export interface Draft {
  object: Schema<"Object">;
  company: string;
  purpose: string;
  rows: Row[];
  links: LinkRow[];
  allowDuplicate: boolean;
  /** What was written for other objects. Whoever chooses another object and comes back finds it again. */
  others: Partial<Record<Schema<"Object">, Content>>;
}

let keys = 0;

export function row(name = "", value = ""): Row {
  return { key: (keys += 1), name, value };
}

export function linkRow(): LinkRow {
  return { key: (keys += 1), object: "Account", id: "" };
}

export const EMPTY: Draft = { object: "Account", company: "", purpose: "", rows: [], links: [], allowDuplicate: false, others: {} };

/** The draft with another object: its fields and links are its own. */
export function withObject(draft: Draft, object: Schema<"Object">): Draft {
  const { rows, links } = draft;
  const others = { ...draft.others, [draft.object]: { rows, links } };
  return { ...draft, object, ...(others[object] ?? { rows: [], links: [] }), others };
}

/** The record as the API takes it: what was left empty is left out. */
export function recordOf(draft: Draft): NewRecord {
  const filled = draft.rows.filter(({ name, value }) => name.trim() !== "" && value.trim() !== "");
  const links = draft.links.filter(({ id }) => id.trim() !== "").map(({ object, id }) => ({ object, id: id.trim() }));
  return {
    object: draft.object,
    fields: Object.fromEntries(filled.map(({ name, value }) => [name.trim(), value.trim()])),
    ...(links.length > 0 && { links }),
    ...(draft.company.trim() !== "" && { company: draft.company.trim() }),
    ...(draft.purpose.trim() !== "" && { purpose: draft.purpose.trim() }),
    allowDuplicate: draft.allowDuplicate,
  };
}

/** Adds an empty row for each field that is missing and has none. */
export function withRows(draft: Draft, missing: string[]): Draft {
  const known = new Set(draft.rows.map(({ name }) => name.trim()));
  const more = missing.filter((name) => name !== "links" && !known.has(name)).map((name) => row(name));
  return more.length === 0 ? draft : { ...draft, rows: [...draft.rows.filter(({ name, value }) => name !== "" || value !== ""), ...more] };
}

/** The fields that the CRM requires and that no row has yet, so that they are known before anything is checked. */
export function unnamed(draft: Draft, fields: Iterable<{ name: string; required: boolean; settable: boolean }>): string[] {
  const known = new Set(draft.rows.map(({ name }) => name.trim()));
  return [...fields].filter(({ name, required, settable }) => required && settable && !known.has(name)).map(({ name }) => name);
}

/** What of the person can be read off the fields: whatever looks like an address. The rest is asked for. */
export function emailsOf(draft: Draft): string[] {
  return draft.rows.map(({ value }) => value.trim()).filter((value) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value));
}
