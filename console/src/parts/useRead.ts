import { useCallback, useEffect, useRef, useState } from "react";

export interface Read<T> {
  data: T | undefined;
  error: unknown;
  isLoading: boolean;
  /** Reads anew, and keeps what is shown until the answer comes. */
  again(): void;
}

/**
 * Reads something, and again when `inputs` change. With `every` it is read again so many milliseconds after each answer, as long as the
 * page can be seen. What belongs to earlier inputs is dropped.
 */
export function useRead<T>(read: (signal: AbortSignal) => Promise<T>, inputs: readonly unknown[], every?: number): Read<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: unknown; isLoading: boolean }>({ key: "", isLoading: true });
  const [round, setRound] = useState(0);
  const latest = useRef(read);
  latest.current = read;
  const key = JSON.stringify(inputs);
  useEffect(() => {
    const stop = new AbortController();
    let timer: number | undefined;
    const once = async () => {
      setState((before) => (before.key === key ? { ...before, isLoading: true } : { key, isLoading: true }));
      try {
        const data = await latest.current(stop.signal);
        if (!stop.signal.aborted) setState({ key, data, isLoading: false });
      } catch (error) {
        if (!stop.signal.aborted) setState((before) => ({ ...before, key, error, isLoading: false }));
      }
      if (every !== undefined && !stop.signal.aborted) timer = window.setTimeout(next, every);
    };
    const next = () => (document.hidden ? (timer = window.setTimeout(next, 1_000)) : void once());
    void once();
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [key, round, every]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  const isOf = state.key === key;
  return { data: isOf ? state.data : undefined, error: isOf ? state.error : undefined, isLoading: !isOf || state.isLoading, again };
}
