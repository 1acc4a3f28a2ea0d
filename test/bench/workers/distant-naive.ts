import near, { GroupCoordinator as Near } from "./naive.ts";
import { farObject, farWorker } from "./distant.ts";

export default farWorker(near);
export const GroupCoordinator = farObject(Near);
