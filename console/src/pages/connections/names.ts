/** The names that the API takes for a connection. */
const NAME = /^[a-z0-9-]{3,40}$/;

/** A name for a new connection: the vendor's, with a number if there is one already. */
export function suggested(provider: string, taken: readonly string[]): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? provider : `${provider}-${n}`;
    if (!taken.includes(name)) return name;
  }
}

/** Why a name cannot be that of a new connection. With the name of another, that one would be connected again. */
export function wrongWith(name: string, taken: readonly string[]): "badName" | "takenName" | undefined {
  return !NAME.test(name) ? "badName" : taken.includes(name) ? "takenName" : undefined;
}
