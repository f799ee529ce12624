import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Foreign } from "../../parts/Foreign.tsx";
import { OptOuts } from "../../parts/OptOuts.tsx";
import { Choice, Mark, type Tone } from "../../parts/parts.tsx";
import { useFormat, useText } from "../../parts/text.tsx";
import type { Status } from "./check.ts";
import { texts } from "./texts.ts";

const ROW = 36;
/** Rows beyond the edges of what is seen, so that scrolling shows no gap. */
const BEYOND = 8;
const ANSWERS = ["yes", "perhaps", "no"] as const;
type Answer = (typeof ANSWERS)[number];
export const TONES: Record<Answer, Tone> = { yes: "good", perhaps: "wait", no: "plain" };

/** A count, and whether there is more than was counted. */
export function useCount(): (n: number, isPartial: boolean) => string {
  const text = useText(texts);
  const format = useFormat();
  return (n, isPartial) => (isPartial ? text("atLeast", { n }) : format.number(n));
}

interface Props {
  ids: string[];
  found: ReadonlyMap<string, Status>;
  opened: string | undefined;
  onOpen: (company: string) => void;
}

/** The companies of a list: a chart, a filter, and the rows, of which only those that are seen are drawn. */
export function Results({ ids, found, opened, onOpen }: Props) {
  const text = useText(texts);
  const [shown, setShown] = useState<Answer | "all">("all");
  const counts = useMemo(() => {
    const all: Record<Answer, number> = { yes: 0, perhaps: 0, no: 0 };
    for (const { inCrm } of found.values()) all[inCrm] += 1;
    return all;
  }, [found]);
  const rows = useMemo(
    () => ids.flatMap((id) => found.get(id) ?? []).filter(({ inCrm }) => shown === "all" || inCrm === shown),
    [ids, found, shown],
  );
  const choices = [["all", text("all", { n: found.size })], ...ANSWERS.map((answer) => [answer, text(`${answer}Of`, { n: counts[answer] })] as const)] as const;
  return (
    <>
      <div className="share" role="img" aria-label={text("chart", counts)}>
        {ANSWERS.map((answer) => counts[answer] > 0 && <span key={answer} className={TONES[answer]} style={{ flexGrow: counts[answer] }} />)}
      </div>
      <Choice label={text("show")} value={shown} choices={choices} onChange={setShown} />
      <Rows key={shown} rows={rows} opened={opened} onOpen={onOpen} />
    </>
  );
}

function Rows({ rows, opened, onOpen }: { rows: Status[]; opened: string | undefined; onOpen: (company: string) => void }) {
  const text = useText(texts);
  const format = useFormat();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  const [height, setHeight] = useState(400);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => entry && setHeight(entry.contentRect.height));
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(top / ROW) - BEYOND);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW) + BEYOND);

  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    const element = box.current;
    if (!element) return;
    // The head covers one row's height.
    if (next * ROW < element.scrollTop) element.scrollTop = next * ROW;
    else if ((next + 2) * ROW > element.scrollTop + element.clientHeight) element.scrollTop = (next + 2) * ROW - element.clientHeight;
  };
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / ROW) - 2);
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) move(to);
    else if (event.key === "Enter" && rows[active]) onOpen(rows[active].company);
    else return;
    event.preventDefault();
  };
  const count = useCount();
  return (
    <>
      <p className="soft" id={`${id}keys`}>{text("keys")}</p>
      <div className="rows" role="grid" ref={box} tabIndex={0} aria-label={text("results")} aria-describedby={`${id}keys`} aria-rowcount={rows.length + 1} aria-colcount={7}
        aria-activedescendant={active >= first && active < last ? `${id}${active}` : undefined} onKeyDown={press} onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}>
        <div role="row" className="row head" aria-rowindex={1}>
          {(["company", "inCrm", "owner", "opportunities", "tasks", "activity", "confirmed"] as const).map((name) => <span key={name} role="columnheader" className={name}>{text(name)}</span>)}
        </div>
        <div role="rowgroup" className="body" style={{ height: rows.length * ROW }}>
          {rows.slice(first, last).map((row, offset) => {
            const at = first + offset;
            return (
              <div key={row.company} id={`${id}${at}`} role="row" aria-rowindex={at + 2} aria-selected={row.company === opened} className={`row ${at === active ? "active" : ""}`}
                style={{ top: at * ROW }} onClick={() => { setActive(at); onOpen(row.company); }}>
                <span role="gridcell" className="company"><Foreign text={row.company} /> <OptOuts ways={row.records.flatMap(({ optOut }) => optOut)} /></span>
                <span role="gridcell" className="inCrm"><Mark tone={TONES[row.inCrm]}>{text(row.inCrm)}</Mark></span>
                <span role="gridcell" className="owner">{row.owner !== null && <Foreign text={row.owner} />}</span>
                <span role="gridcell" className="opportunities">{count(row.openOpportunities, row.isPartial)}</span>
                <span role="gridcell" className="tasks">{count(row.openTasks, row.isPartial)}</span>
                <span role="gridcell" className="activity">{row.lastActivity !== null && format.day(row.lastActivity)}</span>
                <span role="gridcell" className="confirmed">{row.confirmed !== null && format.ago(row.confirmed)}</span>
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}
