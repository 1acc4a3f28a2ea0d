import worker, { GroupCoordinator as Coordinator } from "../../../src/index.ts";
import { timedObject, timedWorker } from "./timed-env.ts";

export default timedWorker(worker);
export const GroupCoordinator = timedObject(Coordinator);
