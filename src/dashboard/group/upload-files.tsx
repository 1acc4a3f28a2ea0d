import { count, counted, percent } from "../parts/format.ts";
import type { Sent, Uploads } from "./uploads.ts";

const ACCEPTED = ".pdf,.png,.jpg,.jpeg,.tif,.tiff,.bmp";

/** Takes files by choice or by drop, and shows how far each has come. */
export function UploadFiles({ uploads }: { uploads: Uploads }) {
  const { all } = uploads;
  const stored = all.filter(({ state }) => state === "stored").length;
  const failed = all.filter(({ state }) => state instanceof Error).length;
  return (
    <div class="uploads">
      <label class="drop">
        <input
          type="file"
          multiple
          accept={ACCEPTED}
          onChange={(event) => {
            uploads.add(event.currentTarget.files ?? []);
            event.currentTarget.value = "";
          }}
        />
        <span>
          <b>Choose files</b> or drop them here
        </span>
        <span class="quiet">PDF, PNG, JPEG, TIFF or BMP</span>
      </label>
      {all.length > 0 && (
        <>
          <p role="status">
            {count(stored)} of {counted(all.length, "file")} stored
            {failed > 0 && `, ${count(failed)} not`}
          </p>
          <ul class="upload-list" tabIndex={0} aria-label="Files">
            {all.map((one) => (
              <Row key={one.key} sent={one} />
            ))}
          </ul>
          {failed > 0 && !uploads.isBusy && (
            <button type="button" class="button button-plain" onClick={() => uploads.retry()}>
              Try again
            </button>
          )}
        </>
      )}
    </div>
  );
}

const WORDS = { waiting: "Waiting", stored: "Stored" } as const;

const Row = ({ sent: { file, share, state } }: { sent: Sent }) => (
  <li>
    <bdi>{file.name}</bdi>
    {state === "sending" ? (
      <progress max={1} value={share} aria-label={`${file.name}: ${percent(share)}`} />
    ) : (
      <span class={state instanceof Error ? "upload-failed" : "quiet"}>
        {state instanceof Error ? state.message : WORDS[state]}
      </span>
    )}
  </li>
);
