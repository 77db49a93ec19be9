/** One figure of a card: value, unit, change in words; it opens its receipt. */
import { useEffect, useRef, useState } from "react";
import type { Figure as FigureData, MetricUse } from "../api/schema";
import { changeSize, exact, headline, reason } from "../format";
import { text } from "../text";

interface Props {
  metric: MetricUse;
  figure: FigureData;
  currency: string;
  onExplain: () => void;
}

/** How long a changed value stays lit, as in the style sheet. */
const LIT_MS = 2400;

export function Figure({ metric, figure, currency, onExplain }: Props) {
  const shown = headline(figure.value, metric.unit, currency);
  const isLit = useJustChanged(figure.value);
  return (
    <div className="figure">
      <div className="figure-label">{metric.label}</div>
      <button
        type="button"
        className={`figure-value ${isLit ? "lit" : ""}`}
        title={exact(figure.value, metric.unit, currency)}
        data-metric={metric.id}
        data-value={figure.value ?? ""}
        aria-label={`${metric.label}: ${exact(figure.value, metric.unit, currency)}. ${text.overview.explain}`}
        onClick={onExplain}
      >
        {shown}
      </button>
      <div className="figure-change">
        {figure.value === null ? (
          <span className="absent">{reason(figure.reason)}</span>
        ) : (
          <Change figure={figure} unit={metric.unit} currency={currency} />
        )}
      </div>
      <span className="unseen" role="status">
        {isLit ? text.overview.changed(metric.label, shown) : ""}
      </span>
    </div>
  );
}

function Change(props: { figure: FigureData; unit: string; currency: string }) {
  const { change_percent: percent, comparison_value: before, comparison_reason: why } = props.figure;
  if (before === null) return why ? <>{text.overview.noComparison(reason(why))}</> : null;
  const from = text.overview.from(headline(before, props.unit, props.currency));
  if (percent === null) return <>{from}</>;
  const way = Number(percent) > 0 ? "up" : Number(percent) < 0 ? "down" : "same";
  if (way === "same") return <>{`${text.overview.same} ${from}`}</>;
  return (
    <>
      <span className="arrow" aria-hidden="true">
        {way === "up" ? "▲" : "▼"}
      </span>{" "}
      <strong>{`${text.overview[way]} ${changeSize(percent)}`}</strong> {from}
    </>
  );
}

/** Whether the value has changed a moment ago, while it was on the page. */
function useJustChanged(value: string | null): boolean {
  const before = useRef(value);
  const [isLit, setLit] = useState(false);
  useEffect(() => {
    if (before.current === value) return undefined;
    before.current = value;
    setLit(true);
    const timer = setTimeout(() => setLit(false), LIT_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return isLit;
}
