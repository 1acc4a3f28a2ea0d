import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Control {
  readonly id: string;
  readonly "aria-describedby": string;
  readonly "aria-invalid": boolean;
}

interface Props {
  readonly label: string;
  readonly help?: ComponentChildren;
  /** The fault that the API finds in the value. */
  readonly fault?: string | undefined;
  readonly children: (control: Control) => ComponentChildren;
}

/** A control with its label, its explanation, and the API's word on its value. */
export function Field({ label, help, fault, children }: Props) {
  const id = useId();
  const about = `${id}-about`;
  return (
    <div class={fault === undefined ? "field" : "field field-faulty"}>
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": about, "aria-invalid": fault !== undefined })}
      <p id={about} class="field-help">
        {fault !== undefined && <strong>{fault}</strong>} {help}
      </p>
    </div>
  );
}
