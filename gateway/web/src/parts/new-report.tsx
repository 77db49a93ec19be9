/** The form that defines a report and runs it at once. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { post } from "../api/client";
import type {
  CreateReportRequest,
  Report,
  ReportExecution,
  ReportFormat,
  ReportType,
} from "../api/schema";
import { text, words } from "../text";
import { Failure } from "./states";

const t = text.reports;
const RANGES = ["previous_month", "month_to_date", "previous_quarter", "year_to_date"];
const MORE_RANGES = ["last_30_days", "last_90_days", "last_365_days", "previous_year"];

interface Wish {
  type: ReportType;
  range: string;
  grouping: string;
  format: ReportFormat;
}

const FIRST: Wish = { type: "revenue", range: "previous_month", grouping: "week", format: "pdf" };

/** Defines the report and queues its run; the keys make a repeated click one report, one run. */
async function start(wish: Wish): Promise<ReportExecution> {
  const key = crypto.randomUUID();
  const named = t.name(words(t.types, wish.type), words(text.range.presets, wish.range));
  const report = await post<Report>(
    "/reports/",
    {
      report_type: wish.type,
      name: named,
      format: wish.format,
      parameters: { relative_range: wish.range, group_by: [wish.grouping] },
    } satisfies Partial<CreateReportRequest>,
    `${key}-define`,
  );
  return post<ReportExecution>(`/reports/${report.id}/execute`, {}, `${key}-run`);
}

export function NewReport({ onStarted }: { onStarted: (executionId: string) => void }) {
  const [wish, setWish] = useState(FIRST);
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: start,
    onSuccess: (execution) => {
      onStarted(execution.id);
      client.invalidateQueries({ queryKey: ["reports"] });
      return client.invalidateQueries({ queryKey: ["executions"] });
    },
  });
  const change = (part: Partial<Wish>) => setWish({ ...wish, ...part });
  return (
    <form
      className="block new-report"
      aria-label={t.new}
      onSubmit={(event) => {
        event.preventDefault();
        mutate(wish);
      }}
    >
      <Select
        label={t.question}
        value={wish.type}
        options={t.questions}
        onChange={(type) => change({ type: type as ReportType })}
      />
      <Select
        label={t.range}
        value={wish.range}
        options={pick(text.range.presets, [...RANGES, ...MORE_RANGES])}
        onChange={(range) => change({ range })}
      />
      <Select
        label={t.grouping}
        value={wish.grouping}
        options={t.groupings}
        onChange={(grouping) => change({ grouping })}
      />
      <Select
        label={t.format}
        value={wish.format}
        options={t.formats}
        onChange={(format) => change({ format: format as ReportFormat })}
      />
      <button type="submit" className="main" disabled={isPending}>
        {isPending ? t.running : t.run}
      </button>
      {error && <Failure error={error} />}
    </form>
  );
}

const pick = (from: Record<string, string>, keys: string[]) =>
  Object.fromEntries(keys.map((key) => [key, words(from, key)]));

interface SelectProps {
  label: ReactNode;
  value: string;
  options: Record<string, string>;
  onChange: (value: string) => void;
}

function Select({ label, value, options, onChange }: SelectProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {Object.entries(options).map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
