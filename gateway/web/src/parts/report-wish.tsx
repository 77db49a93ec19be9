/** What a report is to say, for a run at once and for a schedule: range, comparison, rows, form. */
import { useCatalogue, useGroupings } from "../api/catalogue";
import { hasParameter, type Kind } from "../api/report-types";
import type { ReportFormat, ReportParametersInput } from "../api/schema";
import { set } from "../router";
import { text, words } from "../text";
import { DateField, Select, TextField } from "./field";
import { Icon } from "./icons";

const t = text.reports;
const RANGES = [
  ...["previous_month", "month_to_date", "previous_quarter", "quarter_to_date", "year_to_date"],
  ...["last_7_days", "last_30_days", "last_90_days", "last_365_days", "previous_year"],
];
export const CUSTOM = "custom";

export interface Wish {
  /** A relative range, or CUSTOM. */
  range: string;
  from: string;
  to: string;
  compare: NonNullable<ReportParametersInput["compare_to"]>;
  /** Empty: the first one of the kind. */
  grouping: string;
  format: ReportFormat;
  /** Of a custom report: what it is called, and what it shows. */
  name: string;
  source: "figures" | "sql";
  metrics: string[];
  sql: string;
}

export const FIRST: Wish = {
  range: "previous_month",
  from: "",
  to: "",
  compare: "previous_period",
  grouping: "",
  format: "pdf",
  name: "",
  source: "figures",
  metrics: [],
  sql: "",
};

export const RANGE_NAMES = Object.fromEntries(
  RANGES.map((range) => [range, words(text.range.presets, range)]),
);

/** The wish as the contract puts it; `groupings` are those the kind can have. */
export function parametersOf(wish: Wish, groupings: string[]): ReportParametersInput {
  if (wish.source === "sql") return { sql: wish.sql };
  const grouping = groupings.includes(wish.grouping) ? wish.grouping : groupings[0];
  return {
    ...(wish.range === CUSTOM
      ? { start_date: wish.from, end_date: wish.to }
      : { relative_range: wish.range }),
    compare_to: wish.compare,
    ...(grouping ? { group_by: [grouping] } : {}),
    ...(wish.metrics.length > 0 ? { metrics: wish.metrics } : {}),
  };
}

/** The catalogue: every question one can ask; the chosen one stands in the address. */
export function Questions({ kinds, chosen }: { kinds: Kind[]; chosen: Kind }) {
  return (
    <ul className="questions" aria-label={t.question}>
      {kinds.map((kind) => (
        <li key={kind.report_type}>
          <button
            type="button"
            aria-pressed={kind === chosen}
            onClick={() => set({ type: kind.report_type })}
          >
            <strong>{kind.description}</strong>
            <span className="faint">{kind.title}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface Props {
  kind: Kind;
  wish: Wish;
  change: (part: Partial<Wish>) => void;
}

export function WishFields({ kind, wish, change }: Props) {
  const isCustom = kind.report_type === "custom";
  return (
    <>
      {isCustom && <Content kind={kind} wish={wish} change={change} />}
      {wish.source === "figures" && <Choices kind={kind} wish={wish} change={change} />}
      <Select
        label={t.format}
        value={wish.format}
        options={t.formats}
        onChange={(format) => change({ format: format as ReportFormat })}
      />
    </>
  );
}

/** Which days, against which, and how they are split. */
function Choices({ kind, wish, change }: Props) {
  const groupings = useGroupings(kind, wish.metrics);
  const grouping = wish.grouping in groupings ? wish.grouping : (Object.keys(groupings)[0] ?? "");
  return (
    <>
      <Select
        label={t.range}
        value={wish.range}
        options={{ ...RANGE_NAMES, [CUSTOM]: text.range.custom }}
        onChange={(range) => change({ range })}
      />
      {wish.range === CUSTOM && (
        <>
          <DateField
            label={text.range.from}
            value={wish.from}
            max={wish.to}
            isNeeded
            onChange={(from) => change({ from })}
          />
          <DateField
            label={text.range.to}
            value={wish.to}
            min={wish.from}
            isNeeded
            onChange={(to) => change({ to })}
          />
        </>
      )}
      <Select
        label={text.range.compare}
        value={wish.compare}
        options={text.range.comparisons}
        onChange={(compare) => change({ compare: compare as Wish["compare"] })}
      />
      {grouping && (
        <Select
          label={t.grouping}
          value={grouping}
          options={groupings}
          onChange={(chosen) => change({ grouping: chosen })}
        />
      )}
    </>
  );
}

/** What a custom report is called, and its figures or, for those who may run it, its SQL. */
function Content({ kind, wish, change }: Props) {
  return (
    <>
      <TextField label={t.reportName} value={wish.name} onChange={(name) => change({ name })} />
      {hasParameter(kind, "sql") && (
        <Select
          label={t.source}
          value={wish.source}
          options={t.sources}
          onChange={(source) => change({ source: source as Wish["source"] })}
        />
      )}
      {wish.source === "figures" ? (
        <Metrics wish={wish} change={change} />
      ) : (
        <TextField label={t.sql} value={wish.sql} isLong onChange={(sql) => change({ sql })} />
      )}
    </>
  );
}

/** Which figures a custom report shows: chosen one by one, taken away by a click. */
function Metrics({ wish, change }: Omit<Props, "kind">) {
  const { data } = useCatalogue();
  const labels = new Map(data?.metrics.map((one) => [one.id, one.label]));
  const left = [...labels].filter(([id]) => !wish.metrics.includes(id));
  const byName = left.sort(([, one], [, other]) => one.localeCompare(other));
  return (
    <div className="metrics">
      <Select
        label={t.figures}
        value=""
        options={{ "": t.addFigure, ...Object.fromEntries(byName) }}
        onChange={(id) => id && change({ metrics: [...wish.metrics, id] })}
      />
      {wish.metrics.map((id) => (
        <button
          type="button"
          className="chip"
          key={id}
          aria-label={t.removeFigure(labels.get(id) ?? id)}
          onClick={() => change({ metrics: wish.metrics.filter((one) => one !== id) })}
        >
          {labels.get(id) ?? id} <Icon name="close" />
        </button>
      ))}
    </div>
  );
}
