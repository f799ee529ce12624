/** Where the key of a creation lies until its outcome is known. */
export interface Kept {
  read(): string | undefined;
  /** Undefined: there is nothing to keep any more. */
  write(key: string | undefined): void;
}

/**
 * Keeps it in this tab, over a reload too. The key is random: of what was typed nothing is kept. The name has the tenant, since another one who
 * logs in here would be told that nothing was sent.
 */
export function keptIn(storage: Pick<Storage, "getItem" | "setItem" | "removeItem">, tenant: string, integration: string): Kept {
  const name = `creation ${tenant} ${integration}`;
  return {
    read: () => storage.getItem(name) ?? undefined,
    write: (key) => (key === undefined ? storage.removeItem(name) : storage.setItem(name, key)),
  };
}
