import type { Data } from "@abgleich/client";
import { type KeyboardEvent, useCallback, useEffect, useId, useReducer, useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient, useMay } from "../../app/context.tsx";
import type { PageProps } from "../../app/pages.ts";
import { Failure } from "../../parts/Failure.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { Empty, Loading, Mark, Panel } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { useEntries } from "../../parts/useEntries.ts";
import { Pair } from "./Pair.tsx";
import { EMPTY, keyOf, reduce, type Suggestion, type Verdict } from "./queue.ts";
import { texts } from "./texts.ts";
import "./relations.css";

/** More suggestions are read when fewer than this are left. */
const AHEAD = 10;
/** The keys that change something. */
const DECIDES = ["a", "b", "u", "o"];

/** Suggested relations, decided one by one. */
export default function Relations({ integration }: PageProps) {
  const text = useText(texts);
  if (integration === undefined) return <Empty title={text("none")}><p>{text("noneText")}</p></Empty>;
  return <Review integration={integration} />;
}

function Review({ integration }: { integration: string }) {
  const text = useText(texts);
  const client = useClient();
  const mayDecide = useMay("abgleich/write");
  const [queue, tell] = useReducer(reduce, EMPTY);
  const [isWhole, setWhole] = useState(false);
  /** What became of a decision, and of a page of the list: neither takes the focus off the list. */
  const [error, setError] = useState<unknown>();
  const [unread, setUnread] = useState<unknown>();
  const [about, setAbout] = useState<Suggestion>();
  const [isOther, setOther] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const onTheirWay = useRef(new Map<string, Promise<unknown>>());
  const id = useId();
  const read = useRead(integration, tell, setWhole, setUnread);
  const { suggestions, at, decisions, order, failed } = queue;
  const current = suggestions[at];
  const companies = useEntries(suggestions.map(({ company }) => company));
  useEffect(() => {
    if (!isWhole && suggestions.length - at < AHEAD) read();
  }, [at, suggestions.length, isWhole, read]);
  useEffect(() => {
    document.getElementById(`${id}${at}`)?.scrollIntoView({ block: "nearest" });
  }, [id, at]);

  const send = async (suggestion: Suggestion, company: string, decision: Verdict | "withdrawn") => {
    const { object, id: record } = suggestion.record;
    const params = { path: { integration } };
    await client.POST("/v1/integrations/{integration}/relations", { params, body: { object, record, company, decision } });
  };
  const decide = async (suggestion: Suggestion, company: string, verdict: Verdict) => {
    const key = keyOf(suggestion);
    if (!mayDecide || decisions.has(key)) return;
    setError(undefined);
    setAbout(undefined);
    setOther(false);
    tell({ kind: "decide", key, company, verdict });
    const sending = send(suggestion, company, verdict);
    onTheirWay.current.set(key, sending);
    try {
      await sending;
      tell({ kind: "done", key });
    } catch (cause) {
      tell({ kind: "failed", key });
      setAbout(suggestion);
      setError(cause);
    }
  };
  const undo = async () => {
    const key = order.at(-1);
    const decision = key === undefined ? undefined : decisions.get(key);
    const suggestion = suggestions.find((one) => keyOf(one) === key);
    if (!key || !suggestion || !decision || decision.state === "undone") return;
    setError(undefined);
    setAbout(undefined);
    tell({ kind: "undo", key });
    try {
      // One that is on its way is taken back when it has arrived.
      await onTheirWay.current.get(key);
      await send(suggestion, decision.company, "withdrawn");
      tell({ kind: "withdrawn", key });
    } catch (cause) {
      tell({ kind: "kept", key });
      setAbout(suggestion);
      setError(cause);
    }
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !current) return;
    const keys: Record<string, () => unknown> = {
      j: () => tell({ kind: "go", to: at + 1 }), ArrowDown: () => tell({ kind: "go", to: at + 1 }), k: () => tell({ kind: "go", to: at - 1 }), ArrowUp: () => tell({ kind: "go", to: at - 1 }),
      Home: () => tell({ kind: "go", to: 0 }), End: () => tell({ kind: "go", to: suggestions.length - 1 }),
      a: () => decide(current, current.company, "approved"), b: () => decide(current, current.company, "blocked"), u: undo, o: () => mayDecide && setOther(true),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    // A key that is held down moves on, and decides once: nobody has seen the pairs that would follow.
    if (event.repeat && DECIDES.includes(event.key)) return;
    void act();
  };
  if (suggestions.length === 0) {
    if (unread !== undefined) return <Failure error={unread} retry={read} />;
    return isWhole ? <Empty title={text("nothing")}><p>{text("nothingText")}</p></Empty> : <Loading />;
  }
  const decision = current && decisions.get(keyOf(current));
  return (
    <>
      {error !== undefined && <Failure error={error} isChange isBeside>{about && <p>{about.record.label === null ? text("nameless") : <Foreign text={about.record.label} />}</p>}</Failure>}
      {unread !== undefined && <Failure error={unread} retry={read} />}
      {companies.error !== undefined && <Failure error={companies.error} retry={companies.again} />}
      <p className="soft" id={`${id}keys`}>{mayDecide ? text("keys") : text("mayNot")}</p>
      <div className="review">
        <Panel title={text("title")} aside={<span className="soft" role="status">{text(isWhole ? "looked" : "lookedMore", { decided: decisions.size, all: suggestions.length })}</span>}>
          <ul className="queue" role="listbox" ref={list} tabIndex={0} aria-label={text("title")} aria-describedby={`${id}keys`} aria-activedescendant={`${id}${at}`} onKeyDown={press}>
            {suggestions.map((one, n) => {
              const made = decisions.get(keyOf(one));
              return (
                <li key={keyOf(one)} id={`${id}${n}`} role="option" aria-selected={n === at} onClick={() => { tell({ kind: "go", to: n }); list.current?.focus(); }}>
                  <span className="label">
                    {one.record.label === null ? text("nameless") : <Foreign text={one.record.label} />}
                    <small><Foreign text={companies.entries.get(one.company)?.name ?? one.company} /></small>
                  </span>
                  {made ? <Mark tone={made.verdict === "approved" ? "good" : "bad"}>{text(made.verdict)}</Mark> : failed.has(keyOf(one)) ? <Mark tone="bad">{text("failed")}</Mark> : <span className="soft">{one.score}</span>}
                </li>
              );
            })}
          </ul>
        </Panel>
        {current && (
          <div>
            <Pair key={keyOf(current)} integration={integration} suggestion={current} entry={companies.entries.get(current.company)} decision={decision} isOther={isOther} onOther={(company) => { void decide(current, company, "approved"); list.current?.focus(); }} />
            {mayDecide && (
              <div className="actions">
                <Button className="button" isDisabled={order.length === 0} onPress={() => void undo()}>{text("undo")}</Button>
                <Button className="button" isDisabled={decision !== undefined} onPress={() => setOther(true)}>{text("other")}</Button>
                <Button className="button" isDisabled={decision !== undefined} onPress={() => void decide(current, current.company, "blocked")}>{text("block")}</Button>
                <Button className="button main" isDisabled={decision !== undefined} onPress={() => void decide(current, current.company, "approved")}>{text("approve")}</Button>
              </div>
            )}
          </div>
        )}
      </div>
    </>
  );
}

