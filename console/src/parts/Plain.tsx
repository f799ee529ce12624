import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { messages, useText } from "./text.tsx";
import { UNSEEN } from "./unseen.ts";

const texts = messages({ en: { more: "Show all {n} characters" }, de: { more: "Alle {n} Zeichen zeigen" } });

/** So many characters of a text are shown at first. */
const SHOWN = 300;

/** A text with what cannot be seen in it written out, such as [U+202E]. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (char) => `[U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
}

/** A text that somebody else wrote, as what it is: no markup, no turning around, and no page full of it. */
export function Plain({ children }: { children: string }) {
  const text = useText(texts);
  const [isWhole, setWhole] = useState(false);
  const isLong = children.length > SHOWN && !isWhole;
  return (
    <bdi className="plain-text">
      {visible(isLong ? children.slice(0, SHOWN) : children)}
      {isLong && <>… <Button className="button quiet" onPress={() => setWhole(true)}>{text("more", { n: children.length })}</Button></>}
    </bdi>
  );
}
