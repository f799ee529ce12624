import { expect, it } from "vitest";
import { fill, localeOf, preferred } from "./text.tsx";

it("writes numbers as the locale writes them, and leaves texts as they are", () => {
  expect(fill("{n} of {what}", { n: 12_345, what: "{n} <b>" }, "de-DE")).toBe("12.345 of {n} <b>");
  expect(fill("{n} of {missing}", { n: 0.5 }, "en-GB")).toBe("0.5 of {missing}");
});

it("speaks the first language that the browser asks for and there is", () => {
  expect([preferred(["fr", "de-AT", "en"]), preferred(["fr"]), preferred(["en-US"])]).toEqual(["de", "en", "en"]);
  expect([localeOf("de", ["en-US", "de-AT"]), localeOf("en", ["de-AT"])]).toEqual(["de-AT", "en-GB"]);
});
