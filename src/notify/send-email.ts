import { configOf } from "../config.ts";
import { type Attempt, ATTEMPT_TIMEOUT_MS, noAnswer } from "./attempt.ts";
import { composeEmail, type FirstError } from "./email.ts";
import type { Payload } from "./payload.ts";

/** Sends an e-mail to one address. No recipient sees the address of another. */
export async function sendEmail(
  env: Env,
  to: string,
  payload: Payload,
  errors: readonly FirstError[],
): Promise<Attempt> {
  const { email: configured } = configOf(env);
  if ("missing" in configured) {
    const names = configured.missing.join(", ");
    return { ended: "waiting", why: `waits for the server's configuration: ${names}` };
  }
  const { mailer, from, baseUrl } = configured;
  const answered = new AbortController();
  try {
    const email = await composeEmail(payload, payload.data.failedJobs > 0 ? errors : [], baseUrl);
    await Promise.race([mailer.send({ from, to, ...email }), timeout(answered.signal)]);
    return { ended: "delivered" };
  } catch (error) {
    if (error instanceof Error && error.name !== "TimeoutError") {
      return { ended: "failed", why: `the mail service: ${error.message.slice(0, 200)}` };
    }
    return noAnswer(error);
  } finally {
    answered.abort();
  }
}

async function timeout(signal: AbortSignal): Promise<never> {
  await scheduler.wait(ATTEMPT_TIMEOUT_MS, { signal });
  throw new DOMException("no answer", "TimeoutError");
}
