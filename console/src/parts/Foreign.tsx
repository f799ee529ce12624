import { UNSEEN } from "./unseen.ts";

/** The most characters of a text that are shown in a line. */
const SHOWN = 200;

/** A text as it can be shown in one line: without what turns the line around or hides in it, and cut if it is very long. */
export function inOneLine(text: string): string {
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN).replace(/[\ud800-\udbff]$/, "")}…` : text;
  return cut.replace(UNSEEN, "\ufffd").replace(/[\t\n]/g, "\ufffd");
}

/** A text that others wrote: a record's name, say. It turns the direction of nothing around it. */
export function Foreign({ text }: { text: string }) {
  return <bdi className="foreign">{inOneLine(text)}</bdi>;
}
