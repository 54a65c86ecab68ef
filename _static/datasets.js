// @ts-check
// The page of a data set: its groups by protocol and backbone, the largest alone to begin with. Without this script they all stand there, folded.
// No library; make comes from tables.js.
"use strict";

{
  const { make } = survey;

  const LARGEST = "largest"; // the group that is seen first
  const ALL = "all";
  const UNKNOWN = "not established";
  const groups = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".dataset-page .group"))];
  const first = /** @type {HTMLElement} */ (document.getElementById("first"));
  const others = /** @type {HTMLElement} */ (document.getElementById("others"));
  const counted = (/** @type {number} */ number, /** @type {string} */ thing) => `${number} ${thing}${number === 1 ? "" : "s"}`;
  const of = (/** @type {HTMLElement} */ group, /** @type {string} */ name) => group.dataset[name] || UNKNOWN;

  /* Every value with how many tables, of groups and of lists, and how many rows have it, beside what the other list has chosen. */
  /** @param {string} name @param {string} other @param {string} chosen @returns {[string, [number, number]][]} */
  function optionsOf(name, other, chosen) {
    /** @type {Map<string, [number, number]>} */
    const found = new Map();
    for (const group of groups) {
      if (chosen === LARGEST || chosen === ALL || of(group, other) === chosen) {
        const [many, rows] = found.get(of(group, name)) ?? [0, 0];
        found.set(of(group, name), [many + 1, rows + Number(group.dataset.rows)]);
      }
    }
    return [...found].sort(([, one], [, two]) => two[1] - one[1]);
  }

  const status = make("p", { role: "status" });
  const menus = { protocol: make("select", { id: "dataset-protocol" }), backbone: make("select", { id: "dataset-backbone" }) };
  const chosen = { protocol: LARGEST, backbone: ALL };

  function draw() {
    const rows = (/** @type {[string, [number, number]][]} */ options) => options.map(([value, [many, lines]]) => make("option", { value }, `${value} (${counted(many, "table")}, ${counted(lines, "row")})`));
    const all = counted(groups.length, "table");
    menus.protocol.replaceChildren(make("option", { value: LARGEST }, "The first alone"), make("option", { value: ALL }, `All (${all})`), ...rows(optionsOf("protocol", "backbone", chosen.backbone)));
    menus.backbone.replaceChildren(make("option", { value: ALL }, "Any"), ...rows(optionsOf("backbone", "protocol", chosen.protocol)));
    menus.protocol.value = chosen.protocol;
    menus.backbone.value = chosen.backbone;
  }

  const unfold = (/** @type {HTMLElement} */ group) => { /** @type {HTMLDetailsElement} */ (group).open = true; };

  function show() {
    const largest = chosen.protocol === LARGEST && chosen.backbone === ALL;
    const seen = groups.filter((group) => (largest ? group === groups[0]
      : ([LARGEST, ALL].includes(chosen.protocol) || of(group, "protocol") === chosen.protocol) && (chosen.backbone === ALL || of(group, "backbone") === chosen.backbone)));
    groups.forEach((group) => { group.hidden = !seen.includes(group); });
    first.hidden = !seen.includes(groups[0]);
    others.hidden = seen.every((group) => group === groups[0]);
    if (!largest && chosen.protocol !== ALL) { // few, and asked for
      seen.filter((group) => group.matches("details")).forEach(unfold);
    }
    const lines = seen.reduce((sum, group) => sum + Number(group.dataset.rows), 0);
    status.textContent = `${counted(seen.length, "table")} of ${groups.length}, ${counted(lines, "row")}.${seen.length > 1 ? " Each group is ranked for itself, if at all, and nothing across them." : ""}`;
  }

  /** @param {"protocol" | "backbone"} name @param {string} value */
  function choose(name, value) {
    chosen[name] = value;
    if (name === "backbone" && value !== ALL && chosen.protocol === LARGEST) {
      chosen.protocol = ALL;
    }
    draw();
    show();
  }

  /* A link to a group, a column or a row shows what it leads to. */
  function follow() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const group = /** @type {HTMLElement | null} */ (target?.closest(".group")) ?? (target === others ? groups[1] : null);
    if (group && group !== groups[0]) {
      chosen.protocol = ALL;
      chosen.backbone = ALL;
      draw();
      show();
      if (group.matches("details") && target !== others) {
        unfold(group);
      }
      target?.scrollIntoView();
    }
  }

  for (const name of /** @type {const} */ (["protocol", "backbone"])) {
    menus[name].addEventListener("change", () => choose(name, menus[name].value));
  }
  const bar = make("div", { class: "dataset-filter", role: "group", "aria-label": "Groups" }, make("label", { for: "dataset-protocol" }, "Protocol", menus.protocol), make("label", { for: "dataset-backbone" }, "Backbone", menus.backbone), status);
  first.before(bar);
  draw();
  show();
  follow();
  addEventListener("hashchange", follow);
}
