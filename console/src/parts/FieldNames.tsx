import { inOneLine } from "./Foreign.tsx";
import type { CrmField } from "./useFields.ts";

/** The names of fields that an input offers (`list`), each with what the CRM's users call it. */
export function FieldNames({ id, fields }: { id: string; fields: Iterable<CrmField> }) {
  return <datalist id={id}>{[...fields].map(({ name, label }) => <option key={name} value={name}>{label === null ? "" : inOneLine(label)}</option>)}</datalist>;
}
