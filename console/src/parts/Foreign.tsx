/** The most characters of a text that are shown in a line. */
const SHOWN = 200;
/** Characters that turn the direction of what follows, or are not seen at all. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** A text as it can be shown in one line: without what turns the line around or hides in it, and cut if it is very long. */
export function inOneLine(text: string): string {
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN).replace(/[\ud800-\udbff]$/, "")}…` : text;
  return cut.replace(UNSEEN, "\ufffd");
}

/** A text that others wrote: a record's name, say. It turns the direction of nothing around it. */
export function Foreign({ text }: { text: string }) {
  return <bdi className="foreign">{inOneLine(text)}</bdi>;
}
