// @ts-check
// What others ran, as peft_vlm_survey/costs/recipes.py words it: looked up, and nothing worked out.
"use strict";

{
  const { make } = survey;

  /* What was said of a method, the nearest recipe and its address; null if none is known. */
  /** @param {string} method @param {string} kind @param {string} task @param {string} shape @returns {Recipe | null} */
  function othersRan(method, kind, task, shape) {
    const { said, places } = /** @type {Recipes} */ (survey.data.recipes); // asked only where they have come
    const ways = [[kind, task, shape], [kind, task, ""], [kind, "", shape], [kind, "", ""]];
    const known = task && places[`${method}|${kind}|${task}|`] === undefined ? ways.slice(2) : ways;
    const found = known.map((way) => places[[method, ...way].join("|")]).find((place) => place !== undefined);
    if (found !== undefined) {
      return said[found];
    }
    const other = kind ? places[`${method}|{kind}||`] : undefined;
    return other === undefined ? null : [said[other][0].replace("{kind}", kind), said[other][1], said[other][2]];
  }

  /* A list of what others ran of some methods. */
  /** @param {[string, Recipe | null][]} found @returns {HTMLElement[]} */
  function othersList(found) {
    const known = /** @type {[string, Recipe][]} */ (found.filter(([, said]) => said));
    const unknown = found.filter(([, said]) => !said).map(([name]) => name);
    const told = (/** @type {[string, Recipe]} */ [name, [said, nearest, address]]) => make("li", {}, make("strong", {}, name), `: ${said}`,
      make("br", {}), "Nearest: ", make("a", { href: address }, nearest), ".");
    return [...(known.length ? [make("ul", {}, ...known.map(told))] : []),
      ...(unknown.length ? [make("p", {}, `No recipe is known of ${unknown.join(", ")}.`)] : [])];
  }

  /* Load what others ran beside a script that names it in data-recipes. */
  /** @param {HTMLScriptElement} beside @param {() => void} then */
  function withRecipes(beside, then) {
    const source = make("script", { src: new URL(String(beside.dataset.recipes), beside.src).href });
    source.addEventListener("load", then);
    document.head.append(source);
  }

  survey.share({ othersRan, othersList, withRecipes });
}
