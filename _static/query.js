// @ts-check
// What a reader typed, as patterns over folded text. Words are found whole first and then at the beginning of others;
// British and American spelling are the same; what is nobody's name is found in its other forms as well.
"use strict";

{
  const { folded } = survey;

  /* Two spellings of one word: what is met, and the pattern that meets both. */
  /** @type {[RegExp, string][]} */
  const SPELLINGS = [
    [/(?<=\w{3}i)[sz](?=(?:e|es|ed|er|ers|ing|able|ation|ations|ational)$)/, "[sz]"], // generalise, generalization
    [/(?<=\w{2}ly)[sz](?=(?:e|es|ed|er|ers|ing)$)/, "[sz]"], // analyse
    [/(?<=^(?:\w*(?:behavi|neighb)|col|fav|flav|harb|hon|hum|lab|od|rig|rum|tum|vap|vig|endeav))ou?r/, "ou?r"],
    [/(?<=^(?:cali?b|cent|fib|lit|met|theat)|meter-?\w*cent)(?:re|er)(?=[sd]?$)/, "(?:re|er)"],
    [/(?<=^(?:cance|channe|equa|fue|labe|leve|mode|pane|signa|tota|trave|tunne))ll?(?=(?:ing|ed|er|ers)$)/, "ll?"], // modelling
    [/(?<=^(?:defen|licen|offen|practi|preten))[cs](?=e)/, "[cs]"],
    [/(?<=^(?:ana|cata|dia|mono|pro)log)(?:ue)?(?=s?$)/, "(?:ue)?"],
    [/(?<=^program)(?:me)?(?=s?$)/, "(?:me)?"],
    [/(?<=^art)[ei](?=fact)/, "[ei]"],
    [/(?<=^gr)[ae](?=y)/, "[ae]"],
    [/(?<=^judg)e?(?=ment)/, "e?"],
    [/(?<=^(?:learn|burn|spell))(?:ed|t)$/, "(?:ed|t)"],
  ];
  /* Beginnings that some write apart, some with a hyphen, and some in one. */
  const APART = /^(cross|few|fine|low|multi|one|pre|self|semi|zero|data)(?=\w{3})/;
  const TOGETHER = /(?<![\w-])(cross|few|fine|low|multi|pre|self|semi|zero)\s+(?=\w{3})/g;
  const ENDING = /(?:e|s|es|ed|er|ers|ing|ings|ly|ation|ations)$/;
  const SHORTEST_STEM = 5;

  const escaped = (/** @type {string} */ text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  /* A name and the short number behind it are one word, as SAM 2 is SAM2; with_versions of read/folding.py joins in the same way. */
  const VERSION = /(?<![\p{L}\p{N}_.])([a-z]{2,})[\s-]+(\d(?:\.\d)?)(?![\p{L}\p{N}_.])/gu;
  const versions = (/** @type {string} */ text) => text.replace(VERSION, (all, name, number) => (survey.data.texts.small.includes(name) ? all : name + number));

  const IS_NUMBER = /^[+-]?\d+(?:[.,]\d+)*%?$/;
  const HAN = /\p{Script=Han}/u;

  /* A word as a pattern that meets its spellings. */
  /** @param {string} word */
  function spelled(word) {
    const met = SPELLINGS.map(([pattern, both]) => ({ found: pattern.exec(word), both })).find(({ found }) => found);
    if (!met?.found) {
      const apart = APART.exec(word);
      return apart ? `${apart[0]}[ -]?${escaped(word.slice(apart[0].length))}` : escaped(word);
    }
    const { found: { index, 0: found }, both } = met;
    return escaped(word.slice(0, index)) + both + escaped(word.slice(index + found.length));
  }

  /* A word without its ending, as a pattern; nothing if that would be too short to mean the same. */
  /** @param {string} text */
  function stemOf(text) {
    const joined = text.replaceAll("-", "");
    const word = APART.test(joined) ? joined : text;
    const stem = word.replace(ENDING, "");
    if (stem === word || stem.length < SHORTEST_STEM || !/^[a-z]+$/.test(word) || spelled(word).includes("ll?")) { // a model is no modelling
      return "";
    }
    return /\w{3}i[sz]$/.test(stem) ? `${stem.slice(0, -1)}[sz]` : spelled(stem);
  }

  /* A word, or several that are joined by hyphens, as a pattern; a number may stand apart from its name. */
  const written = (/** @type {string} */ text) => text.split(/[\s-]+/).filter(Boolean).map(spelled).join("[ -]?").replace(/(?<=[a-z])(?=\d)/g, "[ -]?");

  /* The letters with which all that any of some patterns meets begins: a text without them need not be held against one. */
  /** @param {...string} patterns */
  function beginningOf(...patterns) {
    const plain = patterns.map((pattern) => /^[^\\.*+?^${}()|[\]]*(?![*+?{])/.exec(pattern)?.[0] ?? ""); // without a letter that may be missing
    const [first, ...others] = plain;
    let end = first.length;
    while (others.some((other) => !other.startsWith(first.slice(0, end)))) {
      end -= 1;
    }
    return first.slice(0, end);
  }

  /** @param {string} text @param {boolean} isName @returns {AskedWord} */
  function wordOf(text, isName) {
    if (HAN.test(text)) {
      const as = new RegExp(escaped(text), "u");
      return { said: text, beginning: text, whole: as, begins: as, marks: new RegExp(as, "gu") };
    }
    const before = "(?<![\\p{L}\\p{N}])";
    const after = "(?![\\p{L}\\p{N}])";
    if (IS_NUMBER.test(text)) {
      const printed = text.replace(/%$/, "");
      const bare = printed.replace(/(?<=\.\d*)0+$/, "").replace(/\.$/, ""); // 66.50 is 66.5
      const zeros = bare.includes(".") ? "0*" : printed.includes(".") ? "(?:\\.0+)?" : "";
      const as = `(?<![\\p{L}\\p{N}.,-])${escaped(bare)}${zeros}(?![\\p{L}\\p{N}]|[.,]\\d)`;
      return { said: text, beginning: bare, whole: new RegExp(as, "u"), begins: new RegExp(as, "u"), marks: new RegExp(as, "gu"), number: true };
    }
    const as = written(text);
    const stem = isName ? "" : stemOf(text);
    const loose = stem ? `${before}(?:${as}|${stem})` : before + as;
    return {
      said: text,
      beginning: stem ? beginningOf(as, stem) : beginningOf(as),
      whole: new RegExp(`${before}(?:${as})${after}`, "u"),
      begins: new RegExp(before + as, "u"),
      stem: stem ? new RegExp(before + stem, "u") : null,
      marks: new RegExp(`(?:${loose})[\\p{L}\\p{N}]*`, "gu"),
    };
  }

  /** @type {Set<string> | undefined} */
  let nameWords; // every word of a name, which no ending is taken from

  /** @param {Findable[]} entries */
  function namesOf(entries) {
    nameWords ??= new Set(entries.filter(({ kind }) => kind === "paper" || kind === "dataset").flatMap((one) => one.folded.names));
    return nameWords;
  }

  /* A query: its words, each as patterns, and the whole of it as a name would be. Words in quotation marks are one. */
  /** @param {string} text @param {Findable[]} entries @returns {Query} */
  function queryOf(text, entries) {
    const names = namesOf(entries);
    const said = versions(folded(text).replace(/\bdata\s+set(s?)\b/g, "dataset$1").replace(TOGETHER, "$1-"));
    const quoted = [...said.matchAll(/["“”]([^"“”]+)["“”]|(\S+)/g)].map(([, phrase, word]) => (phrase ?? word.replace(/^["“”'(]+|[,;:.?!'")“”]+$/g, "")).trim());
    const asked = quoted.filter((word) => /[\p{L}\p{N}]/u.test(word));
    const telling = asked.filter((word) => !survey.data.texts.small.includes(word)); // words that say nothing count where nothing else is asked
    const words = (telling.length ? telling : asked).map((word) => wordOf(word, names.has(word)));
    const parts = asked.map((word) => (HAN.test(word) ? escaped(word) : written(word)));
    return {
      text: text.trim(),
      words,
      squeezed: asked.join("").replace(/[\s-]+/g, ""),
      phrase: asked.length > 1 ? new RegExp(`(?<![\\p{L}\\p{N}])${parts.join("[\\s-]+")}`, "u") : null,
      chinese: HAN.test(text),
      numbers: words.some(({ number }) => number),
    };
  }

  survey.share({ HAN, queryOf });
}
