/** What became of a schedule's fire times, and which come next. */
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import type {
  Delivery,
  FireTimes,
  ListScheduleRunsResponse,
  ReportSchedule,
  ScheduleRun,
} from "../api/schema";
import { instant } from "../format";
import { text, words } from "../text";
import { Failure, Skeleton } from "./states";

const t = text.schedules;

export function ScheduleHistory({ schedule }: { schedule: ReportSchedule }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["schedule-runs", schedule.id],
    queryFn: ({ signal }) =>
      get<ListScheduleRunsResponse>(`/reports/schedules/${schedule.id}/runs?limit=50`, signal),
    refetchInterval: 5_000,
  });
  return (
    <>
      <Upcoming schedule={schedule} />
      <h3>{t.history}</h3>
      {error && <Failure error={error} retry={refetch} />}
      {!data && !error && <Skeleton />}
      {data?.items.length === 0 && <p className="faint">{t.never}</p>}
      <ul className="history">
        {data?.items.map((run) => (
          <Run key={run.id} run={run} zone={schedule.timezone} />
        ))}
      </ul>
    </>
  );
}

function Upcoming({ schedule }: { schedule: ReportSchedule }) {
  const { data } = useQuery({
    queryKey: ["next-runs", schedule.id, schedule.etag],
    queryFn: ({ signal }) =>
      get<FireTimes>(`/reports/schedules/${schedule.id}/next-runs?count=5`, signal),
    staleTime: 60_000,
  });
  if (!schedule.is_active || !data) return null;
  return (
    <>
      <h3>{t.upcoming}</h3>
      <p>{data.description}</p>
      <ul className="plain">
        {data.runs.map((run) => (
          <li key={run.local_time}>{instant(run.fire_at ?? "", schedule.timezone, true)}</li>
        ))}
      </ul>
    </>
  );
}

function Run({ run, zone }: { run: ScheduleRun; zone: string }) {
  return (
    <li>
      <div className="component-line">
        <strong>{instant(run.fire_time ?? "", zone, true)}</strong>
        {run.status ? (
          <span className={`status ${run.status}`}>{words(text.reports.statuses, run.status)}</span>
        ) : (
          <span className="faint">{words(t.outcomes, run.outcome)}</span>
        )}
      </div>
      {run.reason && <p className="faint">{run.reason}</p>}
      {run.error && <p className="run-error">{run.error}</p>}
      {run.deliveries.map((one) => (
        <Mail key={one.id} delivery={one} />
      ))}
    </li>
  );
}

function Mail({ delivery }: { delivery: Delivery }) {
  return (
    <p className="component-line">
      <span>{delivery.recipient}</span>
      <span className={delivery.status === "failed" ? "run-error" : "faint"}>
        {words(t.deliveries, delivery.status)}
        {delivery.error && ` (${delivery.error})`}
      </span>
    </p>
  );
}
