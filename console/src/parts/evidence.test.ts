import { expect, test } from "vitest";
import { type Agreement, evidenceTexts, type Field, sentence } from "./evidence.ts";
import { LANGUAGES, type Language } from "./text.tsx";

const languages = Object.keys(LANGUAGES) as Language[];
const AGREEMENTS: Agreement[] = ["equal", "close", "partly", "different"];
const fields = Object.keys(evidenceTexts.en).filter((name) => !AGREEMENTS.includes(name as Agreement)) as Field[];

test("each finding has a sentence in each language, and agreement is told from difference", () => {
  expect(fields).toHaveLength(12);
  for (const language of languages) {
    for (const field of fields) {
      const told = AGREEMENTS.map((agreement) => sentence(language, { field, agreement }));
      expect(told.every((one) => one.length > 10), `${language} ${field}`).toBe(true);
      expect(new Set([told[0], told[1], told[2]]).has(told[3] ?? ""), `${language} ${field}`).toBe(false);
    }
  }
});

test("no sentence is the same in two languages", () => {
  for (const field of fields) {
    for (const agreement of AGREEMENTS) {
      const told = languages.map((language) => sentence(language, { field, agreement }));
      expect(new Set(told).size, `${field} ${agreement}`).toBe(languages.length);
    }
  }
});
