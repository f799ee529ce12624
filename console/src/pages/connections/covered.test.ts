import { expect, test } from "vitest";
import { covered } from "./covered.ts";

test("a decision is about the deletions that wait, and about those left earlier only if none waits at all", () => {
  expect(covered([{ waiting: 0, left: 40 }, { waiting: 110, left: 5 }])).toEqual({ n: 110, areLeft: false });
  expect(covered([{ waiting: 0, left: 40 }, { waiting: 0, left: 5 }])).toEqual({ n: 45, areLeft: true });
});
