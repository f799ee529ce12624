import type { Schema } from "@abgleich/client";

type Reasons = Exclude<keyof Schema<"LegitimateInterest">, "kind" | "vulnerable" | "safeguards" | "outcome">;
export type Kind = Schema<"Basis">["kind"];
export type Step = "who" | "purpose" | "necessity" | "balancing" | "safeguards" | "outcome" | "evidence";

/** The steps of each kind of legal basis. A legitimate interest has its test (Art. 6(1)(f)); the others say what they rest on. */
export const STEPS: Record<Kind, Step[]> = {
  legitimate_interest: ["who", "purpose", "necessity", "balancing", "safeguards", "outcome"],
  consent: ["who", "evidence", "outcome"],
  contract: ["who", "evidence", "outcome"],
};

/** The reasons that are asked for in a step of the test. */
export const ASKED: Partial<Record<Step, Reasons[]>> = {
  purpose: ["interest", "whoseInterest", "benefit", "legality"],
  necessity: ["necessity", "alternatives"],
  balancing: ["relationship", "expectation", "sensitivity", "impact"],
  safeguards: ["optOut"],
};
/** What a template may prefill: what is the same for everybody. What is about the very person it may not. */
export const PREFILLED = ["interest", "whoseInterest", "benefit", "legality", "necessity", "alternatives"] as const;

/** What is written in the steps. */
export interface Answers {
  kind: Kind;
  emails: string;
  name: string;
  company: string;
  purpose: string;
  source: string;
  reviewer: string;
  assessed: string;
  reviewDate: string;
  texts: Record<string, string>;
  vulnerable: boolean;
  prevails: boolean | undefined;
  template: Schema<"TemplateUse"> | undefined;
}

export function begun(emails: string[], purpose: string, today = new Date()): Answers {
  const day = (in_days: number) => new Date(today.getTime() + in_days * 86_400_000).toISOString().slice(0, 10);
  return {
    kind: "legitimate_interest", emails: emails.join("\n"), name: "", company: "", purpose, source: "", reviewer: "", assessed: day(0), reviewDate: day(365), texts: {},
    vulnerable: false, prevails: undefined, template: undefined,
  };
}

function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** The assessment as the API takes it. */
export function assessmentOf(answers: Answers): Schema<"Assessment"> {
  const emails = lines(answers.emails);
  const told = (name: string) => (answers.texts[name] ?? "").trim();
  const person = {
    ...(emails.length > 0 && { emails }), ...(answers.name.trim() !== "" && { name: answers.name.trim() }), ...(answers.company.trim() !== "" && { company: answers.company.trim() }),
  };
  const { purpose, source, reviewer, assessed, reviewDate } = answers;
  const isTest = answers.kind === "legitimate_interest";
  return { person, purpose, source, reviewer, assessed, reviewDate, basis: basisOf(answers, told), ...(isTest && answers.template && { template: answers.template }) };
}

function basisOf(answers: Answers, told: (name: string) => string): Schema<"Basis"> {
  switch (answers.kind) {
    case "consent":
      return { kind: "consent", given: `${told("given") || answers.assessed}T00:00:00Z`, wording: told("wording"), evidence: told("evidence") };
    case "contract":
      return { kind: "contract", reference: told("reference"), necessity: told("necessity"), ended: false };
    case "legitimate_interest": {
      const reasons = Object.fromEntries(Object.values(ASKED).flat().map((name) => [name, told(name)])) as Record<Reasons, string>;
      return { kind: "legitimate_interest", ...reasons, vulnerable: answers.vulnerable, safeguards: lines(told("safeguards")), outcome: answers.prevails ? "interest_prevails" : "person_prevails" };
    }
  }
}

/** The step that asks for what a refusal names, by the path of the field. */
export function stepOf(kind: Kind, path: string[]): Step {
  const [first, second = ""] = path;
  if (first !== "basis") return first === "person" || first === "purpose" || first === "source" ? "who" : "outcome";
  if (kind !== "legitimate_interest") return "evidence";
  if (second === "safeguards") return "safeguards";
  if (second === "vulnerable") return "balancing";
  const found = (Object.keys(ASKED) as Step[]).find((step) => ASKED[step]?.some((name) => name === second));
  return found ?? "outcome";
}
