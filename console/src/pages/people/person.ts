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
  /** Whether this is all. What was read before a failure or a stop is no answer to a person who asks. */
  isWhole: boolean;
  records: Part["records"];
  assessments: Part["assessments"];
  marks: NonNullable<Part["marks"]> | undefined;
  source: string;
}

/** Reads all that is held: the parts of the search, and all assessments where a part has no room for them. */
export async function search(client: Pick<Client, "POST">, person: Person, onPart: (held: Held) => void, signal: AbortSignal): Promise<Held> {
  let held: Held = { isWhole: false, records: [], assessments: [], marks: undefined, source: "" };
  let hasMore = false;
  const grow = (some: Partial<Held>) => onPart((held = { ...held, ...some }));
  const read = async (cursor: string | undefined) => (await client.POST("/v1/subjects/search", { body: { person, ...(cursor !== undefined && { cursor }) }, signal })).data;
  for await (const part of pages(read)) {
    hasMore ||= part.moreAssessments;
    grow({ records: [...held.records, ...part.records], assessments: [...held.assessments, ...part.assessments], marks: held.marks ?? part.marks ?? undefined, source: part.source });
  }
  if (hasMore) await readAssessments(client, person, (assessments) => grow({ assessments }), signal);
  grow({ isWhole: true });
  return held;
}

/** The list of assessments has all of them, so it takes the place of those that had room in the search. */
async function readAssessments(client: Pick<Client, "POST">, person: Person, onPart: (all: Held["assessments"]) => void, signal: AbortSignal): Promise<void> {
  const all: Held["assessments"] = [];
  const read = async (cursor: string | undefined) => (await client.POST("/v1/assessments/search", { body: { person, ...(cursor !== undefined && { cursor }) }, signal })).data;
  for await (const { assessments } of pages(read)) {
    all.push(...assessments.map(({ number, recorded, assessment }) => ({ number, at: recorded, assessment: assessment as object as Held["assessments"][number]["assessment"] })));
    onPart([...all]);
  }
}

/** What is said of an assessment in a list. */
export function told({ assessment }: Held["assessments"][number]): { purpose: string; kind: string } {
  const { purpose, basis } = assessment as { purpose?: unknown; basis?: { kind?: unknown } };
  return { purpose: typeof purpose === "string" ? purpose : "", kind: typeof basis?.kind === "string" ? basis.kind : "" };
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
