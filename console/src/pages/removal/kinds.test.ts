import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kinds } from "./kinds.ts";

test("each kind that a removal counts has a word, and no other has", () => {
  const rust = readFileSync(new URL("../../../../domain/src/words/removal/what.rs", import.meta.url), "utf8").split("\nkinds! {")[1] ?? "";
  const counted = [...rust.matchAll(/^ +\w+ = "(\w+)" in "\w+";/gm)].map(([, name]) => name);
  expect(counted.length).toBeGreaterThan(10);
  for (const words of Object.values(kinds)) expect(Object.keys(words).sort()).toEqual(counted.toSorted());
});
