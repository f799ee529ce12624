import { expect, test } from "vitest";
import { suggested, wrongWith } from "./names.ts";

test("a second connection to the same vendor gets a name of its own", () => {
  expect([suggested("beta", ["alpha"]), suggested("alpha", ["alpha"]), suggested("alpha", ["alpha", "alpha-2"])])
    .toEqual(["beta", "alpha-2", "alpha-3"]);
});

test("a name has to fit the API, and be no other connection's: that one would be connected again", () => {
  expect(["sales-north", "ab", "Sales", "sales north", "x".repeat(41), "alpha"].map((name) => wrongWith(name, ["alpha"])))
    .toEqual([undefined, "badName", "badName", "badName", "badName", "takenName"]);
});
