import { expect, test } from "vitest";
import { type Choices, MOST, needsChoice, readList } from "./lists.ts";

const ids = async (text: string, choices?: Choices) => (await readList(text, choices)).ids;

test.each([
  ["lines", "C-1\nC-2\n", ["C-1", "C-2"]],
  ["lines of Windows, with empty ones", "C-1\r\n\r\n C-2 \r\nC-3", ["C-1", "C-2", "C-3"]],
  ["a column with its title", "Company ID\nC-1", ["C-1"]],
  ["a table with semicolons", "name;Firma;city\nInitech;C-1;Köln\nHooli;C-2;Bonn", ["C-1", "C-2"]],
  ["a table with tabs", "company\tname\nC-1\tInitech", ["C-1"]],
  ["quoted cells with all that may be in them", 'name,company\n"a ""b"", c\nd","C,1"\n"e","C-2"', ["C,1", "C-2"]],
  ["a byte order mark", "\uFEFFid,name\nC-1,a", ["C-1"]],
  ["line ends of old Macs", "id;name\rC-1;a\rC-2;b", ["C-1", "C-2"]],
  ["the separator that Excel is told", "sep=,\r\nid,name\nC-1,a", ["C-1"]],
  ["a first row with other separators in quotation marks", '"a;b;c;d",id\n"x",C-1', ["C-1"]],
  ["empty lines before the first row", "\n\nid,name\nC-1,a", ["C-1"]],
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
  expect(await ids(table, { column: 1 })).toEqual(["C-1", "C-2"]);
  expect(needsChoice(await readList("id,name\nC-1,a"))).toBe(false);
});

test("a first row that is no title is a company, and the user says which it is", async () => {
  const table = "Initech;C-1\nHooli;C-2";
  expect(await readList(table, { column: 1 })).toMatchObject({ ids: ["C-1", "C-2"], isTitled: false });
  expect(await readList(table, { column: 1, isTitled: true })).toMatchObject({ ids: ["C-2"], isTitled: true });
  expect(await readList("customer\nC-1")).toMatchObject({ ids: ["customer", "C-1"], isTitled: false });
  expect(await ids("customer\nC-1", { isTitled: true })).toEqual(["C-1"]);
  expect(await ids("id\nC-1", { isTitled: false })).toEqual(["id", "C-1"]);
});

test("a quotation mark that is never closed is told with its line and what it swallows", async () => {
  expect(await readList(`id;name\nC-1;a\r\nC-2;"b\n${"C-3;c\r\n".repeat(1000)}`)).toMatchObject({ ids: ["C-1", "C-2"], unclosed: { line: 3, lines: 1000 } });
  expect((await readList('C-1\n"C-2\nC-3')).unclosed).toEqual({ line: 2, lines: 1 });
  expect((await readList('sep=;\n"C-1')).unclosed).toEqual({ line: 2, lines: 0 });
  expect((await readList('C-1\n"C-2"')).unclosed).toBeUndefined();
});

test.each([
  ["its bytes are too many", "ü".repeat(65)], ["there is a control character in it", "C-\u0001"], ["it has a zero", "C\u00001"], ["it has half a character", "C-\ud800x"],
])("an id is unfit if %s: the API refuses all of a step for one", async (_, id) => {
  expect(await readList(`C-1\n${id}\nC-2`)).toMatchObject({ ids: ["C-1", "C-2"], unfit: 1 });
  expect(await ids("ü".repeat(64))).toEqual(["ü".repeat(64)]);
});

const TEXT = "firma;ort\nGRÜN-1;Köln\n";
const bytes = (text: string, order: "le" | "be") => {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let at = 0; at < text.length; at += 1) view.setUint16(2 * at, text.charCodeAt(at), order === "le");
  return view;
};
test.each([
  ["utf-8", TEXT], ["utf-8", `\uFEFF${TEXT}`], ["utf-16le", bytes(`\uFEFF${TEXT}`, "le")], ["utf-16be", bytes(`\uFEFF${TEXT}`, "be")], ["utf-16le", bytes(TEXT, "le")],
  ["windows-1252", Uint8Array.from(TEXT, (char) => char.charCodeAt(0))],
] as const)("a file in %s is read as that, and says so", async (encoding, content) => {
  expect(await readList(new Blob([content]))).toMatchObject({ ids: ["GRÜN-1"], encoding });
});

test("a file that is cut into slices within a character is UTF-8 all the same", async () => {
  const list = await readList(new Blob(["x", "ü\n".repeat(30_000), "ü"]));
  expect([list.encoding, list.ids]).toEqual(["utf-8", ["xü", "ü"]]);
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
  expect([list.ids.length, list.unfit, list.beyond]).toEqual([MOST, 0, 5]);
  expect(drawn).toBeGreaterThan(10);
});

test("who leaves the page ends the reading", async () => {
  await expect(readList("C-1", {}, AbortSignal.abort(new Error("left")))).rejects.toThrow("left");
});
