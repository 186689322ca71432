"use strict";
(() => {
  const root = document.documentElement;
  const main = document.getElementById("assets");
  const cards = [...main.querySelectorAll(".card")];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const state = { group: "", rule: "", text: "" };
  let current = null;
  root.classList.add("js");

  const fits = (card) =>
    (!state.group || card.dataset.group === state.group) &&
    (!state.rule || card.dataset.rules.includes(` ${state.rule} `)) &&
    card.dataset.name.toLowerCase().includes(state.text);
  const shown = () => [...main.querySelectorAll(".card:not([hidden])")];

  function filter() {
    for (const card of cards) card.hidden = !fits(card);
    const count = shown().length;
    document.getElementById("shown").textContent = `${count} of ${cards.length}`;
    main.querySelector(".empty").hidden = count > 0;
    for (const tile of all("button.tile")) tile.setAttribute("aria-pressed", String(tile.dataset.group === state.group));
  }

  function sort(key) {
    const by = key === "name"
      ? (a, b) => a.dataset.name.localeCompare(b.dataset.name, undefined, { numeric: true })
      : (a, b) => a.dataset[key] - b.dataset[key];
    main.prepend(...[...cards].sort(by));
  }

  function select(card) {
    if (current) current.classList.remove("is-current");
    current = card;
    card.classList.add("is-current");
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "start" });
  }

  function step(by) {
    const list = shown();
    if (!list.length) return;
    const at = list.indexOf(current);
    select(list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + by))]);
  }

  function view(name) {
    main.classList.toggle("sheet", name === "sheet");
    for (const button of all("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
  }

  function clear() {
    Object.assign(state, { group: "", rule: "", text: "" });
    document.getElementById("search").value = "";
    document.getElementById("rule").value = "";
    filter();
  }

  function theme() {
    const systemDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = root.dataset.theme || (systemDark ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
  }

  function reveal() {
    const card = document.getElementById(location.hash.slice(1));
    if (!card || !cards.includes(card)) return;
    if (card.hidden) clear();
    view("list");
    select(card);
  }

  function link(card) {
    const lit = (number, on) => {
      for (const part of card.querySelectorAll(`[data-mark="${number}"]`)) part.classList.toggle("is-lit", on);
      card.classList.toggle("has-lit", on);
    };
    for (const part of card.querySelectorAll("[data-mark]")) {
      for (const [kind, on] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]])
        part.addEventListener(kind, () => lit(part.dataset.mark, on));
    }
    card.addEventListener("click", (event) => {
      if (main.classList.contains("sheet")) {
        event.preventDefault();
        view("list");
        select(card);
      } else if (event.target.closest(".zoom")) card.classList.toggle("is-large");
    });
  }

  cards.forEach(link);
  if (!cards.length) return;
  for (const tile of all("button.tile"))
    tile.addEventListener("click", () => { state.group = state.group === tile.dataset.group ? "" : tile.dataset.group; filter(); });
  for (const button of all("[data-view]")) button.addEventListener("click", () => view(button.dataset.view));
  for (const button of all('[data-do="clear"]')) button.addEventListener("click", clear);
  for (const button of all('[data-do="theme"]')) button.addEventListener("click", theme);
  document.getElementById("search").addEventListener("input", (event) => { state.text = event.target.value.toLowerCase(); filter(); });
  document.getElementById("rule").addEventListener("change", (event) => { state.rule = event.target.value; filter(); });
  document.getElementById("sort").addEventListener("change", (event) => sort(event.target.value));
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
    if (event.key === "/") { event.preventDefault(); document.getElementById("search").focus(); }
  });
  addEventListener("hashchange", reveal);
  reveal();
})();
