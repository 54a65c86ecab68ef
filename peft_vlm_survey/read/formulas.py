"""Formulas of titles as Unicode, for readers who set no TeX: feeds, reference managers."""

import re
from collections import deque
from collections.abc import Mapping

FORMULA = re.compile(r"\$[^$]*\$")
SYMBOLS: Mapping[str, str] = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ϵ",
    "varepsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "ϕ",
    "varphi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Gamma": "Γ",
    "Delta": "Δ",
    "Theta": "Θ",
    "Lambda": "Λ",
    "Xi": "Ξ",
    "Pi": "Π",
    "Sigma": "Σ",
    "Phi": "Φ",
    "Psi": "Ψ",
    "Omega": "Ω",
    "ell": "ℓ",
    "infty": "∞",
    "times": "×",
    "cdot": "·",
    "pm": "±",
    "leq": "≤",
    "geq": "≥",
    "le": "≤",
    "ge": "≥",
    "approx": "≈",
    "sim": "∼",
    "to": "→",
    "rightarrow": "→",
}
# The Unicode letters that stand high or low; what has none keeps its mark.
_HIGH = str.maketrans("0123456789+-=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_LOW = str.maketrans("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_SCRIPTS = {"^": _HIGH, "_": _LOW}
_PIECE = re.compile(r"\\[A-Za-z]+|.")


def spell_out(formula: str) -> str:
    r"""Return what stands between the two `$` of a formula as Unicode, as far as there are characters for it.

    >>> [spell_out(formula) for formula in (r"^2", r"\pi_{0}", r"\mathbf{M^3}", r"\ell_1^{ab}", r"\mathcal{O}(n^T)")]
    ['²', 'π₀', 'M³', 'ℓ₁ᵃᵇ', 'O(n^T)']
    """
    return _group(deque(_PIECE.findall(formula)))


def _group(pieces: deque[str]) -> str:
    """Return everything up to the closing brace, which is used up."""
    parts = []
    while pieces and pieces[0] != "}":
        parts.append(_next(pieces))
    if pieces:
        pieces.popleft()
    return "".join(parts)


def _next(pieces: deque[str]) -> str:
    """Return the next thing: a letter, a group, or a command with what belongs to it; empty at the end."""
    if not pieces:
        return ""
    piece = pieces.popleft()
    if piece == "{":
        return _group(pieces)
    if piece in _SCRIPTS:
        inside = _next(pieces)
        if all(ord(letter) in _SCRIPTS[piece] for letter in inside):
            return inside.translate(_SCRIPTS[piece])
        return f"{piece}{_whole(inside)}"
    if piece == r"\frac":
        return f"{_whole(_argument(pieces))}/{_whole(_argument(pieces))}"
    if piece == r"\sqrt":
        return f"√{_whole(_argument(pieces))}"
    if piece.startswith("\\"):  # a command that only chooses a font prints nothing of its own
        return SYMBOLS.get(piece[1:], "")
    return piece


def _argument(pieces: deque[str]) -> str:
    while pieces and pieces[0] == " ":
        pieces.popleft()
    return _next(pieces)


def _whole(part: str) -> str:
    return part if len(part) == 1 or part.isalnum() else f"({part})"