type Tell = (action: Parameters<typeof reduce>[1]) => void;

/** Reads the next page whenever it is called, one at a time. */
function useRead(integration: string, tell: Tell, setWhole: (isWhole: boolean) => void, setError: (error: unknown) => void): () => void {
  const client = useClient();
  const pages = useRef<AsyncGenerator<Data<"/v1/integrations/{integration}/relations/suggested", "get">>>(undefined);
  const isReading = useRef(false);
  const stop = useRef(new AbortController());
  useEffect(() => {
    stop.current = new AbortController();
    return () => stop.current.abort();
  }, []);
  return useCallback(() => {
    if (isReading.current) return;
    isReading.current = true;
    const { signal } = stop.current;
    pages.current ??= client.pages("/v1/integrations/{integration}/relations/suggested", { params: { path: { integration } }, signal });
    const next = async () => {
      try {
        const page = await pages.current?.next();
        if (signal.aborted) return;
        if (!page || page.done) setWhole(true);
        else {
          setError(undefined);
          tell({ kind: "more", suggestions: page.value.suggestions });
          if (page.value.cursor === null) setWhole(true);
          else if (page.value.suggestions.length === 0) return await next();
        }
      } catch (cause) {
        // A generator that failed is over; the list is read anew, and what is known is not shown twice.
        pages.current = undefined;
        if (!signal.aborted) setError(cause);
      }
    };
    void next().finally(() => (isReading.current = false));
  }, [client, integration, tell, setWhole, setError]);
}
