/** A quotation mark that opens a cell and is never closed. */
export interface Unclosed {
  /** The line in which it stands, counted from 1. */
  line: number;
  /** How many lines after that one are thereby in its cell, and not read. */
  lines: number;
}

const SEPARATORS = [";", "\t", ","];
/** The line by which Excel is told the separator. It is no row. */
const TOLD = /^\uFEFF?"?sep=(.)"?(?:\r\n|\r|\n|$)/i;

/**
 * Reads the rows of a CSV (RFC 4180) with any of the usual separators and line ends, slice by slice: a long text must not stand in the way
 * of the page. `read` may be called as often as there are slices, and `rest` at the end. Of a cell no more than `longest` characters and
 * one are kept.
 */
export class Rows {
  readonly #longest: number;
  #separator: string | undefined;
  #cell = "";
  #row: string[] = [];
  #isQuoted = false;
  #wasQuote = false;
  #wasReturn = false;
  #isAtStart = false;
  #line = 1;
  /** The line in which the last quoted cell began. */
  #opened = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  *read(slice: string): Generator<string[]> {
    for (const char of this.#separator === undefined ? this.#begin(slice) : slice) {
      const isEnd = (char === "\n" && !this.#wasReturn) || char === "\r";
      const isSecond = char === "\n" && this.#wasReturn;
      this.#wasReturn = char === "\r";
      this.#isAtStart = isEnd || isSecond;
      if (isEnd) this.#line += 1;
      if (this.#isQuoted) {
        if (this.#wasQuote && char !== '"') this.#isQuoted = this.#wasQuote = false;
        else if (char === '"' && !this.#wasQuote) {
          this.#wasQuote = true;
          continue;
        } else {
          this.#wasQuote = false;
          this.#add(char);
          continue;
        }
      }
      if (isSecond) continue;
      if (char === '"' && this.#cell === "") {
        this.#isQuoted = true;
        this.#opened = this.#line;
      } else if (char === this.#separator) this.#next();
      else if (isEnd) yield this.#end();
      else this.#add(char);
    }
  }

  /** The last row, if it has no end of line. */
  *rest(): Generator<string[]> {
    if (this.#cell !== "" || this.#row.length > 0) yield this.#end();
  }

  /** What is known after the last slice: whether the text ends in a cell that a quotation mark opened. */
  get unclosed(): Unclosed | undefined {
    return this.#isQuoted && !this.#wasQuote ? { line: this.#opened, lines: this.#line - this.#opened - Number(this.#isAtStart) } : undefined;
  }

  #begin(slice: string): string {
    const [line, separator] = TOLD.exec(slice) ?? [""];
    this.#separator = separator ?? separatorOf(slice);
    if (separator !== undefined) this.#line += 1;
    return slice.slice(line.length).replace(/^\uFEFF/, "");
  }

  #add(char: string) {
    if (this.#cell.length <= this.#longest) this.#cell += char;
  }

  #next() {
    this.#row.push(this.#cell.trim());
    this.#cell = "";
  }

  #end(): string[] {
    this.#next();
    const row = this.#row;
    this.#row = [];
    return row;
  }
}

/** Semicolon, tab or comma: whichever the first row has most, outside of quotation marks. */
function separatorOf(slice: string): string {
  const counts = new Map<string, number>();
  let isQuoted = false;
  let isBegun = false;
  for (const char of slice) {
    if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (char === "\n" || char === "\r") {
      if (isBegun) break;
    } else if (SEPARATORS.includes(char)) counts.set(char, (counts.get(char) ?? 0) + 1);
    isBegun ||= char.trim() !== "" && char !== "\uFEFF";
  }
  return SEPARATORS.reduce((best, next) => ((counts.get(next) ?? 0) > (counts.get(best) ?? 0) ? next : best));
}
