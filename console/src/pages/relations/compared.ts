import type { Agreement, Field } from "../../parts/evidence.ts";
import type { Entry } from "../../parts/useEntries.ts";
import type { Suggestion } from "./queue.ts";

/** One value of a record beside the company's. */
export interface Compared {
  field: Field;
  mine: string[];
  theirs: string[];
  /** How matching found them to agree. Nothing if one side has none, or if the value has no weight. */
  agreement: Agreement | undefined;
}

const present = (...values: (string | null | undefined)[]) => values.filter((value) => value !== null && value !== undefined && value !== "") as string[];

/** What a record and a company say, side by side: the values that at least one of them has. What the other companies say is no value. */
export function compared({ record, evidence }: Suggestion, entry: Entry | null | undefined): Compared[] {
  const sides: [Field, string[], string[]][] = [
    ["name", present(record.company), present(entry?.name)],
    ["legal_form", [], present(entry?.legalForm)],
    ["street", present(record.street), present(entry?.street)],
    ["zip", present(record.zip), present(entry?.zip)],
    ["city", present(record.city), present(entry?.city)],
    ["country", present(record.country), present(entry?.country)],
    ["domain", present(record.website, record.email), present(entry?.domain)],
    ["phone", present(record.phone), present(entry?.phone)],
    ["vat", present(record.vatId), present(entry?.vatId)],
    ["register", present(record.register), present([entry?.registerNumber, entry?.registerCourt].filter(Boolean).join(" "))],
    ["lei", present(record.lei), present(entry?.lei)],
  ];
  const found = new Map(evidence.map((one) => [one.field, one.agreement]));
  return sides
    .map(([field, mine, theirs]) => ({ field, mine, theirs, agreement: found.get(field) }))
    .filter(({ mine, theirs, agreement }) => mine.length + theirs.length > 0 || agreement !== undefined);
}
