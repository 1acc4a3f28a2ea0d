async function copy(button) {
  await navigator.clipboard.writeText(button.closest("li").querySelector("code").textContent);
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

for (const button of document.querySelectorAll(".walk-through button")) {
  button.hidden = navigator.clipboard === undefined;
  button.addEventListener("click", () => void copy(button));
}
