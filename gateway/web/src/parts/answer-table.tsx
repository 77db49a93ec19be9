/** An answer as a table: one row per bucket or group, one column per metric. */
import type { Answer, AnswerRow } from "../api/schema";
import { bucket, cell, reason } from "../format";
import { text, words } from "../text";

interface Props {
  label: string;
  answer: Answer;
  grain: string;
  dimension: string;
  onExplain: (metric: string) => void;
}

const isTimed = (rows: AnswerRow[]) => rows.some((row) => row.bucket !== null);
const isGrouped = (rows: AnswerRow[]) => rows.some((row) => row.key !== null);

/** What people call a group. */
export const groupName = (row: AnswerRow): string =>
  row.key === "" ? text.overview.noneIn : (text.groups[row.key ?? ""] ?? row.label);

export function AnswerTable({ label, answer, grain, dimension, onExplain }: Props) {
  const timed = isTimed(answer.rows);
  const grouped = isGrouped(answer.rows);
  const bucketHead = words(text.columns, grain || "bucket");
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={label}>
      <table>
        <thead>
          <tr>
            {timed && <th scope="col">{bucketHead}</th>}
            {grouped && <th scope="col">{words(text.columns, dimension)}</th>}
            {answer.metrics.map((metric) => (
              <th scope="col" className="number" key={metric.id}>
                <button
                  type="button"
                  className="head"
                  title={metric.formula}
                  aria-label={text.overview.explainOf(metric.label)}
                  onClick={() => onExplain(metric.id)}
                >
                  {metric.label}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.map((row) => (
            <tr key={`${row.bucket}|${row.key}`}>
              {timed && (
                <th scope="row">
                  {row.bucket && bucket(row.bucket, grain)}
                  {row.partial && <span className="faint"> {text.overview.partial}</span>}
                </th>
              )}
              {grouped && <th scope="row">{groupName(row)}</th>}
              {row.figures.map((figure, at) => {
                const metric = answer.metrics[at];
                return metric ? (
                  <td
                    className="number"
                    key={metric.id}
                    title={figure.value === null ? reason(figure.reason) : undefined}
                  >
                    {cell(figure, metric, answer.currency)}
                    {figure.value === null && (
                      <span className="unseen">{reason(figure.reason)}</span>
                    )}
                  </td>
                ) : null;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
