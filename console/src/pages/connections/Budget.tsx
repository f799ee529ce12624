import type { Schema } from "@abgleich/client";
import { Label } from "react-aria-components/Label";
import { Meter } from "react-aria-components/Meter";
import { Panel } from "../../parts/parts.tsx";
import { messages, useFormat, useText } from "../../parts/text.tsx";

const texts = messages({
  en: { title: "What the CRM lets us use", none: "The CRM has not reported a budget.", used: "{used} of {total} {unit} in {time}", requests: "requests", tokens: "tokens", day: "a day", seconds: "{n} seconds" },
  de: { title: "Was das CRM uns zugesteht", none: "Das CRM hat kein Budget gemeldet.", used: "{used} von {total} {unit} in {time}", requests: "Anfragen", tokens: "Tokens", day: "einem Tag", seconds: "{n} Sekunden" },
});
const DAY = 86_400;

/** The CRM's budgets, as it last reported them. */
export function Budget({ state }: { state: Schema<"Integration"> }) {
  const text = useText(texts);
  const format = useFormat();
  return (
    <Panel title={text("title")}>
      {state.budgets.length === 0 && <p className="soft">{text("none")}</p>}
      {state.budgets.map(({ name, used, total, unit, seconds }) => {
        const share = total === 0 ? 100 : Math.min(100, (100 * used) / total);
        const time = seconds === DAY ? text("day") : text("seconds", { n: seconds });
        return (
          <Meter key={name} value={share} className="meter" valueLabel={format.percent(share)}>
            <Label>{name}</Label>
            <svg className="amount" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect width="100" height="6" className="whole" /><rect width={share} height="6" className={share > 80 ? "bad" : "requests"} />
            </svg>
            <span>{text("used", { used, total, unit: text(unit), time })}</span>
          </Meter>
        );
      })}
    </Panel>
  );
}
