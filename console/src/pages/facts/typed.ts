import type { Schema } from "@abgleich/client";

export const PARTIES = ["identity", "representative", "dataProtectionOfficer"] as const;
export type Name = (typeof PARTIES)[number];
export type Parties = Record<Name, Schema<"StatedParty">>;
/** What is typed about each party. Name and contact are kept while another statement is chosen. */
export type Typed = Record<Name, { status: Schema<"StatedParty">["status"]; name: string; contact: string }>;

export function typedOf(parties: Parties): Typed {
  const one = (party: Schema<"StatedParty">) => ({ name: "", contact: "", ...(party.status === "stated" && party.value), status: party.status });
  return { identity: one(parties.identity), representative: one(parties.representative), dataProtectionOfficer: one(parties.dataProtectionOfficer) };
}

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** The statement as the API takes it; nothing while a name or a contact is missing or too long. */
export function fitting(typed: Typed): Schema<"NewAccountable"> | undefined {
  const body: Record<string, unknown> = {};
  for (const party of PARTIES) {
    const { status } = typed[party];
    const [name, contact] = [typed[party].name.trim(), typed[party].contact.trim()];
    if (status === "stated" && (name === "" || contact === "" || bytes(name) > 200 || bytes(contact) > 1_000)) return undefined;
    body[party] = status === "stated" ? { status, value: { name, contact } } : { status };
  }
  return body as Schema<"NewAccountable">;
}
