/** The facts behind a figure, each with what it adds. */
import { useState } from "react";
import { usePages } from "../api/paged";
import type { DrillComponent, DrillRow, ListReceiptRowsResponse } from "../api/schema";
import { day, exact, plain } from "../format";
import { text, words } from "../text";
import { Select } from "./field";
import { Failure, Note, Skeleton } from "./states";

const t = text.rows;

interface Props {
  /** Path of the receipt. */
  path: string;
  /** The metric. */
  field: string;
  currency: string;
}

export function ReceiptRows({ path, field, currency }: Props) {
  const [component, setComponent] = useState("");
  const pages = usePages<ListReceiptRowsResponse>(`${path}/rows`, { field, component });
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = pages;
  const first = data?.pages[0];
  if (error) return <Failure error={error} retry={refetch} />;
  if (!first) return <Skeleton lines={8} />;
  const unit = first.metric.unit === "money" ? "money" : "number";
  const show = (amount: string) => exact(amount, unit, currency);
  return (
    <>
      {first.components.length > 1 && (
        <Select
          label={t.component}
          value={first.component.name}
          options={Object.fromEntries(first.components.map((one) => [one, words({}, one)]))}
          onChange={setComponent}
        />
      )}
      <Total component={first.component} show={show} />
      {first.rows.length === 0 ? (
        <Note title={t.empty} />
      ) : (
        <Table rows={data.pages.flatMap((page) => page.rows)} show={show} />
      )}
      {hasNextPage && (
        <button type="button" disabled={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {text.reports.more}
        </button>
      )}
    </>
  );
}

type Show = (amount: string) => string;

function Total({ component, show }: { component: DrillComponent; show: Show }) {
  return (
    <p className="rows-total">
      {t.total(component.description, plain(component.rows))}
      {component.value !== null && <strong className="number"> {show(component.value)}</strong>}
    </p>
  );
}

function Table({ rows, show }: { rows: DrillRow[]; show: Show }) {
  const c = t.columns;
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={t.title}>
      <table className="stacked">
        <thead>
          <tr>
            <th scope="col">{c.patient}</th>
            <th scope="col">{c.date}</th>
            <th scope="col">{c.provider}</th>
            <th scope="col">{c.payer}</th>
            <th scope="col">{c.details}</th>
            <th scope="col" className="number">
              {c.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} data-row={row.id} title={t.source(row.source_system, row.source_id)}>
              <th scope="row">{row.patient_name ?? t.nobody}</th>
              <td data-label={c.date} className="day">
                {row.date && day(row.date)}
              </td>
              <td data-label={c.provider}>{row.provider}</td>
              <td data-label={c.payer}>{row.payer}</td>
              <td data-label={c.details} className="faint">
                {Object.entries(row.details)
                  .map(([name, value]) => `${words({}, name)} ${value}`)
                  .join(", ")}
              </td>
              <td data-label={c.amount} className="number">
                {show(row.amount)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
