import { expect, it } from "vitest";
import { visible } from "./Plain.tsx";

it("writes out what turns a text around or cannot be seen", () => {
  expect(visible("invoice\u202Egnp.exe")).toBe("invoice[U+202E]gnp.exe");
  expect(visible("a\u0000b\u200Bc\u2067d")).toBe("a[U+0000]b[U+200B]c[U+2067]d");
});

it("leaves every script alone, and line ends", () => {
  for (const text of ["Grüße\n\tan שלום", "مرحبا", "日本語", "👩‍🔬", "<b>x</b>"]) expect(visible(text)).toBe(text);
});
