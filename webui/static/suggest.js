// Lines offered while typing: a list box under the search box, by the ARIA combobox pattern.

const WAIT = 120; // milliseconds without a key before anything is asked

for (const form of document.querySelectorAll("form[data-suggest]")) {
  const box = form.elements.q;
  const list = document.createElement("ul");
  list.className = "offered";
  list.id = "offered";
  list.role = "listbox";
  list.hidden = true;
  list.setAttribute("aria-label", form.dataset.label);
  form.append(list);
  const role = { role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries(role)) box.setAttribute(name, value);

  let timer = 0;
  let asked = "";
  let chosen = -1;

  const close = () => {
    clearTimeout(timer);
    choose(-1);
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
  };
  const choose = (index) => {
    chosen = index;
    [...list.children].forEach((line, place) => line.setAttribute("aria-selected", String(place === index)));
    if (index < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", list.children[index].id);
  };
  const open = (lines) => {
    list.replaceChildren(...lines.map((line, place) => {
      const item = document.createElement("li");
      Object.assign(item, { id: `offered-${place}`, role: "option" });
      item.dataset.page = line.page;
      const [text, kind] = [document.createElement("span"), document.createElement("span")];
      text.textContent = line.text;
      Object.assign(kind, { className: "fine", textContent: form.dataset[line.kind] ?? "" });
      item.append(text, " ", kind);
      return item;
    }));
    choose(-1);
    list.hidden = !lines.length;
    box.setAttribute("aria-expanded", String(Boolean(lines.length)));
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    asked = box.value.trim();
    if (asked.length < 2) return close();
    timer = setTimeout(async () => {
      const query = asked;
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(query)}`).catch(() => null);
      if (answer?.ok && query === box.value.trim() && document.activeElement === box) open((await answer.json()).lines);
    }, WAIT);
  });
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      const size = list.children.length + 1; // one place for the box itself
      choose(((chosen + 1 + steps[event.key] + size) % size) - 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(list.children[chosen].dataset.page);
    }
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the box keeps the focus
    const line = event.target.closest("li");
    if (line) location.assign(line.dataset.page);
  });
}
