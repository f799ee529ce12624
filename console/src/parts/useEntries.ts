import type { Schema } from "@abgleich/client";
import { useEffect, useRef, useState } from "react";
import { useClient } from "../app/context.tsx";

export type Entry = Schema<"CompanyEntry">;

/** Names and addresses of companies: null where the database has no such company, nothing where the answer is still to come. */
export type Entries = ReadonlyMap<string, Entry | null>;

/** So many companies are asked for at once: the contract's bound. */
const STEP = 100;

/** Reads the entries of companies in the company database, each once. */
export function useEntries(ids: readonly string[]): { entries: Entries; error: unknown; again: () => void } {
  const client = useClient();
  const [entries, setEntries] = useState<Entries>(new Map());
  const [error, setError] = useState<unknown>();
  const [round, setRound] = useState(0);
  const asked = useRef(new Set<string>());
  const stop = useRef(new AbortController());
  useEffect(() => {
    stop.current = new AbortController();
    return () => stop.current.abort();
  }, []);
  useEffect(() => {
    const { signal } = stop.current;
    const left = [...new Set(ids)].filter((id) => !asked.current.has(id));
    for (const id of left) asked.current.add(id);
    const readAll = async () => {
      for (let at = 0; at < left.length; at += STEP) {
        const companies = left.slice(at, at + STEP);
        try {
          const { data } = await client.POST("/v1/companies/search", { body: { companies }, signal });
          const found = new Map(data.companies.map((one) => [one.company, one]));
          setEntries((before) => new Map([...before, ...companies.map((id) => [id, found.get(id) ?? null] as const)]));
          setError(undefined);
        } catch (cause) {
          // What was not answered is asked for anew with the next wish.
          for (const id of left.slice(at)) asked.current.delete(id);
          if (!signal.aborted) setError(cause);
          return;
        }
      }
    };
    void readAll();
  }, [client, ids.join("\n"), round]);
  return { entries, error, again: () => setRound((before) => before + 1) };
}
