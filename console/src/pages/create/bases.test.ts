import { expect, it } from "vitest";
import { ASKED, assessmentOf, begun, stepOf } from "./bases.ts";

const TODAY = new Date("2026-11-30T12:00:00Z");

it("writes a test with each of its reasons, its safeguards line by line, and its outcome", () => {
  const texts = { ...Object.fromEntries(Object.values(ASKED).flat().map((name) => [name, ` why ${name} `])), safeguards: "sealed\n\n blocks at once " };
  const made = assessmentOf({ ...begun(["a@b.example", "c@d.example"], "outreach", TODAY), texts, prevails: true, name: " Mara " });
  expect(made).toMatchObject({ person: { emails: ["a@b.example", "c@d.example"], name: "Mara" }, assessed: "2026-11-30", reviewDate: "2027-11-30", purpose: "outreach" });
  expect(made.basis).toMatchObject({ kind: "legitimate_interest", interest: "why interest", optOut: "why optOut", safeguards: ["sealed", "blocks at once"], outcome: "interest_prevails" });
  expect(made).not.toHaveProperty("template");
});

it("says that the person prevails unless somebody says otherwise", () => {
  expect(assessmentOf(begun([], "outreach", TODAY)).basis).toMatchObject({ outcome: "person_prevails" });
});

it("leads to the step that asks for what is refused", () => {
  expect(stepOf("legitimate_interest", ["basis", "alternatives"])).toBe("necessity");
  expect(stepOf("legitimate_interest", ["basis", "safeguards", "0"])).toBe("safeguards");
  expect(stepOf("consent", ["basis", "wording"])).toBe("evidence");
  expect(stepOf("contract", ["person", "emails"])).toBe("who");
  expect(stepOf("contract", ["reviewDate"])).toBe("outcome");
});
