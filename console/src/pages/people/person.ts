import type { Client, Schema } from "@abgleich/client";
import { pages } from "@abgleich/client";

export type Person = Schema<"Person">;
export type Part = Schema<"SubjectPart">;

/** What the form has. Addresses and numbers are one in each line. */
export interface Typed {
  emails: string;
  phones: string;
  name: string;
  company: string;
  country: string;
}

export const NOBODY: Typed = { emails: "", phones: "", name: "", company: "", country: "" };

const lines = (text: string) => text.split(/[\n;,]/).map((line) => line.trim()).filter((line) => line !== "");

/** The person of a form, or undefined if nobody is identified by it. */
export function personOf(typed: Typed): Person | undefined {
  const [emails, phones] = [lines(typed.emails), lines(typed.phones)];
  const [name, company, country] = [typed.name.trim(), typed.company.trim(), typed.country.trim()];
  if (emails.length === 0 && phones.length === 0 && (name === "" || company === "")) return undefined;
  return {
    ...(emails.length > 0 && { emails }), ...(phones.length > 0 && { phones }),
    ...(name !== "" && { name }), ...(company !== "" && { company }), ...(country !== "" && { country }),
  };
}

/** What is held about a person. It grows part by part. */
export interface Held {
  records: Part["records"];
  assessments: Part["assessments"];
  moreAssessments: boolean;
  marks: NonNullable<Part["marks"]> | undefined;
  source: string;
}

export async function search(client: Pick<Client, "POST">, person: Person, onPart: (held: Held) => void, signal: AbortSignal): Promise<Held> {
  let held: Held = { records: [], assessments: [], moreAssessments: false, marks: undefined, source: "" };
  const read = async (cursor: string | undefined) => (await client.POST("/v1/subjects/search", { body: { person, ...(cursor !== undefined && { cursor }) }, signal })).data;
  for await (const part of pages(read)) {
    held = {
      records: [...held.records, ...part.records], assessments: [...held.assessments, ...part.assessments],
      moreAssessments: held.moreAssessments || part.moreAssessments, marks: held.marks ?? part.marks ?? undefined, source: part.source,
    };
    onPart(held);
  }
  return held;
}

/** Erases part by part. What was done so far is told after each, since a failure does not undo it. */
export async function erase(
  client: Pick<Client, "POST">, person: Person, more: { everything: boolean; reference?: string }, onPart: (erased: number, left: number) => void,
): Promise<void> {
  let [erased, left] = [0, 0];
  const read = async (cursor: string | undefined) =>
    (await client.POST("/v1/subjects/erasures", { body: { person, ...more, ...(cursor !== undefined && { cursor }) } })).data;
  for await (const part of pages(read)) {
    erased += part.erased.length;
    left += part.left.length;
    onPart(erased, left);
  }
}
