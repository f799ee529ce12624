import { expect, it } from "vitest";
import { chosen, fill, formats, localeOf, preferred } from "./text.tsx";

it("writes numbers as the locale writes them, and leaves texts as they are", () => {
  expect(fill("{n} of {what}", { n: 12_345, what: "{n} <b>" }, "de-DE")).toBe("12.345 of {n} <b>");
  expect(fill("{n} of {missing}", { n: 0.5 }, "en-GB")).toBe("0.5 of {missing}");
});

it("speaks the first language that the browser asks for and there is", () => {
  expect([preferred(["fr", "de-AT", "en"]), preferred(["fr"]), preferred(["en-US"])]).toEqual(["de", "en", "en"]);
  expect([localeOf("de", ["en-US", "de-AT"]), localeOf("en", ["de-AT"])]).toEqual(["de-AT", "en-GB"]);
});

it("speaks the language that was chosen before, if there is such a language", () => {
  expect([chosen("de"), chosen("en"), chosen("fr"), chosen("toString")]).toEqual(["de", "en", preferred(), preferred()]);
});

it("shows a day as that day west of Greenwich, too, and a time in the zone of the user", () => {
  const zone = process.env.TZ;
  process.env.TZ = "America/Los_Angeles";
  try {
    const format = formats("en-GB");
    expect([format.day("2026-11-24"), format.day("2026-11-24T03:00:00Z")]).toEqual(["24 Nov 2026", "23 Nov 2026"]);
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

it("writes amounts as the locale does, whatever a CRM has in them", () => {
  const { money } = formats("de-DE");
  expect(money("1234567.5", "EUR").replace("\u00a0", " ")).toBe("1.234.567,50 €");
  expect([money("1234.5", null), money("12", "euros"), money("many", "EUR")]).toEqual(["1.234,5", "12 euros", "many EUR"]);
  expect(money("9007199254740993", null)).toBe("9.007.199.254.740.993");
});
