import { expect, test } from "vitest";
import { MOST, needsChoice, readList } from "./lists.ts";

const ids = async (text: string, column?: number) => (await readList(text, column)).ids;

test.each([
  ["lines", "C-1\nC-2\n", ["C-1", "C-2"]],
  ["lines of Windows, with empty ones", "C-1\r\n\r\n C-2 \r\nC-3", ["C-1", "C-2", "C-3"]],
  ["a column with its title", "Company ID\nC-1", ["C-1"]],
  ["a table with semicolons", "name;Firma;city\nInitech;C-1;Köln\nHooli;C-2;Bonn", ["C-1", "C-2"]],
  ["a table with tabs", "company\tname\nC-1\tInitech", ["C-1"]],
  ["quoted cells with all that may be in them", 'name,company\n"a ""b"", c\nd","C,1"\n"e","C-2"', ["C,1", "C-2"]],
  ["a byte order mark", "\uFEFFid,name\nC-1,a", ["C-1"]],
  ["nothing", "", []],
  ["nothing but white space", " \n\t\n", []],
])("reads %s", async (_, text, expected) => {
  expect(await ids(text)).toEqual(expected);
});

test("each company comes once, and unfit rows are counted", async () => {
  expect(await readList(`C-1\nC-1\n${"x".repeat(129)}\n${"y".repeat(128)}`)).toMatchObject({ ids: ["C-1", "y".repeat(128)], repeated: 1, unfit: 1 });
});

test("a table with wrong columns asks which one", async () => {
  const table = "name,number\nInitech,C-1\nHooli,C-2";
  const list = await readList(table);
  expect([list.columns, needsChoice(list)]).toEqual([["name", "number"], true]);
  expect(await ids(table, 1)).toEqual(["C-1", "C-2"]);
  expect(needsChoice(await readList("id,name\nC-1,a"))).toBe(false);
});

test("a quote that never ends is one unfit row, whatever follows", async () => {
  expect(await readList(`"${"C-1\n".repeat(1000)}`)).toMatchObject({ ids: [], unfit: 1 });
});

test("a file is read as a text is, whatever its slices cut", async () => {
  const text = Array.from({ length: 30_000 }, (_, at) => `Straße ${at};F-${at}`).join("\n");
  const list = await readList(new Blob([`ort;firma\n${text}`]));
  expect(list.ids).toHaveLength(30_000);
  expect(list.ids.every((id, at) => id === `F-${at}`)).toBe(true);
});

test("a list of more than may be asked is read in slices between which the page can draw", { timeout: 30_000 }, async () => {
  let drawn = 0;
  const timer = setInterval(() => (drawn += 1));
  const list = await readList(Array.from({ length: MOST + 5 }, (_, at) => `COMP-${at}`).join("\n"));
  clearInterval(timer);
  expect([list.ids.length, list.unfit]).toEqual([MOST, 5]);
  expect(drawn).toBeGreaterThan(10);
});

test("who leaves the page ends the reading", async () => {
  await expect(readList("C-1", undefined, AbortSignal.abort(new Error("left")))).rejects.toThrow("left");
});
