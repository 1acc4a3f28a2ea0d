import type { App, AppContext } from "../../http/app-types.ts";
import { SAMPLE_ORIGIN } from "./code-samples.ts";
import { forViewer } from "./for-viewer.ts";
import type { Document } from "./operations.ts";
import { llmsText } from "./llms.ts";
import { revalidated } from "../../http/headers/revalidated.ts";

/** Serves the document and `/llms.txt`. Both are built on the first request and kept, since building takes long. */
export function serveOpenApi(app: App, describe: () => Document): void {
  let texts: { json: string; llms: string } | undefined;
  const built = () => {
    const document = describe();
    const llms = llmsText(document);
    return { json: JSON.stringify(forViewer(document)), llms };
  };
  const here = (c: AppContext, text: string, type: string) =>
    c.body(text.replaceAll(SAMPLE_ORIGIN, new URL(c.req.url).origin), 200, {
      "Content-Type": type,
    });
  app.get("/openapi.json", revalidated, (c) =>
    here(c, (texts ??= built()).json, "application/json"),
  );
  app.get("/llms.txt", revalidated, (c) =>
    here(c, (texts ??= built()).llms, "text/plain; charset=utf-8"),
  );
}
