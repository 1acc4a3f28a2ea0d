import { useEffect, useRef } from "preact/hooks";

/** Takes files that are dropped anywhere on the page. Without it the browser would open them in its place. */
export function useDrop(isOn: boolean, onFiles: (files: FileList) => void): void {
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    if (!isOn) return;
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      const files = event.dataTransfer?.files;
      if (files !== undefined && files.length > 0) take.current(files);
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  }, [isOn]);
}
