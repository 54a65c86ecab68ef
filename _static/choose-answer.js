// @ts-check
// An answer of the chooser: a list that Python ranked, filtered by the reader's limits. Nothing is ranked here, and no
// sentence is made here: the words come with the lists, and peft_vlm_survey/choose/limits.py is the model of the filter.
"use strict";

{
  const { cardOf } = survey;

  class ChooseError extends Error {
    /** @param {string} message @param {string} remedy @param {string} field */
    constructor(message, remedy, field) {
      super(message);
      this.remedy = remedy;
      this.field = field;
    }
  }

  /* What a script packed to be small, as an object: its lists and prices again in rows. */
  /** @param {string} packed @returns {Promise<ChooserLists>} */
  async function unpack(packed) {
    const found = JSON.parse(await survey.inflated(packed));
    /* Takes so many rows of the columns, one after the other; what a row is only the data say. */
    const rowsOf = (/** @type {unknown[][]} */ columns) => {
      let at = 0;
      return (/** @type {number} */ count) => Array.from({ length: count }, () => { at += 1; return columns.map((column) => column[at - 1]); });
    };
    const { notes, sizes, columns, open } = found.lists;
    const entries = rowsOf(columns);
    found.lists = sizes.map((/** @type {number} */ count, /** @type {number} */ i) => [notes[i], entries(count).map((row) => [...row.slice(0, -1), open[Number(row[row.length - 1])]])]);
    const prices = rowsOf(found.prices.columns);
    /** @type {[string, Record<string, number>][]} */
    const sizesOfPrices = Object.entries(found.prices.sizes);
    found.prices = Object.fromEntries(sizesOfPrices.map(([on, own]) => [on, Object.fromEntries(Object.entries(own).map(([id, count]) => [id, prices(count)]))]));
    return found;
  }

  /** @type {Record<string, number>} */
  const NUMBERS = { "": 1, k: 1e3, m: 1e6, b: 1e9 };
  /** @type {Record<string, number>} */
  const BYTES = { "": 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };

  /** @param {string} text @returns {[number, string]} */
  function amountOf(text) {
    const found = /^(\d+(?:\.\d+)?|\.\d+) ?([A-Za-z%]*)$/.exec(text);
    return found ? [Number(found[1]), found[2].toLowerCase()] : [0, "?"];
  }

  /* The limits that the words of a form set. */
  /** @param {Record<string, string>} words @param {KnownCards} cards @returns {Limits} */
  function readLimits(words, cards) {
    /** @type {Limits} */
    const limits = { percent: null, number: null, stored: null, share: null, bytes: null, switches: new Set(), data: words.data ?? "" };
    const said = (/** @type {string} */ name) => (words[name] ?? "").trim();
    const [trained, unit] = amountOf(said("max-trainable"));
    if (unit === "%" && trained > 0 && trained <= 100) {
      limits.percent = trained;
    } else if (unit in NUMBERS && trained * NUMBERS[unit] >= 1) {
      limits.number = trained * NUMBERS[unit];
    } else if (said("max-trainable")) {
      throw new ChooseError(`max-trainable '${said("max-trainable")}' is impossible.`, "Give a share of the backbone such as 1%, or a number of parameters such as 400000 or 0.4M.", "max-trainable");
    }
    const [stored, bytes] = amountOf(said("max-stored"));
    if (bytes in BYTES && stored * BYTES[bytes] >= 1) {
      limits.stored = stored * BYTES[bytes];
    } else if (said("max-stored")) {
      throw new ChooseError(`max-stored '${said("max-stored")}' is impossible.`, "Give bytes per task, such as 5MB, 500kB or 1200000.", "max-stored");
    }
    const [memory, of] = amountOf(said("max-memory"));
    const share = of === "%" ? memory / 100 : memory;
    if (["", "%"].includes(of) && share > 0 && share <= 1) {
      limits.share = share;
    } else if (of === "%") {
      throw new ChooseError(`max-memory '${said("max-memory")}' is impossible.`, "Give what a card has, such as 24GB, or a share of full fine-tuning such as 0.5 or 50%.", "max-memory");
    } else if (said("max-memory")) {
      const { bytes, wrong, remedy } = cardOf(said("max-memory"), cards, "max-memory");
      if (wrong) {
        throw new ChooseError(wrong, remedy, "max-memory");
      }
      limits.bytes = bytes;
    }
    ["no-slower", "spares-gradient", "code", "licence"].filter(said).forEach((name) => limits.switches.add(name));
    return limits;
  }

  /* The limits that are broken, and those of which it is not known. */
  /** @param {Limits} limits @param {Price} price @param {Traits} traits @param {string} data */
  function held(limits, price, traits, data) {
    const [, trained, percent, stored, memory, least, enough] = price;
    /** @type {string[]} */
    const breaks = [];
    /** @type {string[]} */
    const open = [];
    const judge = (/** @type {string} */ name, /** @type {boolean} */ set, /** @type {boolean | null} */ broken) => {
      if (set && broken !== false) {
        (broken === null ? open : breaks).push(name);
      }
    };
    const above = (/** @type {number | null} */ value, /** @type {number | null} */ limit) => (value === null ? null : value > /** @type {number} */ (limit));
    const [, , sameSpeed, gradient, hasCode, licence, trains] = traits;
    const answer = (/** @type {string} */ said, /** @type {string} */ good) => (said === "" ? null : said !== good);
    judge("speed", limits.switches.has("no-slower"), answer(sameSpeed, "yes"));
    judge("gradient", limits.switches.has("spares-gradient"), answer(gradient, "no"));
    judge("code", limits.switches.has("code"), answer(hasCode, "yes"));
    judge("licence", limits.switches.has("licence"), answer(licence, "yes"));
    judge("data", limits.data !== "", limits.data === "none" ? Boolean(trains) && data !== "none" : data === limits.data ? false : null);
    judge("trained", limits.percent !== null, above(percent, limits.percent));
    judge("trained", limits.number !== null, above(trained, limits.number));
    judge("stored", limits.stored !== null, above(stored, limits.stored));
    judge("memory", limits.share !== null, above(memory, limits.share));
    judge("memory", limits.bytes !== null, least === null || enough === null ? null
      : least > /** @type {number} */ (limits.bytes) ? true : enough > /** @type {number} */ (limits.bytes) ? null : false);
    return { breaks, open };
  }

  const SAME = 1; // the distance of a number on the reader's task and backbone

  /* Whether a number was reached with more trained than the limit; what is printed as a share is told as a number by the price, and the other way round. */
  /** @param {Limits} limits @param {Price} printed @param {Price} price @param {boolean} onBackbone */
  function scoredBeyond(limits, printed, price, onBackbone) {
    let [, trained, percent] = printed;
    const [, own, share] = price;
    if (onBackbone && own && share) {
      percent ??= trained ? trained / own * share : null;
      trained ??= percent ? percent / share * own : null;
    }
    const above = (/** @type {number | null} */ value, /** @type {number | null} */ limit) => limit !== null && value !== null && value > limit;
    return above(percent, limits.percent) || above(trained, limits.number);
  }

  /* Prices with the one first that trains most nearly what is printed. */
  /** @param {Price[]} prices @param {Price} printed @returns {Price[]} */
  function nearestFirst(prices, printed) {
    for (const at of [2, 1]) { // the share, or else the number
      const wanted = /** @type {number | null} */ (printed[at]);
      if (wanted && prices.every((price) => price[at])) {
        const far = (/** @type {Price} */ price) => Math.abs(Math.log(Number(price[at]) / wanted));
        const first = prices.reduce((one, other) => (far(other) < far(one) ? other : one));
        return [first, ...prices.filter((price) => price !== first)];
      }
    }
    return prices;
  }

  const fillIn = (/** @type {string} */ text, /** @type {Record<string, string | number>} */ values) => text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

  /* The answer to a question. */
  /** @param {ChooserLists} lists @param {string} task @param {ChooserBackbone | null} backbone @param {Limits} limits */
  function answerOf(lists, task, backbone, limits) {
    const { part, lists: places } = lists.tasks[task];
    const [id, name, kind, configuration] = backbone ?? ["", "", "", ""];
    const place = places[id] ?? places[`kind ${kind}`] ?? places.other;
    const [[advice, ...notes], entries] = lists.lists[place];
    const fill = (/** @type {string} */ text) => fillIn(text, { backbone: name, kind: kind || lists.words.unknownKind });
    const formed = lists.prices[`${configuration}|${part}`] ?? lists.prices[`${configuration}|`] ?? {};
    /** @type {Told[]} */
    const methods = [];
    /** @type {Told[]} */
    const unknown = [];
    /** @type {Told[]} */
    const leftOut = [];
    for (const [method, distance, told, ...rest] of entries) {
      const [why, word, open, data, priced, printedAt, traitsAt, address] = lists.evidence[told];
      const traits = lists.traits[traitsAt];
      const printed = lists.printed[printedAt];
      const prices = configuration && formed[priced]?.length ? nearestFirst(formed[priced], printed) : [printed];
      const judged = prices.map((/** @type {Price} */ price) => ({ price, ...held(limits, price, traits, data) }));
      const keeping = judged.find(({ breaks, open: may }) => !breaks.length && !may.length);
      const may = judged.find(({ breaks }) => !breaks.length);
      const { price, breaks, open: about } = keeping ?? may ?? judged[judged.length - 1];
      const [title, key, idea] = lists.methods[method];
      const costs = [price[0], traits[0]].filter(Boolean).join("; ");
      const within = scoredBeyond(limits, printed, price, distance === SAME) ? [lists.words.within] : [];
      const unsaid = [...rest[6].map(fill), ...open, ...within, ...price[7], ...traits[1]];
      const lines = /** @type {[string, string][]} */ ([
        ["why", why], ["beats", beatsText(lists, rest)], ["word", word],
        ["costs", costs && `${costs.charAt(0).toUpperCase()}${costs.slice(1)}.`], ["open", unsaid.length ? `${unsaid.join("; ")}.` : ""],
      ].filter(([, text]) => text));
      const run = (price[8] === undefined ? [] : lists.runs[price[8]]).map((/** @type {number} */ one) => lists.lines[one]);
      const said = { name: title, key, idea, address, distance, advised: Boolean(rest[5]), lines, run, about: (keeping ? [] : may ? about : breaks).map((/** @type {string} */ one) => lists.words.limits[one]) };
      (keeping ? methods : may ? unknown : leftOut).push(said);
    }
    const memory = entries.length && limits.bytes !== null ? [fillIn(lists.words.memory, { gb: Number((limits.bytes / BYTES.gib).toPrecision(6)) })] : [];
    const none = entries.length && !methods.length ? [lists.words.none] : [];
    return { advice, notes: [...notes.map(fill), ...memory, ...none], methods, unknown, leftOut };
  }

  /* Whom a method beat, drew with and lost to. */
  /** @param {ChooserLists} lists @param {Contested} contested */
  function beatsText({ words, methods }, [beaten, wins, draws, lost, losses]) {
    const met = wins + draws + losses;
    const whom = (/** @type {number[]} */ some, /** @type {number} */ all) => (some.length
      ? fillIn(some.length === all ? words.all : words.among, { whom: some.map((one) => methods[one][0]).join(", ") }) : "");
    if (met === 1) {
      return fillIn(words.one[wins ? "beaten" : losses ? "lost" : "level"], { whom: whom([...beaten, ...lost], 1) });
    }
    return met === 0 ? words.nobody : `${fillIn(words.beats, { beaten: wins, met, whom: whom(beaten, wins) })}${draws ? fillIn(words.level, { level: draws }) : ""}${
      losses ? fillIn(words.lost, { lost: losses, whom: whom(lost, losses) }) : ""}.`;
  }

  survey.share({ ChooseError, unpack, readLimits, answerOf });
}
