/** Chooses the time range and what it is compared with, and says both in words. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { post } from "../api/client";
import type { ResolvedPeriod } from "../api/schema";
import { days } from "../format";
import { type Range, setRange } from "../range";
import { text, words } from "../text";
import { DateField } from "./field";
import { Icon } from "./icons";

const t = text.range;

/** What the range means today; null while each widget keeps its own. */
function useResolved(range: Range) {
  const isOwn = Object.keys(range).length === 0 || !(range.relative_range || range.start_date);
  return useQuery({
    queryKey: ["period", range],
    queryFn: () => post<ResolvedPeriod>("/reports/analytics/period", range),
    enabled: !isOwn,
    placeholderData: (before) => (isOwn ? undefined : before),
  });
}

const nameOf = (range: Range): string => {
  if (range.relative_range) return words(t.presets, range.relative_range);
  return range.start_date ? t.custom : t.own;
};

export function RangePicker({ range }: { range: Range }) {
  const details = useRef<HTMLDetailsElement>(null);
  const { data, error } = useResolved(range);
  useClosing(details);
  const close = () => {
    if (details.current) details.current.open = false;
    details.current?.querySelector("summary")?.focus();
  };
  return (
    <details className="range" ref={details}>
      <summary aria-label={`${t.label}: ${nameOf(range)}`} data-key="t">
        <Icon name="calendar" />
        <span className="range-name">{nameOf(range)}</span>
        <span className="range-words">{error ? error.message : data && <Words of={data} />}</span>
        <Icon name="down" />
      </summary>
      <div className="range-menu">
        <Presets range={range} close={close} />
        <Dates range={range} close={close} />
        {data && <p className="faint">{t.zone(data.time_zone)}</p>}
      </div>
    </details>
  );
}

/** Both ranges in words. */
function Words({ of }: { of: ResolvedPeriod }) {
  const isRunning = of.start_date <= of.today && of.today <= of.end_date;
  return (
    <>
      {days(of.start_date, of.end_date)}
      {isRunning && ` (${t.running})`}{" "}
      <span className="faint">
        {`${t.versus} ${days(of.comparison_start_date, of.comparison_end_date)}`}
      </span>
    </>
  );
}

function Presets({ range, close }: { range: Range; close: () => void }) {
  const choose = (relative: string | undefined) => {
    setRange(relative ? { ...compared(range), relative_range: relative } : {});
    close();
  };
  const own = !range.relative_range && !range.start_date;
  return (
    <ul className="presets">
      <li>
        <button type="button" aria-pressed={own} onClick={() => choose(undefined)}>
          {t.own}
        </button>
      </li>
      {Object.entries(t.presets).map(([id, name]) => (
        <li key={id}>
          <button
            type="button"
            aria-pressed={range.relative_range === id}
            onClick={() => choose(id)}
          >
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The comparison part of a range. */
function compared({ compare_to, comparison_start_date, comparison_end_date }: Range): Range {
  return Object.fromEntries(
    Object.entries({ compare_to, comparison_start_date, comparison_end_date }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

function Dates({ range, close }: { range: Range; close: () => void }) {
  const [from, setFrom] = useState(range.start_date ?? "");
  const [to, setTo] = useState(range.end_date ?? "");
  const [comparison, setComparison] = useState(compared(range));
  const isCustom = comparison.comparison_start_date !== undefined;
  const apply = () => {
    const period = from && to ? { start_date: from, end_date: to } : ownPeriod(range);
    setRange({ ...period, ...comparison });
    close();
  };
  return (
    <form
      className="dates"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <fieldset>
        <legend>{t.custom}</legend>
        <DateField label={t.from} value={from} max={to} onChange={setFrom} />
        <DateField label={t.to} value={to} min={from} onChange={setTo} />
      </fieldset>
      <fieldset>
        <legend>{t.compare}</legend>
        {Object.entries(t.comparisons).map(([id, name]) => (
          <Choice
            key={id}
            label={name}
            isChosen={!isCustom && (comparison.compare_to ?? "previous_period") === id}
            onChoose={() => setComparison(id === "previous_period" ? {} : { compare_to: id })}
          />
        ))}
        <Choice
          label={t.customCompare}
          isChosen={isCustom}
          onChoose={() => setComparison({ comparison_start_date: "", comparison_end_date: "" })}
        />
        {isCustom && (
          <>
            <DateField
              label={t.from}
              value={comparison.comparison_start_date ?? ""}
              isNeeded
              onChange={(day) => setComparison({ ...comparison, comparison_start_date: day })}
            />
            <DateField
              label={t.to}
              value={comparison.comparison_end_date ?? ""}
              min={comparison.comparison_start_date}
              isNeeded
              onChange={(day) => setComparison({ ...comparison, comparison_end_date: day })}
            />
          </>
        )}
      </fieldset>
      <button type="submit" className="main">
        {t.apply}
      </button>
    </form>
  );
}

/** The range itself, without its comparison; a comparison needs one. */
function ownPeriod(range: Range): Range {
  if (range.start_date && range.end_date) {
    return { start_date: range.start_date, end_date: range.end_date };
  }
  return { relative_range: range.relative_range ?? "month_to_date" };
}

function Choice(props: { label: string; isChosen: boolean; onChoose: () => void }) {
  return (
    <label className="choice">
      <input type="radio" name="compare" checked={props.isChosen} onChange={props.onChoose} />
      {props.label}
    </label>
  );
}

/** Closes the menu on Esc and when something else is clicked. */
function useClosing(details: React.RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const away = (event: Event) => {
      const open = details.current;
      if (open?.open && !open.contains(event.target as Node)) open.open = false;
    };
    const escape = (event: KeyboardEvent) => {
      const open = details.current;
      if (event.key !== "Escape" || !open?.open) return;
      open.open = false;
      open.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("keydown", escape);
    };
  }, [details]);
}
