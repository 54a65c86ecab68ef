// @ts-check
// Two to four methods side by side: what each does, what it costs, and every number that may be compared, with what a difference is worth.
// No library. Names, numbers and costs come from compare-index.js, what a method does from compare-cards/; make, makeButton, loadBibtex and exportMenu from tables.js, inflated from unpacking.js, folded from folding.js, copyText from survey.js, addressWords, bareAddress and wrongWord from address.js.
// The rule is that of peft_vlm_survey/show/side_by_side.py; a test compares the two answers whole. Without this script the page says what it would do.
"use strict";

{
  const { folded, inflated, COLLATOR, FORMATS, make, makeButton, download, exportMenu, loadBibtex, addressWords, bareAddress, wrongWord } = survey;

  const COMPARE_SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript); // its data-index says where, beside it, the index is
  const OFFERED = 10; // names in the list of completions
  const COMPANIONS = 6;
  const OPEN_ROWS = 12; // rows of a group that are seen at once

  /* The answer, as side_by_side.py makes it */

  const fillIn = (/** @type {string} */ template, /** @type {Record<string, string | number>} */ values) => template.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  const countedThings = (/** @type {number} */ number, /** @type {string} */ thing) => `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
  const listedNames = (/** @type {string[]} */ names) => (names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);
  const decimalsOf = (/** @type {string} */ text) => (/e/i.test(text) ? 0 : (text.split(".")[1] ?? "").length);

  /* An id that follows from the name is left out of the index; `slug` in choosable.py makes it so. A key that follows from author,
     year and id stands there as "="; `_shortened` in compare_js.py makes it so. */
  const slug = (/** @type {string} */ name) => folded(name).replace(/[()[\]'’]/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");

  /** @param {CompareIndex} data */
  function withIds(data) {
    data.methods.forEach((row) => {
      row[0] ||= slug(row[2]);
      if (row[1] === "=") { row[1] = row[4].split(" ")[0].replace(/,$/, "").toLowerCase() + row[4].slice(-4) + row[0].replaceAll("-", ""); }
    });
    return data;
  }

  /** @param {CompareIndex} data @param {string[]} ids @param {string} backbone */
  function sideBySide(data, ids, backbone = "") {
    withIds(data);
    const places = ids.map((id) => data.methods.findIndex((row) => row[0] === id));
    const rows = places.map((place) => data.methods[place]);
    const names = rows.map(([, , name, , where]) => (rows.filter((other) => other[2] === name).length > 1 ? `${name} (${where})` : name));
    const isElsewhere = (/** @type {MetGroup} */ group) => backbone !== "" && data.configurations[group.backbone] !== backbone;
    const groups = groupsOf(data, places).sort((one, other) => Number(isElsewhere(one)) - Number(isElsewhere(other)));
    const named = backbone !== "" && groups.length > 0 && !isElsewhere(groups[0]);
    const found = {
      methods: rows.map(([id, key, , , where], at) => ({ id, key, name: names[at], where })),
      groups,
      backbone: backbone || usualBackbone(data, places, groups),
      disagreements: disagreementsOf(data, rows),
    };
    return { ...found, said: sentencesOf(data, found, named), costs: costsOf(data, places, found.backbone) };
  }

  /** @param {CompareIndex} data @param {number[]} places @returns {MetGroup[]} */
  function groupsOf(data, places) {
    const met = [];
    for (const group of data.groups) {
      const standings = places.map((place) => group.standings[place] ?? null);
      const rows = rowsOfGroup(data, group, standings);
      if (rows.length) {
        met.push({ group, standings, rows, many: standings.filter(Boolean).length });
      }
    }
    met.sort((one, other) => other.many - one.many || other.rows.length - one.rows.length);
    return met.map(({ group: { protocol, name, backbone, board }, standings, rows }) => ({
      protocol, name, backbone, board, rows,
      settings: standings.map((standing) => standing && { printed: standing.printed, trained: standing.trained, others: standing.others }),
    }));
  }

  /** @param {CompareIndex} data @param {ComparedGroup} group @param {(Standing | null)[]} standings @returns {MetRow[]} */
  function rowsOfGroup(data, group, standings) {
    return group.benchmarks.flatMap((benchmark, at) => {
      const cells = standings.map((standing) => (standing ? standing.cells[at] : 0));
      const numbers = /** @type {GroupCell[]} */ (cells.filter(Boolean));
      if (numbers.length < 2) {
        return [];
      }
      const [id, name, unit, higher] = data.benchmarks[benchmark];
      const [apart, on] = group.scatter[at] || ["", 1];
      const best = numbers.reduce((first, cell) => ((higher ? Number(cell[0]) - Number(first[0]) : Number(first[0]) - Number(cell[0])) > 0 ? cell : first));
      return [{ benchmark: id, name, unit, higher, apart, elsewhere: !on, cells: cells.map((cell) => cell && cellOf(data, cell, best[0], apart)).map((cell) => cell || null) }];
    });
  }

  /** @param {CompareIndex} data @param {GroupCell} cell @param {string} best @param {string} apart @returns {MetCell} */
  function cellOf(data, [value, spread, origin, claim, alike], best, apart) {
    const behind = Math.abs(Number(best) - Number(value)).toFixed(Math.max(decimalsOf(best), decimalsOf(value)));
    const verdict = Number(behind) === 0 ? "even" : apart === "" ? "unknown" : Number(behind) > Number(apart) ? "more" : "within";
    return { value, spread, table: data.origins[origin][0], origin, claim: data.claims[claim], alike, behind, verdict };
  }

  /** @param {CompareIndex} data @param {number[]} places @param {MetGroup[]} groups */
  function usualBackbone(data, places, groups) {
    const printed = places.flatMap((place) => (data.printed[place] ?? []).map(([name]) => name));
    const priced = places.flatMap((place) => data.priced[place] ?? []);
    const named = [...groups.map(({ backbone }) => backbone), ...printed].map((name) => data.configurations[name]).filter((id) => id in data.backbones);
    const menu = Object.keys(data.backbones);
    return named[0] ?? menu.find((id) => priced.some((method) => typeof data.costs[id][method] !== "string")) ?? menu[0];
  }

  /** @param {CompareIndex} data @param {number[]} places @param {string} backbone @returns {MetCosts[]} */
  function costsOf(data, places, backbone) {
    return places.map((place) => {
      const rows = (data.priced[place] ?? []).map((id) => ({ id, costs: data.costs[backbone][id] }));
      const printed = data.printed[place] ?? [];
      const isHere = (/** @type {PrintedShare} */ [name]) => data.configurations[name] === backbone;
      return {
        closed: rows.flatMap(({ id, costs }) => (typeof costs === "string" ? [] : [[id, ...costs]])),
        why: rows.flatMap(({ costs }) => (typeof costs === "string" ? [costs] : [])),
        here: printed.filter(isHere),
        elsewhere: printed.filter((row) => !isHere(row)),
      };
    });
  }

  /** @param {CompareIndex} data @param {ComparedRow[]} rows @returns {Disagreement[]} */
  function disagreementsOf(data, rows) {
    const keys = rows.map(([, key]) => key);
    return data.disagreements.flatMap(([method, backbone, benchmark, printed, right]) => {
      const said = printed.filter(([key]) => keys.includes(key)).map(([key, tables]) => /** @type {const} */ ([keys.indexOf(key), tables]));
      if (new Set(said.map(([, tables]) => [...new Set(tables.map(([value]) => value))].sort().join(" "))).size < 2) {
        return [];
      }
      const [id, name, unit] = data.benchmarks[benchmark];
      return [{ method, backbone, benchmark: id, name, unit, printed: said.flatMap(([at, tables]) => tables.map(([value, origin]) => /** @type {[number, string, number]} */ ([at, value, origin]))), right }];
    });
  }

  const inPoints = (/** @type {string} */ value, /** @type {string} */ unit) => (unit === "%" ? `${value} points` : `${value} ${unit}`.trimEnd());

  /** @param {CompareIndex} data @param {Pick<SideBySide, "methods" | "groups" | "disagreements">} found @param {boolean} named whether the first group is on the backbone that the reader named */
  function sentencesOf({ words }, { methods, groups, disagreements }, named) {
    const names = methods.map(({ name }) => name);
    const said = [];
    if (!groups.length) {
      said.push(words.none);
    } else {
      const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
      said.push(fillIn(groups.some(({ settings }) => settings.every(Boolean)) ? words.met : words.some,
        { names: listedNames(names), groups: countedThings(groups.length, "comparable group"), rows: countedThings(rows, "shared result") }));
      said.push(mainSentence(words, names, groups[0], named ? words.here : words.main), tallySentence(words, names, groups), scatterSentence(words, groups[0].rows[0]));
    }
    if (disagreements.length) {
      said.push(fillIn(words.disagree, { cases: countedThings(disagreements.length, "case") }));
    }
    return said;
  }

  /** @param {Record<string, string>} words @param {string[]} names @param {MetGroup} group @param {string} template */
  function mainSentence(words, names, group, template) {
    const row = group.rows[0];
    const best = row.cells.findIndex((cell) => cell?.verdict === "even");
    const others = row.cells.flatMap((cell, at) => (!cell || at === best ? []
      : [fillIn(cell.verdict === "even" ? words.even : words.behind, { behind: inPoints(cell.behind, row.unit), name: names[at], worth: words[cell.verdict] })]));
    return fillIn(template, { group: group.name, best: names[best], value: `${/** @type {MetCell} */ (row.cells[best]).value} ${row.unit}`.trimEnd(), benchmark: row.name, others: others.join("; ") });
  }

  /** @param {Record<string, string>} words @param {string[]} names @param {MetGroup[]} groups */
  function tallySentence(words, names, groups) {
    const ahead = names.map(() => 0);
    const surely = names.map(() => 0);
    let even = 0;
    for (const { cells } of groups.flatMap(({ rows }) => rows)) {
      const first = cells.flatMap((cell, at) => (cell?.verdict === "even" ? [at] : []));
      if (first.length > 1) {
        even += 1;
      } else {
        ahead[first[0]] += 1;
        surely[first[0]] += cells.every((cell, at) => !cell || at === first[0] || cell.verdict === "more") ? 1 : 0;
      }
    }
    const parts = names.map((name, at) => fillIn(words.ahead, { name, ahead: ahead[at], surely: surely[at] ? fillIn(words.surely, { surely: surely[at] }) : "" }));
    return fillIn(words.tally, { ahead: [...parts, ...(even ? [fillIn(words.evens, { even })] : [])].join(", ") });
  }

  /** @param {Record<string, string>} words @param {MetRow} row */
  function scatterSentence(words, { apart, unit, elsewhere }) {
    return apart === "" ? words["no-scatter"] : fillIn(words.scatter, { apart: inPoints(apart, unit), where: elsewhere ? words.elsewhere : "" });
  }

  /* The page */

  /** @param {CompareIndex} data @param {Element} place */
  function comparer(data, place) {
    withIds(data);
    /** @type {string[]} */
    let chosen = [];
    let backbone = "";
    let wrong = ""; // what is wrong with the address: nothing is answered in the place of what it names, until the reader chooses
    /** @type {Map<number, Promise<Record<string, CompareCard>>>} */
    const cards = new Map(); // of each script
    const byId = new Map(data.methods.map((row) => [row[0], row]));
    const rowOf = (/** @type {string} */ id) => /** @type {ComparedRow} */ (byId.get(id));
    /* Which script has the card of a method; card_scripts in compare_js.py puts it there. */
    const chunkOf = (/** @type {string} */ id) => data.methods.findIndex((row) => row[0] === id) % data.cards.chunks;
    /** @type {Map<number, number>} */
    const reported = new Map();
    data.groups.forEach(({ standings }) => Object.keys(standings).forEach((at) => reported.set(Number(at), (reported.get(Number(at)) ?? 0) + 1)));
    const searched = data.methods.map((row, at) => ({ row, groups: reported.get(at) ?? 0, names: [row[2], ...row[3]].map((name) => /** @type {const} */ ([name, folded(name)])) }));

    /** @param {number} chunk */
    async function cardsOf(chunk) {
      const source = make("script", { src: new URL(`${data.cards.folder}/${chunk}.js?v=${data.cards.version}`, COMPARE_SCRIPT.src).href });
      await new Promise((resolve, reject) => {
        source.addEventListener("load", resolve);
        source.addEventListener("error", () => reject(new Error("What the methods do could not be loaded.")));
        document.head.append(source);
      });
      return JSON.parse(await inflated(survey.data.compareCards[chunk]));
    }

    /** @param {string[]} ids @returns {Promise<CompareCard[]>} */
    function loadCards(ids) {
      return Promise.all(ids.map(async (id) => {
        const chunk = chunkOf(id);
        if (!cards.has(chunk)) {
          cards.set(chunk, cardsOf(chunk));
        }
        return (await /** @type {Promise<Record<string, CompareCard>>} */ (cards.get(chunk)))[id];
      }));
    }

    /* What a reader types, and what is meant by it: a name that begins so before one that holds it, methods with numbers first */

    /** @param {string} text */
    function meant(text) {
      const wanted = folded(text.trim());
      const rank = (/** @type {readonly [string, string]} */ [, name]) => (name === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(wanted) ? 2 : 3);
      return searched.filter(({ row }) => !chosen.includes(row[0]))
        .map((one) => ({ ...one, ...one.names.map((name, at) => ({ rank: rank(name) + (at ? 0.5 : 0), by: at ? name[0] : "" })).reduce((best, other) => (other.rank < best.rank ? other : best)) }))
        .filter(({ rank: found }) => found < 3)
        .sort((one, other) => one.rank - other.rank || other.groups - one.groups || COLLATOR.compare(one.row[2], other.row[2]));
    }

    /* The methods that a word of the address may mean: one by its id or key, several that bear one name, or none. */
    /** @param {string} word */
    function resolve(word) {
      const row = byId.get(word) ?? data.methods.find(([, key]) => key === word);
      return (row ? [row] : searched.filter(({ names }) => names.some(([, name]) => name === folded(word))).map((one) => one.row)).map(([id]) => id);
    }

    /* The field, as a combobox of the ARIA practices */

    const field = make("input", { type: "text", id: "compare-field", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "compare-list", "aria-describedby": "compare-hint" });
    const list = make("ul", { id: "compare-list", role: "listbox", "aria-label": "Methods", hidden: "" });
    const chips = make("ul", { class: "compare-chips", "aria-label": "Methods that are set side by side" });
    const status = make("p", { class: "compare-status", role: "status" });
    const said = make("span", { role: "status" });
    const answer = make("div", { class: "compare-answer" });
    let active = -1;

    function close() {
      list.hidden = true;
      active = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }

    /** @param {number} at */
    function mark(at) {
      active = at;
      [...list.children].forEach((item, place) => item.setAttribute("aria-selected", place === at ? "true" : "false"));
      field.setAttribute("aria-activedescendant", list.children[at]?.id ?? "");
      list.children[at]?.scrollIntoView({ block: "nearest" });
    }

    function offer() {
      const found = field.value.trim() ? meant(field.value).slice(0, OFFERED) : [];
      list.replaceChildren(...found.map(({ row: [id, , name, , where], by, groups }, at) => {
        const about = [where, by && `also ${by}`, groups ? countedThings(groups, "comparable group") : "no comparable numbers"].filter(Boolean).join("; ");
        const item = make("li", { id: `compare-option-${at}`, role: "option", "aria-selected": "false", "data-id": id }, make("strong", {}, name), make("small", {}, ` ${about}`));
        item.addEventListener("mousedown", (event) => { event.preventDefault(); add(id); });
        return item;
      }));
      list.hidden = !found.length;
      field.setAttribute("aria-expanded", String(found.length > 0));
      mark(found.length ? 0 : -1);
      status.textContent = field.value.trim() && !found.length ? `No method is called “${field.value.trim()}”.` : "";
    }

    /** @param {string} id */
    function add(id) {
      field.value = "";
      close();
      if (chosen.length < data.most && !chosen.includes(id)) {
        choose([...chosen, id]);
      }
    }

    /** @param {string[]} ids */
    function choose(ids) {
      [chosen, wrong] = [ids, ""];
      update();
    }

    field.addEventListener("input", offer);
    field.addEventListener("blur", close);
    field.addEventListener("keydown", (event) => {
      const last = list.children.length - 1;
      if (event.key === "Enter") {
        event.preventDefault();
        if (!list.hidden && active >= 0) {
          add(String(/** @type {HTMLElement} */ (list.children[active]).dataset.id));
        }
      } else if (event.key === "Escape") {
        close();
      } else if (["ArrowDown", "ArrowUp"].includes(event.key) && !list.hidden) {
        event.preventDefault();
        mark(event.key === "ArrowDown" ? (active >= last ? 0 : active + 1) : active <= 0 ? last : active - 1);
      } else if (event.key === "Backspace" && !field.value && chosen.length) {
        choose(chosen.slice(0, -1));
      }
    });

    function drawChips() {
      chips.replaceChildren(...chosen.map((id) => {
        const name = rowOf(id)[2];
        const remove = makeButton({ "aria-label": `Remove ${name}` }, () => { choose(chosen.filter((other) => other !== id)); field.focus(); }, "×");
        return make("li", {}, make("span", {}, name), remove);
      }));
      field.disabled = chosen.length >= data.most;
      field.placeholder = chosen.length >= data.most ? `${data.most} methods are the most` : chosen.length ? "Another name" : "The name of a method";
    }

    /* What it shows */

    const section = (/** @type {string} */ title, /** @type {string} */ id, /** @type {Child[]} */ ...pieces) => make("section", { id: `compare-${id}` }, make("h2", {}, title), ...pieces);
    const scrolling = (/** @type {HTMLTableElement} */ table) => make("div", { class: "pst-scrollable-table-container", tabindex: "0", role: "group", "aria-label": String(table.getAttribute("aria-label")) }, table);
    const headRow = (/** @type {Shown[]} */ texts, /** @type {number} */ first) => make("tr", {}, ...texts.map((text, at) => make("th", { scope: "col", ...(at >= first ? { class: "text-right" } : {}) }, ...[text].flat())));

    /** @param {string} label @param {Shown[]} head @param {Shown[][]} rows @param {number} numeric */
    function tableOf(label, head, rows, numeric = Infinity) {
      const cells = (/** @type {Shown[]} */ row) => row.map((cell, at) => (cell instanceof HTMLTableCellElement ? cell : make(at ? "td" : "th", { ...(at ? {} : { scope: "row" }), ...(at >= numeric ? { class: "text-right" } : {}) }, ...[cell].flat())));
      return make("table", { class: "survey compare-table", "aria-label": label }, make("thead", {}, headRow(head, numeric)), make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells(row)))));
    }

    const nameOf = (/** @type {{ name: string }} */ { name }, /** @type {CompareCard} */ card) => (card.paper ? make("a", { href: card.paper }, name) : name);

    /** @param {SideBySide["methods"]} methods @param {CompareCard[]} told */
    function whatTheyDo(methods, told) {
      const boxes = methods.map((method, at) => {
        const card = told[at];
        /** @type {Child[]} */
        const pieces = [make("h3", {}, nameOf(method, card)), make("p", { class: "compare-where" }, method.where || "Known from tables alone: no paper of it is in the catalogue."),
          make("p", {}, card.summary || (method.key ? "What it does is not summarised: only its title was at hand." : ""))];
        if (card.drawing) {
          const drawn = make("figure", { class: "paper-schematic" });
          drawn.innerHTML = card.drawing; // our own drawing, whose texts are escaped
          drawn.append(make("figcaption", {}, String(card.drawn)));
          new ResizeObserver(() => { // the keyboard must reach what scrolls
            if (drawn.scrollWidth > drawn.clientWidth) {
              drawn.tabIndex = 0;
            } else {
              drawn.removeAttribute("tabindex");
            }
          }).observe(drawn);
          pieces.push(drawn);
        }
        if (method.key) {
          pieces.push(make("p", { class: "compare-code" }, "Code: ", ...(card.code ? [make("a", { href: card.code }, card.code.replace(/^https?:\/\//, "")), ` (${card.licence || "licence not established"})`]
            : [card.code_looked_for ? "looked for, none found" : "not looked for"])));
        }
        return make("article", {}, ...pieces);
      });
      return section("What each does", "does", make("div", { class: "compare-boxes" }, ...boxes));
    }

    /** @param {SideBySide["methods"]} methods @param {CompareCard[]} told */
    function whatDiffers(methods, told) {
      const terms = [...new Set(told.flatMap(({ facts }) => facts.map(([term]) => term)))];
      const rows = terms.map((term) => [term, ...told.map(({ facts }) => new Map(facts).get(term) || "–")]);
      const same = (/** @type {string[]} */ [, first, ...others]) => others.every((value) => value === first);
      const table = tableOf("Facts", ["", ...methods.map(({ name }) => name)], rows);
      [...table.tBodies[0].rows].forEach((line, at) => line.classList.toggle("same", same(rows[at])));
      const alike = rows.filter(same).length;
      return section("What they train, and where", "facts", scrolling(table), make("p", { class: "compare-note" }, `A dash: not established. ${alike ? `${countedThings(alike, "row")} in which all agree ${alike === 1 ? "is" : "are"} set back.` : "They agree in no row."}`));
    }

    /** @param {SideBySide} found */
    function whatTheyCost({ methods, costs, backbone: priced }) {
      const menu = make("select", { id: "compare-backbone" }, ...Object.entries(data.backbones).map(([id, name]) => make("option", { value: id }, name)));
      menu.value = priced;
      menu.addEventListener("change", () => { backbone = menu.value; update(); document.getElementById("compare-backbone")?.focus(); });
      const told = (/** @type {PrintedShare} */ [name, share, tables]) => `${share} on ${name} (${countedThings(tables, "table")})`;
      const priceable = costs.some(({ closed }) => closed.length);
      const rows = methods.flatMap(({ name }, at) => {
        const { closed, why } = costs[at];
        /** @type {Shown[][]} */
        const lines = closed.length
          ? closed.map(([id, called, setting, trained, percent, stored, merged, extra, memory]) =>
            [make("a", { href: `fit.html#method=${id.replaceAll(" ", "&")}&backbone=${priced}` }, called), setting, trained, percent || "–", stored, merged, extra || "–", memory || "–"])
          : [[name, make("td", { colspan: "7" }, why[0] ?? "no closed form here")]];
        return lines;
      });
      const head = ["Method", "Setting", "Trained", "Share", "Stored", "Mergeable", "Extra operations, unmerged", "Memory, of full fine-tuning"];
      const printed = methods.map(({ name }, at) => {
        const { here, elsewhere } = costs[at];
        const rest = elsewhere.length ? make("details", {}, make("summary", {}, `on other backbones: ${elsewhere.length}`), elsewhere.map(told).join("; ")) : "";
        return make("li", {}, make("strong", {}, name), here.length ? `: ${here.map(told).join("; ")}` : elsewhere.length ? ": not on this backbone" : ": no table of the book prints it", rest);
      });
      return section("What each costs", "costs", make("p", { class: "compare-pick" }, make("label", { for: "compare-backbone" }, "On the backbone "), menu),
        ...(priceable ? [scrolling(tableOf("Costs", head, rows)),
          make("p", { class: "compare-note" }, "By closed form in the default setting, without a head; the name leads to the calculator, which takes any other. Memory is that of two traced steps, and open where one was not traced.")]
          : [make("p", { class: "compare-note" }, "None of these has a closed form here: what tables print as trained stands in its place.")]),
        make("p", { class: "compare-head" }, "Reported as trained"), make("ul", { class: "compare-settings" }, ...printed));
    }

    /** @param {MetGroup} group @param {MetRow} row @param {MetCell | null} cell */
    function numberCell(group, row, cell) {
      if (!cell) {
        return make("td", { class: "text-right" }, "–");
      }
      const mark = { even: "compare-best", within: "compare-within", more: "compare-more", unknown: "" }[cell.verdict];
      const sign = row.higher ? "−" : "+";
      const alike = cell.alike > 1 ? `; alike in ${cell.alike} tables` : "";
      const link = make("a", { class: "value", href: `benchmarks/${row.benchmark}.html#${group.board}`, title: `${cell.table} (${cell.claim})${alike}` }, cell.value + (cell.spread ? ` ± ${cell.spread}` : ""));
      const behind = cell.verdict === "even" ? [] : [" ", make("small", {}, cell.verdict === "within" ? `(${sign}${cell.behind})` : sign + cell.behind)];
      return make("td", { class: `text-right ${mark}` }, link, ...behind);
    }

    /** @param {MetGroup} group @param {SideBySide["methods"]} methods @param {number} at */
    function groupPieces(group, methods, at) {
      const present = group.settings.flatMap((setting, place) => (setting ? [place] : []));
      const rows = group.rows.map((row) => [row.name + (row.unit ? `, ${row.unit}` : "") + (row.higher ? "" : " ↓"), ...present.map((place) => numberCell(group, row, row.cells[place])), row.apart === "" ? "–" : row.apart + (row.elsewhere ? "*" : "")]);
      const table = tableOf(group.name, ["Benchmark", ...present.map((place) => methods[place].name), "Re-run gap"], rows, 1);
      table.classList.add("numbers");
      table.id = `compare-group-${at + 1}`;
      table.prepend(make("caption", { class: "visually-hidden" }, make("span", { class: "caption-text" }, `${present.map((place) => methods[place].name).join(", ")}: ${group.name}`)));
      const hidden = [...table.tBodies[0].rows].slice(OPEN_ROWS);
      /** @type {Child[]} */
      const pieces = [scrolling(table)];
      if (hidden.length) {
        const more = makeButton({ class: "compare-all" }, () => { hidden.forEach((line) => { line.hidden = false; }); more.remove(); }, `All ${group.rows.length} rows`);
        hidden.forEach((line) => { line.hidden = true; });
        pieces.push(more);
      }
      const settings = present.map((place) => {
        const { printed, trained, others } = /** @type {MetSetting} */ (group.settings[place]);
        const rest = others.length ? make("details", {}, make("summary", {}, countedThings(others.length, "other setting or value").replace("setting or values", "settings or values")),
          make("ul", {}, ...others.map(([name, share, value]) => make("li", {}, [name, share, value && `${value} on ${group.rows[0].name}`].filter(Boolean).join(", "))))) : "";
        return make("li", {}, make("strong", {}, methods[place].name), `: printed as ${printed}${trained ? `, ${trained} trained` : ""}`, rest);
      });
      const formats = FORMATS.filter(({ extension }) => extension !== "bib");
      return [...pieces, make("ul", { class: "compare-settings" }, ...settings), exportMenu(table, `group ${at + 1}`, `compare-${chosen.join("-")}-${at + 1}`, formats)];
    }

    /** @param {SideBySide} found */
    function whatWasReported({ methods, groups }) {
      if (!groups.length) {
        return section("Numbers that may be compared", "numbers", make("p", {}, data.words.none, " ", make("a", { href: "results.html" }, "What May Be Compared"), " says why others are not set side by side."));
      }
      const title = (/** @type {MetGroup} */ group) => `${group.name} (${countedThings(group.rows.length, "row")})`;
      const shown = groups.map((group, at) => make("details", { class: "compare-group", ...(at ? {} : { open: "" }) }, make("summary", {}, title(group)), ...groupPieces(group, methods, at)));
      return section("Numbers that may be compared", "numbers",
        make("p", { class: "compare-note" }, "The best of each row is in bold; beside the others is how far they are behind, in brackets if no more than the median gap between re-runs of one method. The last column gives that gap: a star marks a gap known from other benchmarks of the set-up, a dash an unknown one. Each number links to its place in the ranking and names its table when pointed at."),
        ...shown);
    }

    /** @param {SideBySide} found */
    function whereTheyDisagree({ methods, disagreements }) {
      if (!disagreements.length) {
        return section("Where their tables disagree", "disagree", make("p", {}, "No case is recorded in which the tables of these papers print one method differently."));
      }
      const told = disagreements.map(({ method, backbone: on, benchmark, name, unit, printed, right }) => [
        [method, make("small", {}, ` ${on || "backbone not established"}`)], make("a", { href: `benchmarks/${benchmark}.html#contradictions` }, name + (unit ? `, ${unit}` : "")),
        ...methods.map((_, at) => [...new Set(printed.filter(([owner]) => owner === at).map(([, value, origin]) => `${value} (${data.origins[origin][0]})`))].join("; ") || "–"), right || "–"]);
      return section("Where their tables disagree", "disagree", scrolling(tableOf("Disagreements", ["Method", "Benchmark", ...methods.map(({ name }) => name), "Known to be right"], told)));
    }

    /** @param {SideBySide["methods"]} methods */
    function howToCite(methods) {
      const keys = methods.map(({ key }) => key).filter(Boolean);
      if (!keys.length) {
        return "";
      }
      const heard = make("span", { role: "status" });
      /* The entries come when they are asked for. */
      async function withEntries(/** @type {(text: string) => unknown} */ use) {
        try {
          const { entries } = await loadBibtex();
          await use(keys.map((key) => entries[key]).join("\n"));
        } catch (error) {
          heard.textContent = String(/** @type {Error} */ (error).message);
        }
      }
      const copy = makeButton({}, () => withEntries(async (text) => { heard.textContent = (await survey.copyText(text)) ? "Copied." : "Download the file instead."; }), "Copy BibTeX of all");
      const save = makeButton({}, () => withEntries((text) => download(text, `${chosen.join("-")}.bib`, "application/x-bibtex")), "Download");
      return section("Cite them", "cite", make("p", { class: "compare-tools" }, copy, " ", save, " ", heard));
    }

    /* The state in the address: what stands behind m= and backbone=; a "#" without "=" leads to a section */

    const stateText = () => (chosen.length ? `m=${chosen.join(",")}${backbone ? `&backbone=${backbone}` : ""}` : "");
    const linkHere = () => bareAddress() + (stateText() && `#${stateText()}`);

    function readAddress() {
      const words = addressWords();
      const given = Object.fromEntries(words);
      const asked = [...new Set((given.m ?? "").split(",").map((word) => word.trim()).filter(Boolean))];
      const known = new Set(asked.flatMap((word) => (resolve(word).length === 1 ? resolve(word) : [])));
      chosen = [...known].slice(0, data.most);
      backbone = Object.keys(data.backbones).includes(given.backbone) ? given.backbone : "";
      wrong = wrongIn(words, asked) || (known.size > data.most ? `${known.size} methods are named. Keep two to ${data.most} of them.` : "");
    }

    /** @param {string[][]} words @param {string[]} asked */
    function wrongIn(words, asked) {
      const [message, remedy] = wrongWord(words, (name) => (name === "m" ? null : name === "backbone" ? Object.keys(data.backbones) : undefined),
        (name) => [`word '${name}' is not known.`, "Leave it out: an address can say m and backbone."], () => "Choose one from the list below the costs.") ?? [];
      const word = asked.find((one) => resolve(one).length !== 1) ?? "";
      const named = word && (resolve(word).length ? `'${word}' is the name of several methods. Type it and choose one from the list.` : `no method '${word}'. Type a name and choose it from the list.`);
      return message ? `${message} ${remedy}` : named;
    }

    function writeAddress() {
      const foreign = location.hash && !location.hash.includes("=");
      if (!wrong && linkHere() !== location.href && !(foreign && !chosen.length)) {
        history.replaceState(null, "", linkHere());
      }
    }

    function examples() {
      const links = data.examples.map((ids) => make("li", {}, make("a", { href: `#m=${ids.join(",")}` }, listedNames(ids.map((id) => rowOf(id)[2])))));
      return make("div", { class: "compare-examples" }, make("p", {}, "For example:"), make("ul", {}, ...links));
    }

    /* Beside what a single method may be set: those with which it has most comparable groups. */
    function companions() {
      const own = data.methods.findIndex(([id]) => id === chosen[0]);
      /** @type {Map<number, number>} */
      const shared = new Map();
      data.groups.filter(({ standings }) => own in standings).forEach(({ standings }) => Object.keys(standings).forEach((at) => shared.set(Number(at), (shared.get(Number(at)) ?? 0) + 1)));
      shared.delete(own);
      const most = [...shared].sort(([one, here], [other, there]) => there - here || one - other).slice(0, COMPANIONS);
      if (!most.length) {
        return make("p", {}, "It has no comparable number; any other method can be set beside it by what it does, trains and costs.");
      }
      const buttons = most.map(([at, groups]) => make("li", {}, makeButton({}, () => add(data.methods[at][0]), data.methods[at][2]), ` ${countedThings(groups, "comparable group")}`));
      return make("div", { class: "compare-examples" }, make("p", {}, "Most often reported with it:"), make("ul", {}, ...buttons));
    }

    let turn = 0;

    async function update() {
      const mine = ++turn;
      said.textContent = "";
      drawChips();
      writeAddress();
      tools.hidden = chosen.length < 2 && !wrong;
      if (wrong) {
        status.textContent = wrong;
        answer.replaceChildren(examples());
        return;
      }
      if (chosen.length < 2) {
        answer.replaceChildren(chosen.length ? companions() : examples());
        status.textContent = chosen.length ? "Name one more." : "";
        return;
      }
      /** @type {CompareCard[]} */
      let told;
      try {
        told = await loadCards(chosen);
      } catch (error) {
        status.textContent = String(/** @type {Error} */ (error).message);
        return;
      }
      if (mine !== turn) { // another choice was made meanwhile
        return;
      }
      const found = sideBySide(data, chosen, backbone);
      status.textContent = "";
      answer.replaceChildren(make("div", { class: "compare-said" }, ...found.said.map((text) => make("p", {}, text))),
        whatTheyDo(found.methods, told), whatWasReported(found), whatTheyCost(found), whatDiffers(found.methods, told), whereTheyDisagree(found), howToCite(found.methods));
    }

    const copyLink = makeButton({}, async () => { said.textContent = (await survey.copyText(wrong ? location.href : linkHere())) ? "Link copied." : "The address of this page is the link."; }, "Copy link");
    const clear = makeButton({}, () => { backbone = ""; choose([]); field.focus(); }, "Clear");
    const tools = make("p", { class: "compare-tools", hidden: "" }, copyLink, " ", clear, " ", said);
    const box = make("div", { class: "compare-box" }, chips, make("div", { class: "compare-entry" }, field, list));
    const form = make("form", { class: "compare-form" }, make("label", { for: "compare-field" }, "Methods to set side by side"), box,
      make("p", { id: "compare-hint", class: "compare-note" }, `Type the name of a method and choose it from the list. You can compare up to ${data.most} methods.`));
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", () => {
      if (location.hash.includes("=") && (wrong || location.href !== linkHere())) {
        readAddress();
        update();
        root.scrollIntoView();
      }
    });
    readAddress();
    const root = make("div", { class: "compare", role: "group", "aria-label": "Side by side" }, form, status, tools, answer);
    place.replaceWith(root);
    update();
  }

  const place = /** @type {Element} */ (document.querySelector(".bd-article .compare-place"));
  const source = make("script", { src: new URL(String(COMPARE_SCRIPT.dataset.index), COMPARE_SCRIPT.src).href });
  source.addEventListener("load", () => comparer(survey.data.compare, place)); // if it cannot be loaded, the text stays
  document.head.append(source);

  survey.share({ sideBySide });
}
