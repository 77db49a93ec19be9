/** Why a figure is not what it was: the facts that came, changed or went since. */
import { useQuery } from "@tanstack/react-query";
import { get, query } from "../api/client";
import type { ReceiptDifference } from "../api/schema";
import { exact, plain } from "../format";
import { text, words } from "../text";
import { Failure, Skeleton } from "./states";

const t = text.receipt;

export function Difference(props: { path: string; field: string; currency: string }) {
  const path = `${props.path}/difference${query({ field: props.field })}`;
  const { data, error, refetch } = useQuery({
    queryKey: ["difference", path],
    queryFn: ({ signal }) => get<ReceiptDifference>(path, signal),
  });
  if (error) return <Failure error={error} retry={refetch} />;
  if (!data) return <Skeleton lines={2} />;
  return data.figures.map(({ metric, sentence, components }) => (
    <div key={metric.id}>
      <p>{sentence}</p>
      <dl>
        {components.flatMap((component) =>
          component.reasons.map((one) => (
            <div className="reason" key={`${component.name} ${one.reason}`}>
              <dt>
                {`${words(t.differences, one.reason)}: ${component.description}`}{" "}
                <span className="faint">{t.facts(plain(one.rows))}</span>
              </dt>
              <dd className="number">
                {exact(one.amount, metric.unit === "money" ? "money" : "number", props.currency)}
              </dd>
            </div>
          )),
        )}
      </dl>
    </div>
  ));
}
