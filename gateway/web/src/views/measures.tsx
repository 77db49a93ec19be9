/** Quality measures of a calendar year: rates, the patients behind them, how many are left to reach. */
import { useQuery } from "@tanstack/react-query";
import { post } from "../api/client";
import type { MeasureGroup, MeasureResult, MeasureResults } from "../api/schema";
import { plain, reason } from "../format";
import { Select } from "../parts/field";
import { Failure, Note, Skeleton } from "../parts/states";
import { set, usePlace } from "../router";
import { text } from "../text";

const t = text.measures;
const YEARS = 5;

export function Measures() {
  const year = usePlace().params.get("year") ?? "";
  const { data, error, refetch } = useQuery({
    queryKey: ["measures", year],
    queryFn: ({ signal }) => {
      const period = { start_date: `${year}-01-01`, end_date: `${year}-12-31` };
      return post<MeasureResults>("/measures/evaluate", year ? { period } : {}, undefined, signal);
    },
    staleTime: 30_000,
  });
  return (
    <>
      <header className="view-head">
        <h1>{t.title}</h1>
        {data && <Year today={data.today} year={year} />}
        <p>
          {t.lead}
          {data?.results.some((one) => one.code_mode === "local") && ` ${t.local}`}
        </p>
      </header>
      {error && <Failure error={error} retry={refetch} />}
      {!data && !error && <Skeleton lines={8} />}
      {data?.results.length === 0 && (
        <Note title={t.empty}>
          <p>{t.emptyHint}</p>
        </Note>
      )}
      {data && data.results.length > 0 && <Table results={data.results} />}
    </>
  );
}

function Year({ today, year }: { today: string; year: string }) {
  const now = Number(today.slice(0, 4));
  const years = Array.from({ length: YEARS }, (_, at) => String(now - at));
  return (
    <Select
      label={<span className="unseen">{t.year}</span>}
      value={year || String(now)}
      options={Object.fromEntries(years.map((one) => [one, one]))}
      onChange={(chosen) => set({ year: chosen })}
    />
  );
}

function Table({ results }: { results: MeasureResult[] }) {
  const c = t.columns;
  return (
    <div className="block table-scroll" tabIndex={0} role="group" aria-label={t.title}>
      <table className="stacked">
        <thead>
          <tr>
            <th scope="col">{c.measure}</th>
            {[c.rate, c.met, c.gaps].map((head) => (
              <th scope="col" className="number" key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {results.flatMap((one) =>
            one.groups.map((group) => (
              <Row key={`${one.measure_id} ${group.id}`} measure={one} group={group} />
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Row({ measure, group }: { measure: MeasureResult; group: MeasureGroup }) {
  const c = t.columns;
  return (
    <tr data-measure={measure.measure_id} data-rate={group.id}>
      <th scope="row">
        {measure.title}
        <Remarks measure={measure} group={group} />
      </th>
      <td data-label={c.rate} className="number">
        {group.rate === null ? (
          <span className="absent">{reason(group.reason)}</span>
        ) : (
          <span className="rate">
            <meter max={100} value={group.rate} aria-hidden="true" />
            {`${group.rate.toFixed(2)}%`}
          </span>
        )}
      </td>
      <td data-label={c.met} className="number">
        {t.of(count(group.numerator), count(group.eligible))}
      </td>
      <td data-label={c.gaps} className="number">
        {count(group.gaps)}
      </td>
    </tr>
  );
}

const count = (value: number | null): string => (value === null ? t.hidden : plain(value));

/** Which rate of the measure it is, and what to keep in mind when reading it. */
function Remarks({ measure, group }: { measure: MeasureResult; group: MeasureGroup }) {
  const remarks = [
    ...(group.title === measure.title ? [] : [group.title]),
    ...(measure.inverse ? [t.inverse] : []),
    ...(group.data_warning === "no_numerator_source" ? [t.noSource] : []),
  ];
  return (
    <span
      className="block-line faint"
      title={measure.not_evaluable.length ? t.notApplied(measure.not_evaluable.join("; ")) : undefined}
    >
      {remarks.join(" · ")}
    </span>
  );
}
