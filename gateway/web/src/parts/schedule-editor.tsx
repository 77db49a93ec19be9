/** Makes a schedule: a sentence is the form, and the next five runs stand below it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { get, post } from "../api/client";
import { useZone } from "../api/practice";
import { useKinds } from "../api/report-types";
import type {
  CreateScheduleRequest,
  FireTimes,
  Report,
  ReportFormat,
  ReportSchedule,
  ReportType,
  ScheduleFrequency,
} from "../api/schema";
import { instant } from "../format";
import { set } from "../router";
import { text, words } from "../text";
import { Choice } from "./field";
import { RANGE_NAMES } from "./report-wish";
import { Failure, Skeleton } from "./states";

const t = text.schedules;
const ZONES = Intl.supportedValuesOf("timeZone");
const DAYS = Object.fromEntries(Array.from({ length: 31 }, (_, at) => [at + 1, t.nth(at + 1)]));
/** As they stand inside a sentence. */
const RANGES = Object.fromEntries(
  Object.entries(RANGE_NAMES).map(([id, name]) => [id, name.toLowerCase()]),
);
const SEPARATORS = /[\s,;]+/;

/** A report that is defined already, as a custom one is where its figures are chosen. */
type Defined = Pick<Report, "id" | "name" | "parameters">;

interface Draft {
  type: ReportType;
  range: string;
  format: ReportFormat;
  frequency: ScheduleFrequency;
  weekday: string;
  day: string;
  time: string;
  zone: string;
  to: string;
}

type Change = (part: Partial<Draft>) => void;

/** Type → title of those that need no definition of their own. */
function useTypes(): Record<string, string> {
  const { data } = useKinds();
  const plainOnes = data?.filter((kind) => kind.report_type !== "custom") ?? [];
  return Object.fromEntries(plainOnes.map((kind) => [kind.report_type, kind.title]));
}

/** The draft as the contract puts it. */
function requestOf(draft: Draft, title: string, report: Defined | undefined) {
  const isWeekly = draft.frequency === "weekly";
  const isByDate = !isWeekly && draft.frequency !== "daily";
  return {
    name: t.nameOf(words(t.frequencies, draft.frequency), report?.name ?? title),
    ...(report ? { report_id: report.id } : { report_type: draft.type }),
    report_format: draft.format,
    ...(report?.parameters?.sql ? {} : { report_parameters: { relative_range: draft.range } }),
    frequency: draft.frequency,
    ...(isWeekly ? { day_of_week: Number(draft.weekday) } : {}),
    ...(isByDate ? { day_of_month: Number(draft.day) } : {}),
    time_of_day: draft.time,
    timezone: draft.zone,
    email_recipients: draft.to.split(SEPARATORS).filter(Boolean),
  } satisfies Partial<CreateScheduleRequest>;
}

/** The form, once what is to be scheduled is known. */
export function ScheduleEditor({ type, reportId }: { type: string; reportId: string | null }) {
  const types = useTypes();
  const { data: report, error } = useQuery({
    queryKey: ["report", reportId],
    queryFn: ({ signal }) => get<Report>(`/reports/${reportId}`, signal),
    enabled: reportId !== null,
  });
  if (error) return <Failure error={error} />;
  if (Object.keys(types).length === 0 || (reportId && !report)) return <Skeleton lines={5} />;
  return <Editor types={types} type={type} report={report} />;
}

interface EditorProps {
  types: Record<string, string>;
  type: string;
  report: Defined | undefined;
}

function Editor({ types, type, report }: EditorProps) {
  const zone = useZone();
  const [draft, setDraft] = useState<Draft>({
    type: (type in types ? type : Object.keys(types)[0]) as ReportType,
    ...{ range: report?.parameters?.relative_range ?? "previous_month", format: "pdf" },
    ...{ frequency: "monthly", weekday: "0", day: "1", time: "07:00", zone, to: "" },
  });
  const client = useQueryClient();
  const request = requestOf(draft, words(types, draft.type), report);
  const make = useMutation({
    mutationFn: () => post<ReportSchedule>("/reports/schedules/", request, crypto.randomUUID()),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["schedules"] });
      set({ new: undefined, report: undefined, schedule: made.id });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <p className="sentence">
        <When draft={draft} change={(part) => setDraft({ ...draft, ...part })} />,{" "}
        <What
          draft={draft}
          types={types}
          report={report}
          change={(part) => setDraft({ ...draft, ...part })}
        />
      </p>
      <Preview request={request} />
      {make.error && <Failure error={make.error} />}
      <button type="submit" className="main" disabled={make.isPending}>
        {t.create}
      </button>
    </form>
  );
}

