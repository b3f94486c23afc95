// Buttons that copy a text of the page; without this script they are not there, and the text can be selected.

const told = document.querySelector("[data-status]");

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break; // only over https and on this machine
  button.hidden = false;
  const words = button.firstChild.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    const done = button.dataset.copied;
    button.firstChild.textContent = told.textContent = done;
    setTimeout(() => { button.firstChild.textContent = words; told.textContent = ""; }, 2000);
  });
}
