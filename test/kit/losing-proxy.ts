import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** Passes requests on to the API, but keeps the first answer that grants leases. `lost` resolves then. */
export async function losingProxy(target: string) {
  const loss = Promise.withResolvers<void>();
  let isLost = false;
  const proxy = createServer((request, response) => {
    void (async () => {
      const { "api-key": key = "", "idempotency-key": idempotencyKey } = request.headers;
      const headers = new Headers({ "api-key": String(key), "content-type": "application/json" });
      if (idempotencyKey !== undefined) headers.set("idempotency-key", String(idempotencyKey));
      const sent = { method: request.method ?? "GET", headers, body: await buffer(request) };
      const answer = await fetch(target + request.url, sent);
      const text = await answer.text();
      if (!isLost && request.url?.endsWith("/claim") && JSON.parse(text).data.length > 0) {
        isLost = true;
        loss.resolve();
      } else response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
    })();
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo;
  const close = () => {
    proxy.closeAllConnections();
    proxy.close();
  };
  return { url: `http://127.0.0.1:${port}`, lost: loss.promise, close };
}
