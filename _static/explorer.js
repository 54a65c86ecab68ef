// @ts-check
// The catalogue as one table to search, filter, sort and export. Without this script the page leads to plain lists.
// No library. The papers come from catalogue.js by way of unpacking.js; make, folded, compare, csvLines, loadBibtex and exportMenu from tables.js.
"use strict";

{
  const { folded, COLLATOR, make, makeButton, aside, compare, csvLines, exportMenu, loadBibtex } = survey;

  const EXPLORER_SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript); // its data-catalogue says where, beside it, the papers are
  const ROWS_AT_ONCE = 50;
  const TEXTS_AT_ONCE = 500;
  const NONE = "not established";
  const MISSING_CELL = "–";
  const LIST = /^#catalogue-(.+)$/; // a link to the list of a category
  const inNumbers = (/** @type {number} */ number) => number.toLocaleString("en");
  const initialCapital = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1);

  /* What a reader chooses by. A paper's values in a facet count as alternatives; a group of tasks ends in " *". */

  const GROUP = " *";
  const ABOUT = "peft";

  /** @type {(values: string[]) => FacetRule["order"]} */
  const listed = (values) => (one, other) => values.indexOf(one.value) - values.indexOf(other.value);
  /** @type {FacetRule["order"]} */
  const newest = (one, other) => Number(other.value) - Number(one.value);
  /** @type {FacetRule["order"]} */
  const most = (one, other) => Number(one.value === NONE) - Number(other.value === NONE) || other.total - one.total || COLLATOR.compare(one.value, other.value);

  /** @param {Catalogue} catalogue @returns {FacetRule[]} */
  function facetsOf({ categories, groups, families, kinds, scopes, facts }) {
    /** @type {(names: Record<string, string>) => (value: string) => string} */
    const said = (names) => (value) => names[value] ?? initialCapital(value);
    const someOrNone = (/** @type {string[]} */ values) => (values.length ? values : [NONE]);
    return [
      { id: "category", label: "Category", values: (paper) => [paper.category], order: listed(Object.keys(categories)), say: said(categories) },
      {
        id: "task", label: "Task", values: (paper) => someOrNone([...paper.groups.map((group) => group + GROUP), ...paper.tasks]),
        order: listed([...groups.flatMap(([group, tasks]) => [group + GROUP, ...tasks]), NONE]),
        say: (value) => initialCapital(value.replace(GROUP, "")),
        inside: new Map(groups.flatMap(([group, tasks]) => tasks.map((task) => /** @type {const} */ ([task, group + GROUP])))),
      },
      { id: "base", label: "Base model", values: (paper) => someOrNone(paper.models), order: most, few: 8, say: (value) => (value === NONE ? initialCapital(value) : value) },
      { id: "family", label: "Family", values: (paper) => someOrNone(familiesOf(paper)), order: listed([...families, NONE]), say: said({}) },
      { id: "year", label: "Year", values: (paper) => [String(paper.year)], order: newest, say: said({}) },
      { id: "venue", label: "Venue", values: (paper) => [paper.venue || NONE], order: most, few: 8, say: (value) => (value === NONE ? initialCapital(value) : value) },
      ...facts.map(([id, label, values]) => /** @type {FacetRule} */ ({
        id, label, closed: true, values: (paper) => someOrNone(paper.facts[id]), order: listed([...values.map(([value]) => value), NONE]), few: 12,
        say: (value) => initialCapital(value),
      })),
      { id: "numbers", label: "Reported numbers", values: (paper) => [paper.hasNumbers ? "yes" : "no"], order: listed(["yes", "no"]), say: said({ yes: "Has numbers here", no: "None here" }) },
      { id: "chapter", label: "Discussed in a chapter", values: (paper) => [paper.inChapter ? "yes" : "no"], order: listed(["yes", "no"]), say: said({}) },
      { id: "licence", label: "Licence of the code", closed: true, values: (paper) => [paper.licence || NONE], order: most, few: 8, say: (value) => (value === NONE ? initialCapital(value) : value) },
      { id: "added", label: "In the book since", closed: true, values: (paper) => [paper.added.slice(0, 4)], order: newest, say: said({}) },
      { id: "code", label: "Code", values: (paper) => [paper.code ? "yes" : "no"], order: listed(["yes", "no"]), say: said({ yes: "Address known", no: "No address" }) },
      { id: "status", label: "Record", values: (paper) => [paper.status], order: listed(["verified", "partial"]), say: said({}) },
      { id: "kind", label: "Kind", values: (paper) => [paper.kind], order: listed(Object.keys(kinds)), say: said(kinds) },
      { id: "scope", label: "Scope", values: (paper) => [paper.scope || ABOUT], order: listed([ABOUT, ...Object.keys(scopes)]), say: said({ [ABOUT]: "About tuning", ...scopes }) },
    ];
  }

  /* Columns: what a cell shows, and what it is sorted by; null is missing and stands last. */

  const familiesOf = (/** @type {ExplorerPaper} */ paper) => [paper.family, ...paper.further_families].filter(Boolean);
  const calledBy = (/** @type {ExplorerPaper} */ paper) => paper.name || paper.title;

  /** @type {ExplorerColumn[]} */
  const COLUMNS = [
    { id: "paper", label: "Paper", show: paperLink, key: calledBy },
    { id: "authors", label: "Authors", show: ({ byline }) => byline, key: (paper) => paper.key }, // which begins with the family name
    { id: "venue", label: "Venue", show: (paper) => paper.venue || MISSING_CELL, key: (paper) => paper.venue || null },
    { id: "year", label: "Year", show: (paper) => String(paper.year), key: (paper) => paper.year },
    { id: "category", label: "Category", show: (paper) => paper.categoryName, key: (paper) => paper.categoryName },
    { id: "tasks", label: "Tasks", show: (paper) => paper.tasks.join(", ") || MISSING_CELL, key: (paper) => paper.tasks.join(", ") || null },
    { id: "family", label: "Family", show: (paper) => familiesOf(paper).join(", ") || MISSING_CELL, key: (paper) => familiesOf(paper).join(", ") || null },
    { id: "code", label: "Code", show: codeLink, key: (paper) => (paper.code ? paper.code.replace(/^https?:\/\//, "") : null) },
  ];

  /** @param {ExplorerPaper} paper @returns {Child[]} */
  function paperLink(paper) {
    const link = make("a", { href: `papers/${paper.key}.html` });
    const letters = beginning(paper.title, paper.name);
    if (letters) {
      link.append(make("strong", {}, paper.title.slice(0, letters)), paper.title.slice(letters));
    } else {
      link.append(...(paper.name ? [make("strong", {}, paper.name), " "] : []), paper.title);
    }
    const summary = paper.summary ? summaryOf(paper) : "";
    const beside = paper.name ? make("a", { class: "beside", href: `compare.html#m=${paper.key}`, "aria-label": `Compare ${paper.name} with others` }, "compare") : "";
    return [link, paper.status === "verified" ? "" : make("small", {}, " record partial"), ...(beside ? [" ", beside] : []), summary].filter(Boolean);
  }

  const summaryOf = (/** @type {ExplorerPaper} */ { summary }) => make("p", { class: "explorer-summary" }, summary);

  /* How many letters of a text say the name with which it begins; 0 if it begins otherwise, or in mid-word. */
  /** @param {string} text @param {string} name */
  function beginning(text, name) {
    const wanted = folded(name);
    if (wanted && folded(text).startsWith(wanted)) {
      for (let end = 1; end <= text.length; end += 1) {
        if (folded(text.slice(0, end)) === wanted && !/^[\p{L}\p{N}_]/u.test(text.slice(end))) {
          return end;
        }
      }
    }
    return 0;
  }

  /** @param {ExplorerPaper} paper */
  function codeLink(paper) {
    return paper.code ? make("a", { href: paper.code }, "code", aside(` of ${calledBy(paper)}`)) : MISSING_CELL;
  }

  /** @param {ExplorerPaper} paper */
  function makeRow(paper) {
    const cells = COLUMNS.map(({ id, show }) => {
      const shown = [show(paper)].flat();
      const head = id === "paper";
      const cell = make(head ? "th" : "td", { role: head ? "rowheader" : "cell", class: `of-${id}` }, ...shown);
      cell.classList.toggle("missing", shown[0] === MISSING_CELL);
      return cell;
    });
    cells[0].setAttribute("scope", "row");
    return make("tr", { role: "row" }, ...cells);
  }

  /* The papers, and the options that each falls under; what is searched comes after them */

  /** @param {Catalogue} catalogue */
  function readPapers(catalogue) {
    const { categories, groups, summaries } = catalogue;
    const groupOf = new Map(groups.flatMap(([group, tasks]) => tasks.map((task) => /** @type {const} */ ([task, group]))));
    const columns = Object.entries(survey.unpackedPapers(catalogue));
    return catalogue.papers.key.map((_, row) => {
      const paper = /** @type {ExplorerPaper} */ (/** @type {unknown} */ (Object.fromEntries(columns.map(([field, column]) => [field, column[row]]))));
      paper.categoryName = categories[paper.category];
      paper.groups = [...new Set(paper.tasks.map((task) => groupOf.get(task) ?? ""))];
      paper.aliases = [];
      paper.summary = summaries[row] ?? "";
      return paper;
    });
  }

  /* The spellings of base models that have several, and the one word that stands for each: sam2 for "SAM 2" and "Segment Anything Model 2". */
  /** @param {Catalogue} catalogue @returns {ModelNames} */
  function modelNamesOf({ models }) {
    const words = new Map(models.filter(({ length }) => length > 1).flatMap((names) => names.map((name) => /** @type {const} */ ([folded(name), folded(names[0]).replace(/[\s-]/g, "")]))));
    const longestFirst = [...words.keys()].sort((one, other) => other.length - one.length).map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
    return { pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.join("|")})(?![\\p{L}\\p{N}.])`, "gu"), oneWord: (spelling) => words.get(spelling) ?? spelling };
  }

  /* What a paper is found by, once its words are there or cannot be loaded. */
  /** @param {ExplorerPaper} paper @param {Catalogue} catalogue @param {ModelNames} modelNames */
  function setText(paper, { called }, modelNames) {
    const { title, name, aliases, authors, summary, tasks, models, venue, year, facts } = paper;
    paper.names = [name, ...aliases].filter(Boolean).map(folded);
    const text = folded([title, name, ...aliases, ...authors, summary, ...tasks, ...tasks.flatMap((task) => called[task] ?? []), ...models, `${venue} ${year}`, ...Object.values(facts).flat()].join("\n"));
    paper.text = [text, ...new Set([...text.matchAll(modelNames.pattern)].map(([spelling]) => modelNames.oneWord(spelling)))].join("\n");
  }

  /** @param {Facet[]} facets @param {ExplorerPaper[]} papers */
  function setOptions(facets, papers) {
    for (const facet of facets) {
      facet.options = new Map();
      for (const paper of papers) {
        const options = facet.values(paper).map((value) => {
          const option = facet.options.get(value) ?? /** @type {FacetOption} */ ({ facet, value, name: facet.say(value), total: 0, count: 0, chosen: false });
          facet.options.set(value, option);
          return option;
        });
        options.forEach((option) => { option.total += 1; });
        (paper.options ??= []).push(options);
      }
      facet.options = new Map([...facet.options.values()].sort(facet.order).map((option) => [option.value, option]));
    }
  }

  /** @param {Catalogue} catalogue @param {Element} place */
  function explore(catalogue, place) {
    const papers = readPapers(catalogue);
    const facets = /** @type {Facet[]} */ (facetsOf(catalogue));
    const modelNames = modelNamesOf(catalogue);
    setOptions(facets, papers);
    const allOptions = facets.flatMap((facet) => [...facet.options.values()]);
    /** @type {Map<string, ExplorerPaper[]>} */
    const orders = new Map();
    /** @type {Sorting | null} */
    let sorting = null; // a column that the reader chose
    /** @type {ExplorerPaper[]} */
    let hits = [];
    let drawn = 0;
    /** @type {string[]} */
    let unknown = []; // what the address says and nothing here is called
    let readAs = ""; // the state without that
    /** @type {"awaited" | "there" | "missing"} */
    let words = "awaited"; // what is searched
    /** @type {"" | "awaited" | "there" | "missing"} */
    let chinese = ""; // the sentences in Chinese

    /* Search and filter: an option counts the papers that match the words and every other facet. */

    function sorted() {
      if (!sorting) {
        return papers; // as they come: what weighs most first
      }
      const { column, descending } = sorting;
      const name = `${descending ? "-" : ""}${column}`;
      let order = orders.get(name);
      if (!order) {
        const { key } = COLUMNS.find(({ id }) => id === column) ?? COLUMNS[0];
        const keyed = papers.map((paper) => /** @type {const} */ ([key(paper), paper]));
        order = keyed.sort((a, b) => compare(a[0], b[0], descending ? -1 : 1)).map(([, paper]) => paper);
        orders.set(name, order);
      }
      return order;
    }

    const wordsTyped = () => folded(field.value).replace(modelNames.pattern, modelNames.oneWord).split(/\s+/).filter(Boolean);
    const typedChinese = () => /\p{Script=Han}/u.test(field.value);

    /* Unless a column is chosen: what is called as was typed first, then what is called so to begin with, then the rest. */
    function putNamedFirst() {
      const typed = wordsTyped().join(" ");
      const rank = (/** @type {ExplorerPaper} */ { names }) => (names.includes(typed) ? 0 : names.some((name) => name.startsWith(typed)) ? 1 : 2);
      /** @type {ExplorerPaper[][]} */
      const places = [[], [], []];
      hits.forEach((paper) => places[typed && !sorting ? rank(paper) : 2].push(paper));
      hits = places.flat();
    }

    /* Ticked values of one facet are alternatives, or must all hold if the reader asks for that. */
    /** @param {Facet} facet @param {FacetOption[]} options */
    function passes(facet, options) {
      return facet.all ? [...facet.options.values()].every((option) => !option.chosen || options.includes(option)) : options.some(({ chosen }) => chosen);
    }

    function match() {
      const typed = wordsTyped();
      const filtering = facets.flatMap((facet, i) => ([...facet.options.values()].some((option) => option.chosen) ? [i] : []));
      const count = (/** @type {FacetOption} */ option) => { option.count += 1; };
      allOptions.forEach((option) => { option.count = 0; });
      hits = [];
      for (const paper of sorted()) {
        if (typed.length && (words === "awaited" || !typed.every((word) => paper.text.includes(word)))) {
          continue;
        }
        const failed = filtering.filter((i) => !passes(facets[i], paper.options[i]));
        if (!failed.length) {
          hits.push(paper);
          paper.options.forEach((options) => options.forEach(count));
        } else if (failed.length === 1) {
          paper.options[failed[0]].forEach(count);
        }
      }
      putNamedFirst();
    }

    /* The state in the address: only what follows "#" may change on a page opened from disk. */

    function stateText() {
      const state = new URLSearchParams();
      if (field.value.trim()) {
        state.append("q", field.value.trim());
      }
      allOptions.filter(({ chosen }) => chosen).forEach(({ facet, value }) => state.append(facet.id, value));
      facets.filter(({ all }) => all).forEach(({ id }) => state.append("all", id));
      if (sorting) {
        state.append("sort", `${sorting.descending ? "-" : ""}${sorting.column}`);
      }
      return state.toString();
    }

    const linkHere = () => location.href.replace(/#.*/, "") + (stateText() && `#${stateText()}`);

    function readState() {
      const section = LIST.exec(location.hash);
      const state = new URLSearchParams(section ? { category: section[1] } : location.hash.slice(1));
      const sort = /^(-?)(.+)$/.exec(state.get("sort") ?? "");
      field.value = state.get("q") ?? "";
      allOptions.forEach((option) => { option.chosen = state.getAll(option.facet.id).includes(option.value); });
      facets.forEach((facet) => { facet.all = Boolean(facet.mode) && state.getAll("all").includes(facet.id); });
      sorting = sort && COLUMNS.some(({ id }) => id === sort[2]) ? { column: sort[2], descending: Boolean(sort[1]) } : null;
      unknown = section || location.hash.includes("=") ? [...state].flatMap(([name, value]) => unknownOf(name, value)) : []; // else a section
      readAs = stateText();
    }

    /* What the address says and nothing here is called, in words. */
    /** @param {string} name @param {string} value @returns {string[]} */
    function unknownOf(name, value) {
      const facet = facets.find(({ id }) => id === name);
      const known = facet ? facet.options.has(value) : name === "q" || (name === "sort" && sorting) || (name === "all" && facets.some(({ id, mode }) => mode && id === value));
      return known ? [] : [facet ? `${facet.label.toLowerCase()} '${value}'` : ["sort", "all"].includes(name) ? `${name} '${value}'` : `filter '${name}'`];
    }

    let waiting = 0;

    function writeState() {
      clearTimeout(waiting); // browsers refuse more than about three changes a second
      const before = location.href;
      waiting = window.setTimeout(() => {
        if (location.href === before && linkHere() !== before && !unknown.length) { // unless somebody went to another address meanwhile
          history.replaceState(null, "", linkHere());
        }
      }, 300);
    }

    /* What is seen */

    const field = make("input", { type: "search", id: "explorer-words", autocomplete: "off", spellcheck: "false" });
    const count = make("p", { role: "status" });
    const problem = make("p", { role: "alert", class: "explorer-problem" });
    const chips = make("ul", { class: "explorer-chips", "aria-label": "Chosen filters" });
    const clear = makeButton({ class: "explorer-clear" }, () => { clearAll(); field.focus(); }, "Clear all");
    const link = makeButton({}, copyLink, "Copy link");
    const linkStatus = make("span", { role: "status", class: "explorer-said" });
    const body = make("tbody", { role: "rowgroup", id: "explorer-papers" });
    const skip = make("a", { href: `#${body.id}`, class: "explorer-skip" }, "Skip to the papers");
    const none = make("tr", { role: "row", class: "explorer-none" }, make("td", { role: "cell", colspan: String(COLUMNS.length) }, "No paper matches. ",
      makeButton({}, () => { clearAll(); field.focus(); }, "Clear search and filters")));
    const more = makeButton({ class: "explorer-more" }, showMore);
    const heads = COLUMNS.map(({ id, label }) =>
      make("th", { scope: "col", role: "columnheader", class: `of-${id}` }, makeButton({ class: "table-sort" }, () => sortBy(id), label)));
    const filterCount = make("span", {});
    const panel = make("details", { class: "explorer-facets" }, make("summary", {}, "Filters", filterCount), ...facets.map(fieldsetOf));

    /** @param {Facet} facet */
    function fieldsetOf(facet) {
      const options = [...facet.options.values()];
      const top = options.filter(({ value }) => !facet.inside?.has(value));
      const list = make("ul", {}, ...top.map((option) => itemOf(option, options.filter(({ value }) => facet.inside?.get(value) === option.value))));
      const fieldset = make("fieldset", { "data-facet": facet.id }, make("legend", {}, facet.label));
      if (papers.some(({ options: own }) => own[facets.indexOf(facet)].length > 1)) { // only then can two values hold at once
        facet.mode = makeButton({ class: "explorer-mode" }, () => { facet.all = !facet.all; update(); }, "");
      }
      const inner = facet.mode ? [facet.mode, list] : [list];
      if (facet.closed) {
        facet.fold = make("details", {}, make("summary", {}, "Values"), ...inner);
        fieldset.append(facet.fold);
      } else {
        fieldset.append(...inner);
      }
      const { few } = facet;
      if (few !== undefined && top.length > few + 1) {
        const folds = () => top.slice(few).forEach(({ item, chosen }) => { item.hidden = button.getAttribute("aria-expanded") === "false" && !chosen; });
        const button = makeButton({ "aria-expanded": "false" }, () => {
          const open = button.getAttribute("aria-expanded") === "false";
          button.setAttribute("aria-expanded", String(open));
          button.textContent = open ? "Show fewer" : `Show all ${top.length}`;
          folds();
        }, `Show all ${top.length}`);
        facet.folds = folds;
        (facet.fold ?? fieldset).append(button);
      }
      return fieldset;
    }

    /** @param {FacetOption} option @param {FacetOption[]} inside @returns {HTMLElement} */
    function itemOf(option, inside) {
      option.box = make("input", { type: "checkbox", name: option.facet.id, value: option.value });
      option.box.addEventListener("change", () => { option.chosen = option.box.checked; update(); });
      option.number = make("span", { class: "count" });
      option.item = make("li", {}, make("label", {}, option.box, make("span", {}, option.name), " ", option.number));
      if (inside.length) {
        const list = make("ul", {}, ...inside.map((task) => itemOf(task, [])));
        const unfold = (/** @type {boolean} */ open) => { list.hidden = !open; button.setAttribute("aria-expanded", String(open)); };
        const button = makeButton({ class: "unfold" }, () => unfold(list.hidden), aside(`Tasks of ${option.name}`));
        option.inside = inside;
        option.unfold = unfold;
        unfold(false);
        option.item.append(button, list);
      }
      return option.item;
    }

    /** @param {FacetOption} option @param {number} i */
    function chipOf(option, i) {
      const remove = () => {
        option.chosen = false;
        update();
        const next = /** @type {HTMLElement | null | undefined} */ (chips.children[Math.min(i, chips.children.length - 1)]?.firstElementChild);
        (next ?? field).focus();
      };
      return make("li", {}, makeButton({}, remove, aside("Remove "), `${option.facet.label}: ${option.name}`, make("span", { "aria-hidden": "true" }, " ×")));
    }

    function showFacets() {
      for (const option of allOptions) {
        option.box.checked = option.chosen;
        option.number.textContent = inNumbers(option.count);
        option.item.classList.toggle("none", !option.count && !option.chosen);
        if (option.inside?.some(({ chosen }) => chosen)) {
          option.unfold?.(true);
        }
      }
      for (const facet of facets) {
        facet.folds?.();
        const ticked = [...facet.options.values()].filter(({ chosen }) => chosen).length;
        if (facet.mode) {
          facet.mode.hidden = ticked < 2;
          facet.mode.textContent = facet.all ? "All of these (change to any)" : "Any of these (change to all)";
        }
        if (facet.fold && ticked) {
          facet.fold.open = true;
        }
      }
      const chosen = allOptions.filter((option) => option.chosen);
      chips.replaceChildren(...chosen.map(chipOf));
      filterCount.textContent = chosen.length ? ` (${chosen.length})` : "";
      clear.hidden = !stateText() && !unknown.length;
    }

    function showMore() {
      const rows = hits.slice(drawn, drawn + ROWS_AT_ONCE).map((paper) => (paper.row ??= makeRow(paper)));
      body.append(...rows);
      if (drawn) {
        rows[0].querySelector("a")?.focus(); // the button may be gone, and reading goes on here
      }
      drawn += rows.length;
      const left = hits.length - drawn;
      more.hidden = !left;
      more.textContent = `Show ${Math.min(left, ROWS_AT_ONCE)} more of ${inNumbers(left)}`;
    }

    function update() {
      match();
      if (stateText() !== readAs) { // the reader has asked for something
        unknown = [];
      }
      problem.replaceChildren(...(unknown.length ? [`Not known here, and left out: ${unknown.join(", ")}.`] : []));
      const awaited = (words === "awaited" && wordsTyped().length > 0) || (chinese === "awaited" && typedChinese());
      body.replaceChildren(...(hits.length || awaited ? [] : [none]));
      drawn = 0;
      showMore();
      showFacets();
      const { column, descending } = sorting ?? { column: "", descending: false };
      COLUMNS.forEach(({ id }, i) => {
        if (id === column) {
          heads[i].setAttribute("aria-sort", descending ? "descending" : "ascending");
        } else {
          heads[i].removeAttribute("aria-sort");
        }
      });
      const missing = [
        words === "missing" && wordsTyped().length ? "; summaries and further authors could not be loaded" : "",
        chinese === "missing" && typedChinese() ? "; the sentences in Chinese could not be loaded" : "",
      ].join("");
      const coming = words === "awaited" ? "what is searched" : "the sentences in Chinese";
      count.textContent = awaited ? `Loading ${coming} …` : `${inNumbers(hits.length)} of ${inNumbers(papers.length)} papers${missing}`;
      linkStatus.textContent = "";
      writeState();
    }

    /* What a reader does */

    /** @param {string} column */
    function sortBy(column) {
      sorting = { column, descending: sorting?.column === column ? !sorting.descending : column === "year" }; // the newest year first
      update();
    }

    function clearAll() {
      field.value = "";
      allOptions.forEach((option) => { option.chosen = false; });
      facets.forEach((facet) => { facet.all = false; });
      sorting = null;
      unknown = [];
      update();
    }

    async function copyLink() {
      const copied = await survey.copyText(unknown.length ? location.href : linkHere()); // of survey.js
      linkStatus.textContent = copied ? "Link copied." : "The address of this page is the link.";
    }

    /* Taking along: all hits, not only those drawn */

    const { fields } = catalogue;
    const asText = (/** @type {string | number | string[]} */ value) => (Array.isArray(value) ? value.join("; ") : String(value));
    /** @type {ExportFormat<null>[]} */
    const formats = [
      { label: "CSV", extension: "csv", type: "text/csv", write: hitsAsCsv },
      { label: "BibTeX", extension: "bib", type: "application/x-bibtex", write: hitsAsBibtex },
    ];

    /* Where papers are found is neither shown nor searched, and is loaded when a table of them is exported. */
    /** @type {Promise<void> | undefined} */
    let addresses;

    function loadAddresses() {
      addresses ??= new Promise((resolve, reject) => {
        const failed = () => reject(new Error("The addresses of the papers could not be loaded."));
        loadBeside(EXPLORER_SCRIPT.dataset.addresses, () => { addAddresses(survey.data.addresses); resolve(); }, failed);
      });
      return addresses;
    }

    /** @param {SurveyData["addresses"]} found */
    function addAddresses({ arxiv, address }) {
      papers.forEach((paper, row) => { paper.arxiv = arxiv[row]; paper.address = address[row]; });
    }

    async function hitsAsCsv() {
      await Promise.all([loadAddresses(), loadWords]);
      return csvLines([fields, ...hits.map((paper) => fields.map((name) => asText(paper[name])))]);
    }

    async function hitsAsBibtex() {
      const { entries } = await loadBibtex();
      return hits.map(({ key }) => entries[key]).join("\n");
    }

    const table = make("table", { class: "survey explorer-table", role: "table" },
      make("caption", {}, aside("Papers of the catalogue, with buttons in the head that sort them")),
      make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...heads)), body);
    const tools = make("div", { class: "explorer-tools" }, count, clear, link, linkStatus, exportMenu(null, "these papers", "catalogue", formats));
    const root = make("div", { class: "explorer awaiting" }, // what is searched
      make("div", { class: "explorer-search", role: "search" }, make("label", { for: field.id }, "Search what papers do, tasks, titles, names, authors, venues and years (English or 中文)"), field, skip),
      panel,
      make("div", { class: "explorer-results" }, problem, tools, chips, table, more));

    /* All authors, aliases and sentences are loaded once the papers are seen: most of them are only searched. */

    const { authors: others, former, latter } = EXPLORER_SCRIPT.dataset;
    const loadWords = Promise.all([others, former, latter].map(loaded));

    /** @param {string | undefined} address @returns {Promise<void>} */
    function loaded(address) {
      return new Promise((resolve, reject) => {
        loadBeside(address, resolve, () => reject(new Error("What is searched could not be loaded.")));
      });
    }

    function addWords() {
      const { authors, former, latter } = survey.data;
      if (authors && former && latter) {
        const summaries = [former, latter].flatMap(survey.unpackedTexts);
        papers.forEach((paper, row) => {
          const seen = paper.summary;
          paper.authors.push(...survey.listOf(authors.authors[row]));
          paper.aliases = survey.listOf(authors.aliases[row]);
          paper.summary = summaries[row];
          if (paper.row && !seen && paper.summary) {
            paper.row.cells[0].append(summaryOf(paper));
          }
        });
      }
    }

    /** @param {"there" | "missing"} found */
    async function setWords(found) {
      for (let from = 0; from < papers.length; from += TEXTS_AT_ONCE) {
        papers.slice(from, from + TEXTS_AT_ONCE).forEach((paper) => setText(paper, catalogue, modelNames));
        await new Promise((resolve) => { setTimeout(resolve); }); // whoever types or ticks in between is answered
      }
      words = found;
      root.classList.remove("awaiting");
      if (chinese === "there") {
        addChinese(); // which came before what it is added to
      } else if (wordsTyped().length) {
        update();
      }
    }

    /* The Chinese sentences are half of all text, and are loaded when somebody types Chinese. */

    function addChinese() {
      for (const paper of words === "awaited" ? [] : papers) {
        const labels = catalogue.facts.flatMap(([id, , values]) => paper.facts[id].map((value) => values.find(([one]) => one === value)?.[1] ?? ""));
        paper.text += `\n${folded([survey.data.descriptionsZh[paper.key] ?? "", ...labels].join("\n"))}`;
      }
      chinese = "there";
      update();
    }

    function typed() {
      if (!chinese && typedChinese()) {
        chinese = "awaited";
        loadBeside(EXPLORER_SCRIPT.dataset.chinese, addChinese, () => { chinese = "missing"; update(); });
      }
      update();
    }

    field.addEventListener("input", typed);
    skip.addEventListener("click", (event) => {
      event.preventDefault(); // what follows "#" is the state
      /** @type {HTMLElement} */ (body.querySelector("a, button")).focus();
    });
    addEventListener("hashchange", () => {
      if (unknown.length || location.href !== linkHere()) {
        readState();
        typed();
      }
    });
    const wide = matchMedia("(min-width: 60rem)");
    const unfold = () => { panel.open = wide.matches; };
    wide.addEventListener("change", unfold);
    unfold();

    loadWords.then(() => { addWords(); setWords("there"); }, () => setWords("missing"));
    readState();
    typed();
    document.documentElement.classList.add("explorer-runs");
    place.replaceWith(root);
    if (LIST.test(location.hash)) {
      root.scrollIntoView(); // and not what leads to the plain list
    }
  }

  /** @param {string | undefined} address @param {() => void} then @param {() => void} otherwise */
  function loadBeside(address, then, otherwise = () => {}) {
    const source = make("script", { src: new URL(String(address), EXPLORER_SCRIPT.src).href });
    source.addEventListener("load", then);
    source.addEventListener("error", otherwise);
    document.head.append(source);
  }

  const place = /** @type {Element} */ (document.querySelector(".bd-article .explorer"));
  loadBeside(EXPLORER_SCRIPT.dataset.catalogue, () => explore(survey.data.catalogue, place)); // if it cannot be loaded, the plain lists are left
}
