import type { ComponentChildren } from "preact";
import type { Group } from "../data/types.ts";
import { counted, money, percent } from "../parts/format.ts";
import { Moment } from "../parts/time.tsx";

const list = (values: readonly string[]) => (
  <span class="tags">
    {values.map((value) => (
      <bdi key={value} class="tag">
        {value}
      </bdi>
    ))}
  </span>
);

export function Settings({ group }: { group: Group }) {
  const { processingSettings: settings, notifications } = group;
  const told = [
    ...(notifications.onCompletion ? ["the end"] : []),
    ...(notifications.onFailure ? ["the first failure"] : []),
  ];
  const metadata =
    Object.keys(group.metadata).length > 0 && JSON.stringify(group.metadata, null, 1);
  return (
    <section class="card settings" aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      <dl class="facts" tabIndex={0}>
        <Fact name="Template">{group.template}</Fact>
        <Fact name="Priority">{group.priority}</Fact>
        <Fact name="At once">{counted(settings.parallelJobs, "job")}</Fact>
        <Fact name="Retries">{settings.retryCount}</Fact>
        <Fact name="Limit">{settings.timeoutMinutes} min an attempt</Fact>
        <Fact name="Pauses">{pausesOf(group)}</Fact>
        <Fact name="Kept">
          {group.retentionDays !== undefined && (
            <>
              {counted(group.retentionDays, "day")} after its end
              {group.deletesAt !== undefined && (
                <>
                  , until <Moment at={group.deletesAt} />
                </>
              )}
            </>
          )}
        </Fact>
        <Fact name="E-mail">
          {told.length > 0 && notifications.recipients.length > 0 && (
            <>
              on {told.join(" and ")}, to {list(notifications.recipients)}
            </>
          )}
        </Fact>
        <Fact name="Description">{group.description}</Fact>
        <Fact name="Assigned to">{group.assignedTo}</Fact>
        <Fact name="Created by">{group.createdBy}</Fact>
        <Fact name="Tags">{group.tags.length > 0 && list(group.tags)}</Fact>
        <Fact name="Metadata">{metadata && <pre class="code-block">{metadata}</pre>}</Fact>
        <Fact name="Id">
          <code>{group._id}</code>
        </Fact>
      </dl>
    </section>
  );
}

/** The limits at which the group pauses by itself. */
function pausesOf({ processingSettings: { maxFailureRate, maxCost }, statistics }: Group): string {
  return [
    ...(maxFailureRate === undefined ? [] : [`above ${percent(maxFailureRate)} failures`]),
    ...(maxCost === undefined ? [] : [`at a cost of ${money(maxCost, statistics.currency)}`]),
  ].join(", or ");
}

/** Nothing is shown of a fact that is not there. */
export const Fact = ({ name, children }: { name: string; children?: ComponentChildren }) =>
  children === undefined || children === false || children === "" ? null : (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
