// @ts-check
// Sort, filter and export the tables that stand in the page. Without this script they stand there whole all the same.
// No library: DataTables, the one that works on a page's own table, would need Node at setup for about 46 kB.
"use strict";

{
  const { folded } = survey;

  const TABLES_SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript); // its data-bibtex says where, beside it, the BibTeX entries are
  const FEW_ROWS = 15; // as many are found without a filter
  const NARROW = 480; // pixels; there a row with all its columns is a card

  /* White space of every width is padding: figure spaces align the decimals. */
  const plain = (/** @type {Node} */ element) => String(element.textContent).replace(/\s+/g, " ").trim();
  const rowsOf = (/** @type {HTMLTableElement} */ table) => [...table.tBodies].flatMap((body) => [...body.rows]);
  const visibleRows = (/** @type {HTMLTableElement} */ table) => rowsOf(table).filter((row) => !row.hidden);
  const aside = (/** @type {string} */ text) => make("span", { class: "visually-hidden" }, text);

  /** @template {keyof HTMLElementTagNameMap} Tag @param {Tag} tag @param {Record<string, string>} attributes @param {...Child} children */
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  }

  /** @param {Record<string, string>} attributes @param {() => void} action @param {...Child} children */
  function makeButton(attributes, action, ...children) {
    const button = make("button", { type: "button", ...attributes }, ...children);
    button.addEventListener("click", action);
    return button;
  }

  /* Sorting */

  const MISSING = /^(?:[–—-]|n\. r\.|not (?:reported|established))?$/i;
  const NUMBER = /^[^\p{L}\d.+−–-]*([+−-]?)(\d{1,3}(?:[, ]\d{3})+(?!\d)(?:\.\d+)?|\d*\.?\d+)(?!\d*-\d)\s*(?:(k|M|G|B|T)B?(?!\p{L}))?/u;
  /** @type {Record<string, number>} */
  const SCALES = { k: 1e3, M: 1e6, G: 1e9, B: 1e9, T: 1e12 };
  const COLLATOR = new Intl.Collator(document.documentElement.lang || "en", { numeric: true });

  /** @param {string} text */
  function toNumber(text) {
    const found = NUMBER.exec(text);
    return found && (/[−-]/.test(found[1]) ? -1 : 1) * Number(found[2].replace(/[^\d.]/g, "")) * (SCALES[found[3]] ?? 1);
  }

  /* What to sort a column by: numbers if every cell begins with one, else texts; null for what is missing. */
  /** @param {string[]} texts */
  function sortKeys(texts) {
    const known = texts.map((text) => (MISSING.test(text) ? null : text));
    const numbers = known.map((text) => (text === null ? null : toNumber(text)));
    return known.some((text, i) => text !== null && numbers[i] === null) ? known : numbers;
  }

  /** @param {string | number | null} one @param {string | number | null} other @param {number} sign */
  function compare(one, other, sign) {
    if (one === null || other === null) {
      return Number(one === null) - Number(other === null);
    }
    return sign * (typeof one === "number" ? one - Number(other) : COLLATOR.compare(one, String(other)));
  }

  /** @param {HeadedTable} table */
  function makeSortable(table) {
    const printed = rowsOf(table);
    const heads = [...table.tHead.rows[0].cells];

    /** @param {HTMLTableCellElement} head */
    function sort(head) {
      const order = { none: "ascending", ascending: "descending", descending: null }[head.getAttribute("aria-sort") ?? "none"];
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      let rows = printed;
      if (order) {
        head.setAttribute("aria-sort", order);
        const keys = sortKeys(printed.map((row) => plain(row.cells[heads.indexOf(head)])));
        const sign = order === "ascending" ? 1 : -1;
        rows = printed.map((row, i) => /** @type {const} */ ([row, keys[i]])).sort((a, b) => compare(a[1], b[1], sign)).map(([row]) => row);
      }
      table.tBodies[0].append(...rows);
    }

    for (const head of heads) {
      head.querySelectorAll("p").forEach((paragraph) => paragraph.replaceWith(...paragraph.childNodes));
      const act = () => sort(head);
      if (head.querySelector("a")) { // a link must not stand inside a button
        head.append(makeButton({ class: "table-sort", "aria-label": `Sort by ${plain(head)}` }, act));
      } else {
        head.append(makeButton({ class: "table-sort" }, act, ...head.childNodes));
      }
    }
  }

  /* Filtering */

  /** @param {HTMLTableElement} table @param {string} name */
  function filterBar(table, name) {
    const rows = rowsOf(table);
    const texts = rows.map((row) => folded([...row.cells].map(plain).join(" ")));
    const count = make("span", { role: "status", "aria-live": "polite" });
    const field = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });

    function filter() {
      const words = folded(field.value).split(/\s+/);
      rows.forEach((row, i) => { row.hidden = !words.every((word) => texts[i].includes(word)); });
      count.textContent = `${visibleRows(table).length} of ${rows.length} rows`;
    }

    field.addEventListener("input", filter);
    filter();
    return make("div", { class: "table-filter" }, make("label", {}, "Filter", aside(` ${name}`), field), count);
  }

  /* Columns: what a table names as further, and from the right what has no room, stands behind a button */

  const SOURCES = /^(?:Reported|Quoted) in$/;

  /* The columns that may go, the first to go first: the name and the first score never do, and the source goes last. */
  /** @param {HTMLTableCellElement[]} heads */
  function mayGo(heads) {
    const score = heads.findIndex((head, i) => i && head.classList.contains("text-right"));
    const places = heads.map((_, i) => i).filter((i) => i && i !== (score < 0 ? 1 : score)).reverse();
    const isSource = (/** @type {number} */ i) => SOURCES.test(plain(heads[i]));
    return [...places.filter((i) => !isSource(i)), ...places.filter(isSource)];
  }

  /** @type {Map<Element, () => void>} */
  const fits = new Map();
  // What the address leads to; on a busy machine tables are fitted before `:target` matches it.
  const addressed = () => document.getElementById(decodeURIComponent(location.hash.slice(1)));
  // A box in a closed fold has no size; tables that are fitted move what an address leads to.
  const sizes = new ResizeObserver((entries) => {
    entries.forEach((entry) => fits.get(entry.target)?.());
    const target = addressed();
    if (target && entries.some((entry) => entry.target.contains(target))) {
      target.scrollIntoView();
    }
  });

  /** @param {Element} box @param {HeadedTable} table @param {string} name */
  function columnButton(box, table, name) {
    const heads = [...table.tHead.rows[0].cells];
    const named = /(?:^| )further-([\d-]+)/.exec(table.className)?.[1].split("-").map(Number) ?? [];
    const further = heads.flatMap((head, i) => (named.includes(i) || "further" in head.dataset ? [i] : []));
    const hasScores = heads.some((head) => head.classList.contains("text-right"));
    let whole = false;
    let width = 0;
    const button = makeButton({ class: "table-columns", hidden: "" }, () => { whole = !whole; fit(); });

    /** @param {number[]} hidden */
    function show(hidden) {
      for (const row of [table.tHead.rows[0], ...rowsOf(table)]) {
        [...row.cells].forEach((cell, i) => { cell.hidden = hidden.includes(i); });
      }
    }

    function asCards() {
      rowsOf(table).forEach((row) => [...row.cells].forEach((cell, i) => { cell.dataset.head = plain(heads[i]); }));
      table.classList.add("cards");
    }

    function fit() {
      width = box.clientWidth;
      table.classList.remove("cards");
      show([]);
      const room = width + 1;
      const wide = table.offsetWidth > room;
      const narrow = width < NARROW;
      if (table.contains(addressed())) { // it stays where its address leads
        button.hidden = true;
        return;
      }
      if (whole) {
        if (narrow && wide) {
          asCards();
        }
      } else if (narrow && wide && !hasScores) {
        asCards();
        return;
      } else {
        const hidden = [...further];
        const widths = heads.map((head) => head.offsetWidth);
        let needed = table.offsetWidth - further.reduce((sum, i) => sum + widths[i], 0);
        if (further.length) {
          show(hidden);
          needed = table.offsetWidth;
        }
        for (const i of mayGo(heads)) {
          if (needed > room && !hidden.includes(i)) {
            hidden.push(i);
            needed -= widths[i];
          }
        }
        show(hidden);
        for (const i of mayGo(heads).filter((place) => !hidden.includes(place))) { // what is left may have grown
          if (table.offsetWidth > room) {
            hidden.push(i);
            show(hidden);
          }
        }
        const more = hidden.length === 1 ? "1 more column" : `${hidden.length} more columns`;
        button.hidden = !hidden.length;
        button.replaceChildren(more, aside(` of ${name}`));
        return;
      }
      button.hidden = !whole;
      button.replaceChildren("Fewer columns", aside(` of ${name}`));
    }

    // A scroll bar that comes or goes is no other width.
    fits.set(box, () => { if (Math.abs(box.clientWidth - width) > 20) { fit(); } });
    sizes.observe(box);
    addEventListener("hashchange", () => { if (width && table.contains(addressed()?.closest("[hidden]") ?? null)) { fit(); } });
    return button;
  }

  /* CSV, as RFC 4180 has it */

  const csvCell = (/** @type {string} */ text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const csvLines = (/** @type {string[][]} */ rows) => rows.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");

  /** @param {HeadedTable} table */
  function csv(table) {
    const rows = [table.tHead.rows[0], ...visibleRows(table)];
    return csvLines(rows.map((row) => [...row.cells].map((cell) => plain(cell).replace(/^−(?=[\d.]+$)/, "-"))));
  }

  /* BibTeX */

  /** @type {Promise<BibtexEntries> | undefined} */
  let bibtexScript;

  /* A script, since a page opened from disk may not fetch; it sets survey.data.bibtex: entries by key, and keys by their anchor in the references. */
  function loadBibtex() {
    bibtexScript ??= new Promise((resolve, reject) => {
      const script = make("script", { src: new URL(String(TABLES_SCRIPT.dataset.bibtex), TABLES_SCRIPT.src).href });
      script.addEventListener("load", () => resolve(survey.data.bibtex));
      script.addEventListener("error", () => reject(new Error("The BibTeX entries could not be loaded.")));
      document.head.append(script);
    });
    return bibtexScript;
  }

  /* A paper is named by a link to its page or to its section, and any work by a citation: each by its key or its anchor. */
  /** @param {HTMLAnchorElement} link */
  function named(link) {
    const page = /\/papers\/([^/]+)\.html$/.exec(link.pathname);
    const cited = link.pathname.endsWith("/references.html") || link.hash.startsWith("#sec-");
    return page ? page[1] : cited ? decodeURIComponent(link.hash.slice(1)) : "";
  }

  /** @type {(rows: HTMLTableRowElement[]) => Set<string>} */
  const papersNamed = (rows) => new Set(rows.flatMap((row) => [.../** @type {NodeListOf<HTMLAnchorElement>} */ (row.querySelectorAll("a[href]"))]).map(named).filter(Boolean));
  const keyOf = (/** @type {string} */ anchor) => anchor.replace(/^(?:ref|sec)-/, "");

  /* The work that a link cites: its key, and whether the words of the link are those of a citation, which name its year. */
  /** @param {Node} node */
  function citation(node) {
    const anchor = node instanceof HTMLAnchorElement && node.href ? named(node) : "";
    return anchor ? { key: keyOf(anchor), alone: /\(?\d{4}[a-z]?\)?$/.test(plain(node)) } : null;
  }

  /** @param {HeadedTable} table */
  async function bibtex(table) {
    const { anchors, entries } = await loadBibtex();
    const keys = new Set([...papersNamed(visibleRows(table))].map((anchor) => anchors[anchor] ?? keyOf(anchor)));
    return [...keys].filter((key) => key in entries).sort().map((key) => entries[key]).join("\n");
  }

  /* LaTeX, with booktabs, and with longtable where a table is longer than a page */

  const TEX_ROWS = 40;

  /** @type {Record<string, string>} */
  const TEX = {
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", $: "\\$", "&": "\\&", "#": "\\#", "%": "\\%", _: "\\_",
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "\\textless{}", ">": "\\textgreater{}",
    "|": "\\textbar{}", "`": "\\textasciigrave{}",
    "[": "{[}", "*": "{*}", // either would be an argument of the end of the row before
    "\u00a0": "~", "\u2007": "\\phantom{0}", "\u2008": "\\phantom{.}", "\u2009": "\\,", "\u202f": "\\,", "\u200b": "{}",
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": "\\ldots{}", "†": "\\dag{}", "‡": "\\ddag{}",
    "§": "\\S{}", "¶": "\\P{}", "■": "\\rule{1ex}{1ex}",
  };
  const TEX_MATH = {
    "−": "-", "±": "\\pm", "×": "\\times", "·": "\\cdot", "°": "^\\circ", "²": "^2", "³": "^3", "≈": "\\approx",
    "≤": "\\leq", "≥": "\\geq", "≠": "\\neq", "∞": "\\infty", "↑": "\\uparrow", "↓": "\\downarrow",
    "→": "\\rightarrow", "←": "\\leftarrow", "●": "\\bullet", "○": "\\circ", "△": "\\triangle", "◇": "\\diamond",
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\varepsilon", "η": "\\eta", "θ": "\\theta",
    "λ": "\\lambda", "μ": "\\mu", "µ": "\\mu", "π": "\\pi", "ρ": "\\rho", "σ": "\\sigma", "τ": "\\tau",
    "φ": "\\varphi", "χ": "\\chi", "ω": "\\omega", "Δ": "\\Delta", "Σ": "\\Sigma", "Φ": "\\Phi", "Ω": "\\Omega",
  };
  for (const [character, command] of Object.entries(TEX_MATH)) {
    TEX[character] = `$${command}$`;
  }
  const TEX_LETTERS = "À-ÏÑ-ÖØ-Ýß-ïñ-öø-ýÿ-ăĆ-ďĒ-ėĚ-ĥĨ-ĭİ-ķĹ-ľŁ-ňŌ-ťŨ-űŴ-ž"; // which pdfLaTeX can set in any encoding
  const TEX_SYMBOLS = Object.keys(TEX).filter((character) => character > "~").join("");
  const TEX_SPECIAL = new RegExp(`[^ -~${TEX_LETTERS}${TEX_SYMBOLS}]+|[^ 0-9A-Za-z${TEX_LETTERS}]`, "gu");
  /** @type {Record<string, string>} */
  const TEX_COMMANDS = { STRONG: "textbf", EM: "emph", CODE: "texttt", SUP: "textsuperscript", SUB: "textsubscript" };
  /* Letters of other scripts, which pdfLaTeX would stop at: it prints a question mark. */
  const TEX_UNICODE = "\\providecommand{\\unicodeonly}[1]{\\ifdefined\\Umathchar#1\\else?\\fi}\n";

  /** @param {string} text */
  function escapeTex(text) {
    return text.normalize("NFC").replace(/[ \t\r\n]+/g, " ").replace(/-(?=-)/g, "-\u200b") // two hyphens are no dash
      .replace(TEX_SPECIAL, (found) => TEX[found] ?? (/^[ -~]$/.test(found) ? found : `\\unicodeonly{${found}}`));
  }

  /** @param {Node} node @returns {string} */
  function toTex(node) {
    if (node instanceof Text) {
      return escapeTex(node.data);
    }
    if (node instanceof HTMLElement && node.dataset.tex) {
      return node.dataset.tex;
    }
    const inside = [...node.childNodes].map(toTex).join("");
    const cited = citation(node);
    if (cited && inside.trim()) {
      return cited.alone ? `\\cite{${cited.key}}` : `${inside}~\\cite{${cited.key}}`;
    }
    return inside && node.nodeName in TEX_COMMANDS ? `\\${TEX_COMMANDS[node.nodeName]}{${inside}}` : inside;
  }

  /* The text of a cell that names a method and then cites its paper: only the citation stays, and without brackets around it. */
  /** @param {string} text */
  function citedOnce(text) {
    const citation = /~?\\cite\{(\w+)\}/g;
    const found = [...text.matchAll(citation)].map(([, key]) => key);
    let place = -1;
    return text.replace(citation, (mark, key) => (found.indexOf(key, (place += 1) + 1) < 0 ? mark : "")).replace(/\((\\cite\{\w+\})\)/g, "$1");
  }

  /* Numbers flush right, texts flush left; texts of a table too wide for its page in paragraphs. */
  /** @param {HTMLTableRowElement} head @param {HTMLTableRowElement[]} rows */
  function texColumns(head, rows) {
    const longest = [...head.cells].map((_, i) => Math.max(...rows.map((row) => Math.min(plain(row.cells[i]).length, 60))));
    const total = longest.reduce((sum, length) => sum + length + 2, 0);
    return [...head.cells].map((cell, i) => {
      if (cell.classList.contains("text-right")) {
        return "r";
      }
      return total > 85 && longest[i] > 12 ? `p{${((0.85 * longest[i]) / total).toFixed(2)}\\linewidth}` : "l";
    }).join("");
  }

  /** @param {HeadedTable} table @param {string} name */
  function latex(table, name) {
    const head = table.tHead.rows[0];
    const cellOf = (/** @type {Node} */ cell) => citedOnce(toTex(cell)).trim();
    const line = (/** @type {HTMLTableRowElement} */ row) => `${[...row.cells].map(cellOf).join(" & ")} \\\\\n`;
    const rows = visibleRows(table);
    const caption = table.querySelector(".caption-text");
    const spec = texColumns(head, [head, ...rows]);
    const title = `\\caption{${caption ? toTex(caption).trim() : ""}}`;
    const ruled = `\\toprule\n${line(head)}\\midrule\n`;
    const long = rows.length > TEX_ROWS; // what floats ends with its page
    const text = long
      ? `\\begin{longtable}{@{}${spec}@{}}\n${title}\\label{${table.id}} \\\\\n${ruled}\\endfirsthead\n${ruled}\\endhead\n`
        + `${rows.map(line).join("")}\\bottomrule\n\\end{longtable}\n`
      : `\\begin{table}\n\\centering\n${title}\n\\label{${table.id}}\n\\begin{tabular}{@{}${spec}@{}}\n${ruled}`
        + `${rows.map(line).join("")}\\bottomrule\n\\end{tabular}\n\\end{table}\n`;
    const from = `% ${name} of "${document.title.trim()}"; needs \\usepackage{${long ? "booktabs,longtable" : "booktabs"}}\n`
      + (text.includes("\\cite{") ? "% The keys are those of downloads/references.bib, and of the BibTeX that this table exports.\n" : "");
    return from + (text.includes("\\unicodeonly") ? TEX_UNICODE : "") + text;
  }

  /* Exporting */

  /** @type {ExportFormat<HeadedTable>[]} */
  const FORMATS = [
    { label: "CSV", extension: "csv", type: "text/csv", write: csv },
    { label: "BibTeX", extension: "bib", type: "application/x-bibtex", write: bibtex },
    { label: "LaTeX", extension: "tex", type: "application/x-tex", write: latex },
  ];

  /** @param {string} text @param {string} file @param {string} type */
  function download(text, file, type) {
    const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    make("a", { href: address, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  /* A menu that exports `thing` in these formats. */
  /** @template Thing @param {Thing} thing @param {string} name @param {string} stem @param {ExportFormat<Thing>[]} formats */
  function exportMenu(thing, name, stem, formats) {
    const status = make("p", { role: "status" });
    const choices = make("div", { class: "table-formats" });
    const menu = make("details", { class: "table-export" }, make("summary", {}, "Export", aside(` ${name}`)), choices, status);

    /** @param {ExportFormat<Thing>} format @param {string} how */
    async function give(format, how) {
      menu.querySelector("textarea")?.remove();
      try {
        const text = await format.write(thing, name);
        const file = `${stem}.${format.extension}`;
        if (!text) {
          status.textContent = "These rows name no paper.";
        } else if (how === "Download") {
          download(text, file, format.type);
          status.textContent = `Saved as ${file}.`;
        } else if (await survey.copyText(text)) { // of survey.js
          status.textContent = `Copied as ${format.label}.`;
        } else {
          const area = make("textarea", { readonly: "", rows: "8", spellcheck: "false", "aria-label": `${name} as ${format.label}` }, text);
          menu.append(area);
          area.focus();
          area.select();
          status.textContent = "Selected: press Ctrl+C to copy.";
        }
      } catch (error) {
        status.textContent = String(/** @type {Error} */ (error).message);
      }
    }

    for (const format of formats) {
      const buttons = ["Copy", "Download"].map((how) =>
        makeButton({ "aria-label": `${how} ${name} as ${format.label}` }, () => give(format, how), how));
      choices.append(make("span", {}, `${format.label} `, ...buttons));
    }
    return menu;
  }

  for (const box of document.querySelectorAll(".pst-scrollable-table-container")) {
    const table = /** @type {HeadedTable | null} */ (box.querySelector("table.survey"));
    if (table?.tHead && !table.querySelector("[colspan], [rowspan]")) {
      const number = table.querySelector(".caption-number");
      const name = number ? plain(number) : "the table";
      /** @type {NodeListOf<HTMLElement>} */ (table.querySelectorAll(".math")).forEach((formula) => { formula.dataset.tex = String(formula.textContent); }); // MathJax comes later
      makeSortable(table);
      table.classList.add("fitted");
      const bar = rowsOf(table).length > FEW_ROWS ? filterBar(table, name) : make("div", { class: "table-filter" });
      bar.append(columnButton(box, table, name));
      box.before(bar);
      let last = box;
      while (last.nextElementSibling?.matches(".table-note, .rows-link, .code-link")) {
        last = last.nextElementSibling;
      }
      const formats = FORMATS.filter(({ write }) => write !== bibtex || papersNamed(rowsOf(table)).size);
      last.after(exportMenu(table, name, table.id || "table", formats));
    }
  }

  survey.share({ COLLATOR, FORMATS, make, makeButton, aside, compare, csvLines, download, exportMenu, loadBibtex });
}
