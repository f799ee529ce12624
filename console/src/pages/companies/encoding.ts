/** The encodings in which lists come. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

const SLICE = 1 << 16;

/** Lets the page draw and answer. */
export const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));

/**
 * The encoding of a file: what its byte order mark says, or what two zero bytes among the first four say; else UTF-8 if every byte is
 * that, and windows-1252 if not: Excel writes it in the west of Europe.
 */
export async function encodingOf(file: Blob, signal?: AbortSignal): Promise<Encoding> {
  const [a = 1, b = 1, c = 1, d = 1] = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0 && c !== 0 && d === 0)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && c === 0 && d !== 0)) return "utf-16be";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let at = 0; at <= file.size; at += SLICE) {
    signal?.throwIfAborted();
    const bytes = await file.slice(at, at + SLICE).arrayBuffer();
    try {
      decoder.decode(bytes, { stream: at + SLICE <= file.size });
    } catch {
      return "windows-1252";
    }
    await breathe();
  }
  return "utf-8";
}

/** The text of a file, in slices. A byte order mark is no part of it. */
export async function* decoded(file: Blob, encoding: Encoding, size: number): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for (let at = 0; at < file.size; at += size) yield decoder.decode(await file.slice(at, at + size).arrayBuffer(), { stream: true });
  yield decoder.decode();
}
