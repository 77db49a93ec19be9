/** A chart as the server specified it, drawn in the page's colours by a chunk loaded when needed. */
import { useEffect, useRef, useState } from "react";
import { DARK } from "virtual:tokens";
import { useIsDark } from "../theme";
import { Failure } from "./states";

export type Spec = Record<string, unknown>;

/** The specification for this page: no background of its own, its type, its colours in the dark. */
function dressed(spec: Spec, isDark: boolean, font: string): Spec {
  const colours = isDark ? (recoloured(spec) as Spec) : spec;
  const config = (colours["config"] ?? {}) as Spec;
  return { ...colours, background: "transparent", config: { ...config, font } };
}

function recoloured(part: unknown): unknown {
  if (typeof part === "string") return DARK[part.toLowerCase()] ?? part;
  if (Array.isArray(part)) return part.map(recoloured);
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, recoloured(one)]));
}

export function Chart({ spec, label }: { spec: Spec; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const isDark = useIsDark();
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    const at = place.current;
    if (!at) return undefined;
    let drawn: { size: (width: number, height: number) => void; end: () => void } | null = null;
    let isOver = false;
    const font = getComputedStyle(at).fontFamily;
    import("./draw")
      .then(({ draw }) => draw(at, dressed(spec, isDark, font)))
      .then((view) => {
        if (isOver) view.end();
        else drawn = view;
      })
      .catch((reason: Error) => !isOver && setError(reason));
    const watch = new ResizeObserver(() => drawn?.size(at.clientWidth, at.clientHeight));
    watch.observe(at);
    return () => {
      isOver = true;
      watch.disconnect();
      drawn?.end();
    };
  }, [spec, isDark]);
  if (error) return <Failure error={error} retry={() => setError(null)} />;
  return <div ref={place} className="chart" role="img" aria-label={label} />;
}
