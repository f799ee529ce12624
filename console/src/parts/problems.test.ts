import { PROBLEM_TYPES, ProblemError } from "@abgleich/client";
import { expect, test } from "vitest";
import { GERMAN, titleOf, titleOfType } from "./problems.ts";
import { LANGUAGES, type Language } from "./text.tsx";

const languages = Object.keys(LANGUAGES) as Language[];
const problem = (type: string, status = 422) => new ProblemError(status, { type: `urn:abgleich:problem:${type}`, title: "As the API says it" });

test("each type of the contract has a title in each language, and none is the same in two", () => {
  const types = Object.keys(PROBLEM_TYPES).map((type) => type.replace("*", "SOME_WORD"));
  expect(types.length).toBeGreaterThan(50);
  for (const type of types) {
    const titles = languages.map((language) => titleOfType(type, language));
    expect(titles.every((title) => title !== undefined && title.length > 5), type).toBe(true);
    expect(new Set(titles).size, type).toBe(languages.length);
  }
});

test("there is no title for a type that the contract no longer has", () => {
  expect(Object.keys(GERMAN).filter((type) => !(type in PROBLEM_TYPES))).toEqual([]);
});

test("English is what the API says, and German is our own", () => {
  expect(titleOf(problem("invalid"), "en")).toBe("As the API says it");
  expect(titleOf(problem("invalid"), "de")).toBe("Ein Feld ist ungültig");
  expect(titleOf(problem("hubspot-VALIDATION_ERROR"), "de")).toBe("Das CRM hat die Anfrage abgelehnt");
});

test("what is no problem of the API, and a type that is newer than this page, are told by their status", () => {
  expect(titleOf(new ProblemError(503, { title: "Service Unavailable" }), "de")).toBe("Die Antwort war 503");
  expect(titleOf(problem("of-tomorrow", 409), "de")).toBe("Die Antwort war 409");
});
