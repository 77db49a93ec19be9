/** Schedules: when each runs next, how it went last, who gets it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../api/client";
import { usePractice } from "../api/practice";
import type { FireTimes, ListSchedulesResponse, ReportSchedule } from "../api/schema";
import { ago, instant, plain } from "../format";
import { Panel } from "../parts/panel";
import { ScheduleEditor } from "../parts/schedule-editor";
import { ScheduleHistory } from "../parts/schedule-history";
import { Failure, Note, Skeleton } from "../parts/states";
import { set, usePlace } from "../router";
import { text, words } from "../text";

const t = text.schedules;

export function Schedules() {
  const { params } = usePlace();
  const { data, error, refetch } = useQuery({
    queryKey: ["schedules"],
    queryFn: ({ signal }) => get<ListSchedulesResponse>("/reports/schedules/?limit=200", signal),
    refetchInterval: 10_000,
  });
  const { data: practice } = usePractice();
  const draft = params.get("new");
  const open = data?.items.find((one) => one.id === params.get("schedule"));
  return (
    <>
      <header className="view-head">
        <h1>{t.title}</h1>
        <button type="button" className="main" onClick={() => set({ new: "revenue" })}>
          {t.new}
        </button>
        <p>{t.lead}</p>
      </header>
      {error && <Failure error={error} retry={refetch} />}
      {!data && !error && <Skeleton lines={5} />}
      {data?.items.length === 0 && (
        <Note title={t.empty}>
          <p>{t.emptyHint}</p>
        </Note>
      )}
      {data && data.items.length > 0 && <Table schedules={data.items} />}
      {draft !== null && (
        <Panel
          title={t.new}
          closeLabel={text.receipt.close}
          kind="middle"
          onClose={() => set({ new: undefined, report: undefined })}
        >
          {/* The practice's zone is the draft's first one. */}
          {practice ? (
            <ScheduleEditor key={draft} type={draft} reportId={params.get("report")} />
          ) : (
            <Skeleton />
          )}
        </Panel>
      )}
      {open && (
        <Panel
          title={t.historyOf(open.name)}
          closeLabel={text.receipt.close}
          kind="side"
          onClose={() => set({ schedule: undefined })}
        >
          <ScheduleHistory schedule={open} />
        </Panel>
      )}
    </>
  );
}

function Table({ schedules }: { schedules: ReportSchedule[] }) {
  const heads = [t.columns.name, t.columns.when, t.columns.next, t.columns.last, t.columns.to];
  return (
    <div className="block table-scroll" tabIndex={0} role="group" aria-label={t.title}>
      <table className="stacked">
        <thead>
          <tr>
            {heads.map((head) => (
              <th scope="col" key={head}>
                {head}
              </th>
            ))}
            <th scope="col">
              <span className="unseen">{t.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {schedules.map((one) => (
            <Row key={one.id} schedule={one} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ schedule: one }: { schedule: ReportSchedule }) {
  const mails = one.delivery_method === "portal" ? [t.portal] : one.email_recipients;
  return (
    <tr data-schedule={one.id}>
      <th scope="row">
        {one.name}
        <span className={`status ${one.is_active ? "active" : "paused"}`}>
          {one.is_enabled ? words(t.statuses, one.status) : t.off}
        </span>
      </th>
      <td data-label={t.columns.when}>
        <Rule schedule={one} />
      </td>
      <td data-label={t.columns.next}>
        {one.next_run_at ? <Instant at={one.next_run_at} zone={one.timezone} /> : t.none}
      </td>
      <td data-label={t.columns.last}>
        <Last schedule={one} />
      </td>
      <td data-label={t.columns.to}>{mails.join(", ")}</td>
      <td className="actions">
        <Actions schedule={one} />
      </td>
    </tr>
  );
}

/** The rule in the server's words. */
function Rule({ schedule }: { schedule: ReportSchedule }) {
  const { data } = useQuery({
    queryKey: ["next-runs", schedule.id, schedule.etag],
    queryFn: ({ signal }) =>
      get<FireTimes>(`/reports/schedules/${schedule.id}/next-runs?count=5`, signal),
    staleTime: 60_000,
  });
  return <>{data?.description ?? `${schedule.frequency}, ${schedule.time_of_day}`}</>;
}

function Instant({ at, zone }: { at: string; zone: string }) {
  return (
    <>
      {ago(at)} <span className="faint">{instant(at, zone, true)}</span>
    </>
  );
}

function Last({ schedule: one }: { schedule: ReportSchedule }) {
  if (!one.last_run_at) return <span className="faint">{t.never}</span>;
  const status = one.last_run_status ?? "completed";
  return (
    <>
      <span className={`status ${status}`}>{words(text.reports.statuses, status)}</span>{" "}
      {ago(one.last_run_at)}
      {one.last_run_error && <span className="run-error">{one.last_run_error}</span>}
      <span className="faint block-line">
        {t.counts(plain(one.successful_runs), plain(one.total_runs))}
      </span>
    </>
  );
}

function Actions({ schedule: one }: { schedule: ReportSchedule }) {
  const client = useQueryClient();
  const verb = one.status === "paused" ? "resume" : "pause";
  const turn = useMutation({
    mutationFn: () => post<ReportSchedule>(`/reports/schedules/${one.id}/${verb}`, {}),
    onSuccess: () => client.invalidateQueries({ queryKey: ["schedules"] }),
  });
  return (
    <>
      <button
        type="button"
        aria-label={t.historyOf(one.name)}
        onClick={() => set({ schedule: one.id })}
      >
        {t.history}
      </button>
      {one.status !== "disabled" && (
        <button
          type="button"
          aria-label={`${t[verb]}: ${one.name}`}
          disabled={turn.isPending}
          onClick={() => turn.mutate()}
        >
          {t[verb]}
        </button>
      )}
      {turn.error && <Failure error={turn.error} />}
    </>
  );
}
