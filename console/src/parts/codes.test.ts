import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { codeTexts, type Meaning, meaningOf, OF_CRM, OF_OURS } from "./codes.ts";
import { LANGUAGES, type Language } from "./text.tsx";

const languages = Object.keys(LANGUAGES) as Language[];
const rust = (name: string) => readFileSync(new URL(`../../../domain/src/words/fault/${name}.rs`, import.meta.url), "utf8");
/** [code, how much of it is shown] of each fault. */
const catalogue = [...rust("catalogue").matchAll(/^ +\w+ = "([^"]+)", \w+, (\w+)/gm)].map(([, code, shown]) => [code, shown] as [string, string]);
const family = (rust("family").split("CrmCode {")[1] ?? "").split("\n    }")[0] ?? "";
const ofCrm = [...family.matchAll(/^ +\w+ = "([^"]+)", \w+;/gm)].map(([, code]) => code as string);

test("each code that a tenant may see has words in each language, and none are the same in two", () => {
  // One code has another name outside (`KEY_LOST` in domain/src/words/fault/code.rs).
  const shown = catalogue.filter(([, how]) => how !== "Internal").map(([code]) => code.replace("keys.tenant_lost", "tenant_key_lost"));
  expect(shown.length).toBeGreaterThan(100);
  expect(ofCrm.length).toBeGreaterThan(50);
  for (const code of [...shown, "internal", ...ofCrm.map((word) => `salesforce.${word}`)]) {
    const meanings = languages.map((language) => meaningOf(code, language));
    expect(meanings.every((meaning) => meaning !== undefined), code).toBe(true);
    expect(new Set(meanings).size, code).toBe(languages.length);
  }
});

test("each code of a connector has a meaning of its own choosing", () => {
  expect(ofCrm.filter((code) => !OF_CRM.has(code))).toEqual([]);
});

test("no code of ours is listed that the service no longer has, and no meaning is left without a code", () => {
  const known = new Set(catalogue.map(([code]) => code)).add("internal");
  expect([...OF_OURS.keys()].filter((code) => !known.has(code))).toEqual([]);
  const used = new Set<Meaning>([...OF_CRM.values(), ...OF_OURS.values()]);
  expect(Object.keys(codeTexts.en).filter((meaning) => !used.has(meaning as Meaning))).toEqual([]);
});

test("a word of the CRM's own means that it refused, and a code that nobody knows means nothing", () => {
  expect(meaningOf("hubspot.property_locked", "en")).toBe("the CRM refused it");
  expect(meaningOf("login.refused", "en")).toBe("This login URL is not allowed");
  expect([meaningOf("of.tomorrow", "en"), meaningOf("tomorrow", "de"), meaningOf("", "en")]).toEqual([undefined, undefined, undefined]);
});
