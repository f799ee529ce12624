/** How often a request is sent, and how long is waited between. */
export interface Patience {
  /** The most times that a request is sent. */
  attempts: number;
  /** The most seconds that are waited before one more attempt. A longer `Retry-After` is for the user: the error has it. */
  longestWait: number;
  /** The seconds after which an answer counts as lost. The gateway gives up after 30. */
  timeLimit: number;
}

export const PATIENCE: Patience = { attempts: 4, longestWait: 20, timeLimit: 40 };

/** The seconds of `Retry-After`, which is a number or a date; undefined if there is none that can be read. */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const at = Date.parse(value);
  // A number with a sign or a fraction would pass as a year.
  if (Number.isNaN(at) || !/[a-z]/i.test(value)) return undefined;
  // By the server's clock where it is told: the user's may be wrong.
  const told = Date.parse(headers.get("date") ?? "");
  return Math.max(0, Math.ceil((at - (Number.isNaN(told) ? now : told)) / 1000));
}

/** The seconds before attempt `next` (2 and above) where no `Retry-After` says them: about 0.5, 1, 2, each its own. */
export function pause(next: number, random = Math.random()): number {
  return 2 ** (next - 3) * (2 / 3 + (2 / 3) * random);
}

/** Waits, and ends at once with the signal's reason if it is aborted. */
export function wait(seconds: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const aborted = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", aborted);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", aborted, { once: true });
  });
}
