/** The live overview: the practice's first dashboard, all its widgets at one revision. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type CSSProperties, useEffect, useMemo, useReducer, useState } from "react";
import { get, query } from "../api/client";
import { type LiveState, useLive } from "../api/live";
import { useZone } from "../api/practice";
import type { Dashboard, DashboardData, ListDashboardsResponse, WidgetData } from "../api/schema";
import { ago, day, plain } from "../format";
import { useKey } from "../keys";
import { Icon } from "../parts/icons";
import { RangePicker } from "../parts/range-picker";
import { ReceiptPanel } from "../parts/receipt-panel";
import { Failure, Fence, Note, Skeleton } from "../parts/states";
import { WidgetCard } from "../parts/widget";
import { type Range, rangeOf } from "../range";
import { set, usePlace } from "../router";
import { text } from "../text";

const t = text.overview;
const POLL_MS = 15_000;

export function Overview() {
  const { params } = usePlace();
  const range = useMemo(() => rangeOf(params), [params]);
  const { data, error, refetch } = useQuery({
    queryKey: ["dashboards"],
    queryFn: ({ signal }) => get<ListDashboardsResponse>("/dashboards/?limit=50", signal),
    staleTime: 60_000,
  });
  const dashboard = data?.items.find((one) => one.dashboard_type === "overview") ?? data?.items[0];
  if (error) return <Failure error={error} retry={refetch} />;
  if (data && !dashboard) return <Note title={text.state.nothing} />;
  return dashboard ? <Live dashboard={dashboard} range={range} /> : <Skeleton lines={6} />;
}

function Live({ dashboard, range }: { dashboard: Dashboard; range: Range }) {
  const [isPaused, setPaused] = useState(false);
  const search = query(range);
  const key = ["dashboard", dashboard.id, search];
  const client = useQueryClient();
  const live = useLive(`/dashboards/${dashboard.id}/live${search}`, isPaused, (data) =>
    client.setQueryData(key, data),
  );
  const isPolling = live === "polling" || live === "reconnecting";
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      get<DashboardData>(`/dashboards/${dashboard.id}/data${search}`, signal),
    refetchInterval: isPolling ? POLL_MS : false,
    placeholderData: (before) => before,
  });
  const pause = () => setPaused(!isPaused);
  useKey("p", pause);
  return (
    <>
      <header className="view-head">
        <h1>{dashboard.name}</h1>
        <RangePicker range={range} key={search} />
        <Connection state={live} onPause={pause} />
      </header>
      {error && <Failure error={error} retry={refetch} />}
      {data && <Freshness data={data} />}
      <Grid dashboard={dashboard} data={data} />
    </>
  );
}

function Connection({ state, onPause }: { state: LiveState; onPause: () => void }) {
  const isPaused = state === "paused";
  const label = isPaused ? text.live.resume : text.live.pause;
  return (
    <div className={`connection ${state}`}>
      <span className="dot" aria-hidden="true" />
      <span role="status">{text.live[state]}</span>
      <button type="button" className="quiet" onClick={onPause} aria-label={label} title={label}>
        <Icon name={isPaused ? "play" : "pause"} />
      </button>
    </div>
  );
}

/** How new the figures are, in words that grow older by themselves. */
function Freshness({ data }: { data: DashboardData }) {
  useTick(20_000);
  const { as_of: asOf } = data;
  if (!asOf?.recorded_at) return null;
  if (!asOf.data_through) {
    return (
      <Note title={text.state.noFacts}>
        <p>{text.state.noFactsHint}</p>
      </Note>
    );
  }
  const recorded = ago(asOf.recorded_at);
  const isSynthetic = data.widgets.some((one) => one.answer?.synthetic);
  return (
    <p className="freshness">
      {t.freshness(day(asOf.data_through), recorded)}
      <span> · {t.revision(plain(asOf.revision))}</span>
      {isSynthetic && (
        <span className="badge" title={t.syntheticHint}>
          {t.synthetic}
        </span>
      )}
    </p>
  );
}

/** Draws again every so often, for words such as `3 minutes ago`. */
function useTick(everyMs: number): void {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}

function Grid({ dashboard, data }: { dashboard: Dashboard; data: DashboardData | undefined }) {
  const { params } = usePlace();
  const zone = useZone();
  const found = new Map(data?.widgets.map((one) => [one.widget_id, one]));
  const places = new Map(dashboard.layout.items.map((one) => [one.widget_id, one]));
  const open = opened(params.get("explain"), found);
  const close = () => set({ explain: undefined, rows: undefined });
  return (
    <>
      <div className="grid">
        {dashboard.widgets.map((widget) => {
          const place = places.get(widget.id);
          const style = place && {
            "--x": place.x + 1,
            "--y": place.y + 1,
            "--w": place.width,
            "--h": place.height,
          };
          return (
            <section key={widget.id} className="widget" style={style as CSSProperties}>
              <Fence>
                <WidgetCard widget={widget} data={found.get(widget.id)} zone={zone} />
              </Fence>
            </section>
          );
        })}
      </div>
      {open && <ReceiptPanel {...open} onClose={close} />}
    </>
  );
}

/** What the address wants explained: `widget.metric`, or a whole widget. */
function opened(wanted: string | null, found: Map<string, WidgetData>) {
  const [widget = "", metric = ""] = wanted?.split(".") ?? [];
  const answer = found.get(widget)?.answer;
  return answer ? { link: answer.receipt, metric, currency: answer.currency } : null;
}
