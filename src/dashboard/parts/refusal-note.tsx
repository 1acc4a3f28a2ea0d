import { Refusal } from "../data/refusal.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly error: Error;
  readonly onClose?: () => void;
}

/** A refusal in the API's own words. */
export function RefusalNote({ error, onClose }: Props) {
  const problem = error instanceof Refusal ? error.problem : undefined;
  return (
    <div class="note note-refusal" role="alert">
      <Icon name="warning" />
      <div class="note-text">
        <strong>{problem?.title ?? "No connection"}</strong>
        <p>{error.message}</p>
        {problem?.errors !== undefined && problem.errors.length > 0 && (
          <ul>
            {problem.errors.map(({ pointer, parameter, detail }) => (
              <li key={`${pointer}${parameter}${detail}`}>
                <code>{pointer ?? parameter}</code> {detail}
              </li>
            ))}
          </ul>
        )}
        {problem?.type !== undefined && (
          <a href={problem.type} target="_blank">
            {problem.code}: what it means
          </a>
        )}
      </div>
      {onClose !== undefined && (
        <button type="button" class="icon-button" onClick={onClose} aria-label="Close this message">
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
