// @ts-check
// The page of the search: what holds all words, the best first, with the words where they stand. No library and no index:
// the texts come as scripts, since a page opened from disk may not fetch, and looking through all of them takes some
// milliseconds. folded comes from folding.js, PAGES_OF, KINDS_OF and SITE_ROOT from searchbox.js, queryOf and HAN from query.js.
"use strict";

{
  const { folded, PAGES_OF, SITE_ROOT, HAN, queryOf } = survey;

  const SEARCH_SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript); // its data-texts, -chapters, -numbers and -chinese say where, beside it, these are
  const AT_ONCE = 20;
  const EXCERPT = 230; // letters of a text that are shown around a match
  /** @type {[kind: ResultKind, one: string, many: string][]} */
  const KINDS = [ // in the order in which equally good results stand
    ["paper", "Paper", "Papers"], ["dataset", "Data set", "Data sets"], ["term", "Term", "Terms"], ["chapter", "Chapter", "Chapters"],
    ["benchmark", "Benchmark", "Benchmarks"], ["work", "Cited work", "Cited works"], ["number", "Number", "Numbers"],
  ];
  const PLACE_OF = /** @type {Record<ResultKind, number>} */ (Object.fromEntries(KINDS.map(([kind], i) => [kind, i])));
  const WEIGHTS = { names: 100, title: 40, where: 30, text: 10, also: 10, byline: 8 };
  const FIELDS = /** @type {const} */ (["title", "where", "text", "also", "byline"]); // of what is found, beside its names
  const CALLED_SO = 1000, BEGINS_SO = 150, PHRASE = 25; // for the whole query
  const KNOWN = 30, KNOWN_PAPERS = 800; // for the paper that weighs most, and less for each of the next

  /* What is searched */

  /** @type {Record<string, Promise<unknown>>} */
  const loading = {};

  /** @param {string} name */
  function loadScript(name) {
    loading[name] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(String(SEARCH_SCRIPT.dataset[name]), SEARCH_SCRIPT.src).href;
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => reject(new Error("What is searched could not be loaded.")));
      document.head.append(script);
    });
    return loading[name];
  }

  /** @param {ResultKind} kind @param {string} address @param {{ title: string, where?: string } & Partial<Findable>} said @returns {Findable} */
  function entry(kind, address, { names = [], title, where = "", text = "", also = "", byline = "", hint = where }) {
    const of = { title: folded(title), where: folded(where), text: folded(text), also: folded(also), byline: folded(byline) };
    return { kind, address, names, title, text, also, byline, hint, folded: { ...of, names: names.map(folded) } };
  }

  /** @param {SearchTexts} texts @returns {Findable[]} */
  function readTexts({ papers, datasets, benchmarks, terms, works }) {
    return [
      ...papers.map(([key, names, title, where, byline, text, also], i) => {
        const paper = { key, known: KNOWN * Math.max(0, 1 - i / KNOWN_PAPERS), ...entry("paper", PAGES_OF.paper(key), { names, title, where, text, also, byline }) };
        paper.folded.names.push(key); // found by it, and not called so
        return paper;
      }),
      ...datasets.map(([id, names, text]) => entry("dataset", PAGES_OF.dataset(id), { names, title: names[0], text })),
      ...terms.map(([anchor, names, text]) => entry("term", PAGES_OF.term(anchor), { names, title: names[0], text, hint: names.at(-1) })),
      ...benchmarks.map(([id, title, text]) => entry("benchmark", PAGES_OF.benchmark(id), { title, text })),
      ...works.map(([anchor, name, title, byline]) => entry("work", PAGES_OF.work(anchor), { names: [name].filter(Boolean), title, byline })),
    ];
  }

  /** @param {SearchChapter[]} chapters */
  function readChapters(chapters) {
    return chapters.flatMap(([name, chapter, sections]) => sections.map(([anchor, title, text], i) =>
      entry("chapter", `${name}.html${i ? `#${anchor}` : ""}`, { title, text, hint: i ? chapter : "" })));
  }

  /** @param {SearchNumbers} numbers */
  function readNumbers({ methods, backbones, homes, rows }) {
    return rows.flatMap(([benchmark, name, numbers]) => numbers.map(([value, method, backbone, home, anchor]) => {
      const page = homes[home] ? PAGES_OF.paper(homes[home]) : PAGES_OF.benchmark(benchmark);
      const title = `${value}: ${methods[method]}, ${name}`;
      return entry("number", `${page}#r-${anchor}`, { names: [value], title, text: backbones[backbone] });
    }));
  }

  /* Searching */

  /** @param {string} field @param {AskedWord} word */
  function goodness(field, word) {
    if (word.whole.test(field)) {
      return 1;
    }
    return word.begins.test(field) ? 0.6 : word.stem?.test(field) ? 0.5 : 0;
  }

  /* How many of the words a result holds, and how good it is; 0 if it holds fewer than so many. */
  /** @param {Findable} found @param {Query} query @param {number} fewest @returns {[held: number, score: number]} */
  function scoreOf(found, query, fewest) {
    const fields = found.folded;
    const all = fields.all ??= [...fields.names, ...FIELDS.map((field) => fields[field])].join("\n");
    const words = query.words.filter(({ beginning }) => all.includes(beginning));
    if (words.length < fewest) {
      return [0, 0]; // a glance at most of what there is, where patterns take ten times as long
    }
    let score = 0;
    let held = 0;
    for (const word of words) {
      let best = 0;
      for (const name of fields.names) {
        const good = goodness(name, word);
        best = good ? Math.max(best, WEIGHTS.names * good * nearness(name, query)) : best;
      }
      for (const field of FIELDS) {
        if (WEIGHTS[field] > best) {
          best = Math.max(best, WEIGHTS[field] * goodness(fields[field], word));
        }
      }
      held += best ? 1 : 0;
      score += best;
    }
    if (held < fewest) {
      return [0, 0];
    }
    score = score / query.words.length + (found.known ?? 0);
    const called = fields.names.map(inOne);
    const titles = query.phrase ? titlesOf(fields) : [];
    if (called.includes(query.squeezed)) {
      score += CALLED_SO + (found.names.includes(query.text) ? 1 : 0); // MaPLe before MAPLE
      score += called[0] === query.squeezed ? 2 : 0; // by its first name before what has it as another
    } else if (titles.includes(query.squeezed)) {
      score += CALLED_SO + WEIGHTS.names - WEIGHTS.title;
    } else if ([...called, ...titles].some((name) => name.startsWith(query.squeezed))) {
      score += BEGINS_SO;
    }
    const { phrase } = query;
    if (phrase && (called.includes(query.squeezed) || FIELDS.some((field) => phrase.test(fields[field])))) {
      score += PHRASE;
    }
    return [held, score];
  }

  const inOne = (/** @type {string} */ name) => name.replace(/[\s-]+/g, "");

  /* A title, and what stands behind the name with which it begins. */
  /** @param {Findable["folded"]} fields */
  function titlesOf(fields) {
    return fields.titles ??= [fields.title, fields.title.split(": ").slice(1).join(": ")].map(inOne);
  }

  /* A name of many words that holds the query in its midst is not called so. */
  const nearness = (/** @type {string} */ name, /** @type {Query} */ query) => Math.min(1, (query.squeezed.length + 4) / (name.length + 4));

  /* What holds so many words of a query, the best first. */
  /** @param {Findable[]} entries @param {Query} query */
  function search(entries, query, fewest = query.words.length) {
    const found = entries.map((one) => ({ one, score: scoreOf(one, query, fewest) })).filter(({ score: [held] }) => held > 0);
    found.sort((a, b) => b.score[1] - a.score[1] || PLACE_OF[a.one.kind] - PLACE_OF[b.one.kind]); // then as they came
    return found.map(({ one }) => one);
  }

  /* What is called so, where every one of several words is a name: of "CoOp vs CoCoOp" both. */
  /** @param {Findable[]} entries @param {Query} query */
  function called(entries, { words }) {
    const known = entries.filter((one) => one.known || one.kind === "dataset");
    const named = words.flatMap(({ said }) => known.find((one) => one.folded.names.map(inOne).includes(inOne(said))) ?? []);
    return named.length > 1 && new Set(named).size === words.length ? named : [];
  }

  /* What holds the most words of a query, and how many of them are missing; nothing if each stands nowhere. */
  /** @param {Findable[]} entries @param {Query} query */
  function nearest(entries, query) {
    for (let missing = 0; missing < query.words.length; missing += 1) {
      const found = search(entries, query, query.words.length - missing);
      if (found.length) {
        return { found: [...new Set([...called(entries, query), ...found])], missing };
      }
    }
    return { found: [], missing: 0 };
  }

  /* Excerpts */

  /* Text folded, with the place in the text of every letter of it. */
  /** @param {string} text */
  function foldedWithPlaces(text) {
    const places = [];
    let said = "";
    let at = 0;
    for (const letter of text) {
      const one = folded(letter);
      said += one;
      for (let i = 0; i < one.length; i += 1) {
        places.push(at);
      }
      at += letter.length;
    }
    places.push(text.length);
    return { said, places };
  }

  /* Where in a text the words stand: pairs of places, in order, none within another. */
  /** @param {string} text @param {Query} query */
  function matchesIn(text, query) {
    const { said, places } = foldedWithPlaces(text);
    const spans = query.words.flatMap(({ marks }) => [...said.matchAll(marks)].map(({ index = 0, 0: match }) => [index, index + match.length]));
    spans.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
    let end = -1;
    return spans.filter((span) => span[0] >= end && (end = span[1])).map(([first, last]) => [places[first], places[last]]);
  }

  /** @param {string} text @param {Query} query @returns {Child[]} */
  function marked(text, query, from = 0, to = text.length) {
    /** @type {Child[]} */
    const parts = [];
    let at = from;
    for (const [first, last] of matchesIn(text.slice(from, to), query)) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from + first, from + last);
      parts.push(text.slice(at, from + first), mark);
      at = from + last;
    }
    return [...parts, text.slice(at, to)];
  }

  /* The stretch of a text with most of the words, whole words of it; its beginning if it holds none. */
  /** @param {string} text @param {Query} query */
  function excerpt(text, query) {
    const spans = matchesIn(text, query);
    const within = (/** @type {number} */ first) => new Set(spans.filter(([at, end]) => at >= first && end <= first + EXCERPT).map(([at, end]) => text.slice(at, end).toLowerCase())).size;
    const best = spans.reduce((best, [at]) => (within(at) > within(best) ? at : best), spans[0]?.[0] ?? 0);
    let from = text.length <= EXCERPT ? 0 : Math.max(0, best - 60);
    if (from) {
      const blank = text.indexOf(" ", from);
      from = blank < 0 || blank > best ? from : blank + 1;
    }
    let to = Math.min(text.length, from + EXCERPT);
    if (to < text.length) {
      const blank = text.lastIndexOf(" ", to);
      to = blank > best ? blank : to;
    }
    return [from ? "… " : "", ...marked(text, query, from, to), to < text.length ? " …" : ""];
  }

  /** @template {keyof HTMLElementTagNameMap} Tag @param {Tag} tag @param {string} className @param {...Child} children */
  function element(tag, className, ...children) {
    const made = document.createElement(tag);
    if (className) {
      made.className = className;
    }
    made.append(...children);
    return made;
  }

  /* Showing */

  /** @param {Findable} found @param {Query} query */
  function itemOf(found, query) {
    const link = element("a", "", ...titleOf(found, query));
    link.href = SITE_ROOT + found.address;
    const kind = KINDS[PLACE_OF[found.kind]][1];
    const of = element("p", "search-kind", kind, ...(found.hint ? [" · ", inItsLanguage(found.hint, found.hint)] : []));
    const item = element("li", "", of, element("p", "search-title", link));
    const holds = (/** @type {string} */ text) => matchesIn(text, query).length;
    const texts = [found.text, found.chinese ?? "", found.also, found.byline].filter(Boolean);
    const said = texts.find(holds) ?? texts[0];
    if (said) {
      const line = element("p", "search-excerpt", ...excerpt(said, query));
      if (said === found.chinese) {
        line.lang = "zh";
      }
      item.append(line);
    }
    return item;
  }

  /* What holds Chinese characters is said to be Chinese, so that it is set in the right face and read out rightly. */
  /** @param {string} text @param {...Child} children */
  function inItsLanguage(text, ...children) {
    const span = element("span", "", ...children);
    if (HAN.test(text)) {
      span.lang = "zh";
    }
    return span;
  }

  /* A paper's name stands before its title, unless the title begins with it; a name that was asked for stands in brackets. */
  /** @param {Findable} found @param {Query} query */
  function titleOf(found, query) {
    const { names, title } = found;
    const main = found.kind === "paper" || found.kind === "work" ? names[0] : undefined;
    const head = main && !folded(title).startsWith(folded(main)) ? [element("strong", "", ...marked(main, query)), ": "] : [];
    const shown = folded(`${main ?? ""} ${title}`);
    const asked = names.find((name) => !shown.includes(folded(name)) && folded(name).replace(/[\s-]+/g, "").startsWith(query.squeezed));
    return [...head, ...marked(title, query), ...(asked ? [" (", inItsLanguage(asked, ...marked(asked, query)), ")"] : [])];
  }

  const inCount = (/** @type {number} */ number, /** @type {[string, string, string]} */ [, one, many]) => `${number.toLocaleString("en")} ${(number === 1 ? one : many).toLowerCase()}`;

  const page = /** @type {Element} */ (document.querySelector(".search-page"));
  const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (page.querySelector(selector));
  const form = part("form");
  const input = /** @type {HTMLInputElement} */ (part("input"));
  const said = part(".search-said");
  const kinds = part(".search-kinds");
  const list = part(".search-found");
  const more = part(".search-more");
  /** @type {Findable[]} */
  let entries = [];
  /** @type {Findable[]} */
  let numbers = [];
  let withNumbers = false;
  let latest = 0;

  /** @param {string} text @param {() => void} action @param {boolean} [pressed] */
  function button(text, action, pressed) {
    const made = element("button", "", text);
    made.type = "button";
    if (pressed !== undefined) {
      made.setAttribute("aria-pressed", String(pressed));
    }
    made.addEventListener("click", action);
    return made;
  }

  /** @param {Findable[]} results @param {Query} query @param {string} only @param {number} most @param {number} missing how many of the words are */
  function show(results, query, only, most, missing) {
    const wanted = only ? results.filter(({ kind }) => kind === only) : results;
    const counts = KINDS.map((kind) => /** @type {const} */ ([kind, results.filter((one) => one.kind === kind[0]).length])).filter(([, count]) => count);
    said.textContent = results.length
      ? `${results.length.toLocaleString("en")} ${results.length === 1 ? "place" : "places"} in the book.`
      : `Nothing in the book holds ${query.words.length === 1 ? "this word. Is it spelled so?" : "any of these words. Are they spelled so?"}`;
    if (missing) {
      const held = missing === 1 ? "all but one" : `${query.words.length - missing} of ${query.words.length}`;
      said.textContent = `Nothing in the book holds all of these words; ${held} ${results.length === 1 ? "are in one place" : `are in ${results.length.toLocaleString("en")} places`}.`;
    }
    kinds.replaceChildren(...(counts.length > 1
      ? [button(`All ${results.length.toLocaleString("en")}`, () => show(results, query, "", AT_ONCE, missing), !only),
        ...counts.map(([kind, count]) => button(inCount(count, kind), () => show(results, query, kind[0], AT_ONCE, missing), only === kind[0]))]
      : []));
    list.replaceChildren(...wanted.slice(0, most).map((found) => itemOf(found, query)));
    more.replaceChildren();
    if (wanted.length > most) {
      more.append(button(`Show ${Math.min(AT_ONCE, wanted.length - most)} more of ${(wanted.length - most).toLocaleString("en")}`, () => {
        show(results, query, only, most + AT_ONCE, missing);
        list.children[most].querySelector("a")?.focus();
      }));
    }
    if (!withNumbers && !query.numbers) {
      more.append(button("Look among the reported numbers as well", () => {
        withNumbers = true;
        answer();
      }));
    }
  }

  async function answer() {
    const mine = latest += 1;
    const asked = input.value.trim();
    try {
      await Promise.all([loadScript("texts"), loadScript("chapters")]);
      if (!entries.length) {
        entries = [...readTexts(survey.data.texts), ...readChapters(survey.data.chapters)];
      }
      const query = queryOf(asked, entries);
      if (query.chinese) {
        await loadScript("chinese");
        addChinese(entries);
      }
      if (withNumbers || query.numbers) {
        await loadScript("numbers");
        numbers = numbers.length ? numbers : readNumbers(survey.data.numbers);
      }
      if (mine !== latest) {
        return; // typed on in the meantime
      }
      if (!query.words.length) {
        [kinds, list, more].forEach((part) => part.replaceChildren());
        said.textContent = "Type the name of a method or data set, a term in English or Chinese, or a number as it is printed.";
        return;
      }
      document.title = document.title.replace(/^(?:.*? – )?Search/, `${asked} – Search`);
      const searched = withNumbers || query.numbers ? [...entries, ...numbers] : entries;
      const { found, missing } = nearest(searched, query);
      show(found, query, "", AT_ONCE, missing);
    } catch (error) {
      said.textContent = String(/** @type {Error} */ (error).message);
    }
  }

  function remember() {
    const address = new URL(location.href);
    address.searchParams.set("q", input.value.trim());
    try {
      history.replaceState(null, "", address);
    } catch { /* some browsers let a page from disk keep its address only */ }
  }

  let timer = 0;
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  input.addEventListener("input", () => {
    clearTimeout(timer);
    withNumbers = false;
    timer = window.setTimeout(() => { remember(); answer(); }, 120);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    remember();
    answer();
  });
  form.removeAttribute("data-names");
  input.focus();
  answer();

  /** @param {Findable[]} entries */
  function addChinese(entries) {
    for (const one of entries) {
      const chinese = one.key && survey.data.descriptionsZh[one.key];
      if (chinese && !one.chinese) {
        one.chinese = chinese;
        one.folded.text += `\n${folded(chinese)}`;
        delete one.folded.all;
      }
    }
  }

  survey.share({ readTexts, readChapters, search });
}
