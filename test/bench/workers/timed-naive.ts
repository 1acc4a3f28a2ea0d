import worker, { GroupCoordinator as Coordinator } from "./naive.ts";
import { timedObject, timedWorker } from "./timed-env.ts";

export default timedWorker(worker);
export const GroupCoordinator = timedObject(Coordinator);
