import type { Schema } from "@abgleich/client";
import { Button } from "react-aria-components/Button";
import { useReason } from "../../parts/codes.ts";
import { Failure } from "../../parts/Failure.tsx";
import { Panel } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { NotCleared, Twins } from "./Preview.tsx";
import { texts } from "./texts.ts";

interface Props {
  outcome: Schema<"Creation">;
  /** What went wrong with the request that this is the outcome of, or with asking for it. */
  error: unknown;
  isBusy: boolean;
  onAsk: () => void;
  onAgain: () => void;
  onAssess: () => void;
  onAllSame: () => void;
}

/** What became of the record, also if that is not known yet. */
export function Outcome({ outcome: one, error, isBusy, onAsk, onAgain, onAssess, onAllSame }: Props) {
  const text = useText(texts);
  const reason = useReason();
  const title = {
    created: text("created", { id: one.id ?? "" }), duplicate: text("duplicate"), unfit: text("unfit"), refused: text("crmRefused", { code: reason(one.code ?? "") }),
    not_sent: text("not_sent"), unknown_company: text("unknown_company"), not_cleared: text("not_cleared"), unknown: text("notKnown"),
  }[one.outcome];
  const basis = one.basis && { written: text("written"), no_place: text("no_place"), refused: text("basisRefused"), not_yet: text("not_yet") }[one.basis];
  return (
    <Panel title={text("outcome")}>
      <div role="status" className={one.outcome === "created" ? "" : "notice"}>
        <p><strong>{title}</strong></p>
        {one.outcome === "created" && <p>{text(one.inCopy ? "inCopy" : "notInCopy")} {basis}</p>}
        {one.outcome === "unknown" && <p>{text("notKnownText")}</p>}
        {one.outcome !== "not_cleared" && one.missing && one.missing.length > 0 && <p>{text("missing")}: <code>{one.missing.join(", ")}</code></p>}
        {one.refused && one.refused.length > 0 && <p>{text("refused")}: {one.refused.map(({ field, problem }) => `${field} (${text(problem)})`).join(", ")}</p>}
        {one.links && one.links.length > 0 && <p>{text("links")}: {one.links.map(({ link, problem }) => `${link + 1} (${text(problem)})`).join(", ")}</p>}
        {one.fields && one.fields.length > 0 && <p><code>{one.fields.join(", ")}</code></p>}
        {one.ours && one.ours.length > 0 && <p>{text("twins")}: <Twins twins={one.ours} /></p>}
        {one.crm && one.crm.length > 0 && <p>{text("crmTwins")}: <code>{one.crm.join(", ")}</code></p>}
      </div>
      {error !== undefined && <Failure error={error} isChange />}
      {one.outcome === "not_cleared" && <NotCleared missing={one.missing ?? []} onAssess={onAssess} />}
      <div className="actions">
        {one.outcome === "created" && <Button className="button main" onPress={onAgain}>{text("another")}</Button>}
        {one.outcome === "duplicate" && one.maySave !== false && <Button className="button" isDisabled={isBusy} onPress={onAllSame}>{text("allSame")}</Button>}
        {one.outcome === "unknown" && <Button className="button" isDisabled={isBusy} onPress={onAgain}>{text("giveUp")}</Button>}
        {one.outcome === "unknown" && <Button className="button main" isDisabled={isBusy} onPress={onAsk}>{text("ask")}</Button>}
      </div>
    </Panel>
  );
}