interface WhatProps {
  draft: Draft;
  types: Record<string, string>;
  report: Defined | undefined;
  change: Change;
}

function What({ draft, types, report, change }: WhatProps) {
  return (
    <>
      {t.send}{" "}
      {report ? (
        <strong>{report.name}</strong>
      ) : (
        <Choice
          label={text.reports.columns.report}
          value={draft.type}
          options={types}
          onChange={(type) => change({ type: type as ReportType })}
        />
      )}{" "}
      {!report?.parameters?.sql && (
        <>
          {t.of}{" "}
          <Choice
            label={text.reports.columns.period}
            value={draft.range}
            options={RANGES}
            onChange={(range) => change({ range })}
          />{" "}
        </>
      )}
      {t.as}{" "}
      <Choice
        label={text.reports.format}
        value={draft.format}
        options={text.reports.formats}
        onChange={(format) => change({ format: format as ReportFormat })}
      />{" "}
      {t.sentTo}{" "}
      <input
        type="text"
        className="recipients"
        aria-label={t.recipients}
        placeholder={t.recipientsHint}
        autoComplete="email"
        value={draft.to}
        onChange={(event) => change({ to: event.target.value })}
      />
    </>
  );
}

function When({ draft, change }: { draft: Draft; change: Change }) {
  return (
    <>
      <Choice
        label={t.frequency}
        value={draft.frequency}
        options={t.everies}
        onChange={(frequency) => change({ frequency: frequency as ScheduleFrequency })}
      />{" "}
      {draft.frequency === "weekly" && (
        <>
          {t.on}{" "}
          <Choice
            label={t.weekday}
            value={draft.weekday}
            options={t.weekdays}
            onChange={(weekday) => change({ weekday })}
          />{" "}
        </>
      )}
      {!["daily", "weekly"].includes(draft.frequency) && (
        <>
          {t.on}{" "}
          <Choice
            label={t.day}
            value={draft.day}
            options={DAYS}
            onChange={(day) => change({ day })}
          />{" "}
        </>
      )}
      {t.at}{" "}
      <input
        type="time"
        aria-label={t.time}
        required
        value={draft.time}
        onChange={(event) => change({ time: event.target.value })}
      />{" "}
      {t.in}{" "}
      <Choice
        label={t.zone}
        value={draft.zone}
        options={Object.fromEntries([...new Set([draft.zone, ...ZONES])].map((id) => [id, id]))}
        onChange={(zone) => change({ zone })}
      />
    </>
  );
}

/** When it would run; a night in which the clocks change is named. */
function Preview({ request }: { request: ReturnType<typeof requestOf> }) {
  const { email_recipients: _, ...rule } = useDeferredValue(request);
  const { data, error } = useQuery({
    queryKey: ["schedule-preview", rule],
    queryFn: () => post<FireTimes>("/reports/schedules/preview", { ...rule, count: 5 }),
    enabled: rule.time_of_day !== "",
    placeholderData: (before) => before,
  });
  return (
    <>
      <h3>{t.upcoming}</h3>
      {error ? <Failure error={error} /> : !data && <Skeleton lines={5} />}
      <ol className="runs-ahead">
        {data?.runs.map((run, at) => {
          const before = data.runs[at - 1]?.utc_offset ?? run.utc_offset;
          return (
            <li key={run.local_time}>
              {instant(run.fire_at ?? "", rule.timezone, true)}
              {before !== run.utc_offset && <span className="faint"> {t.clocksChange}</span>}
            </li>
          );
        })}
      </ol>
    </>
  );
}
