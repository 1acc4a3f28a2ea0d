interface Props {
  readonly data: Readonly<Record<string, unknown>>;
  readonly title?: string;
}

/** The extracted data, shown as text whatever it contains. */
export const Extracted = ({ data, title = "Extracted data" }: Props) => (
  <section class="extracted">
    <h4>{title}</h4>
    <dl class="facts">
      {Object.entries(data).map(([name, value]) => (
        <div key={name}>
          <dt>
            <bdi>{name}</bdi>
          </dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  </section>
);

const Value = ({ value }: { value: unknown }) =>
  typeof value === "object" && value !== null ? (
    <pre class="code-block">{JSON.stringify(value, null, 1)}</pre>
  ) : (
    <bdi>{String(value)}</bdi>
  );
