"""The letters of the formulas: what each means, how it is typeset, and where its number comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from peft_vlm_survey.costs.expressions import Letter, letter

# How a letter is printed where there is no typesetting, if not by its name.
_TEXTS = {
    "z_sides": "sum_M(d_in + d_out)",
    "z_out": "sum_M(d_out)",
    "z_scaled": "sum_M(d_M)",
    "z_in": "sum_M(d_in)",
    "z_count": "|M|",
    "z_small": "sum_M(a_in*a_out)",
    "z_large": "sum_M(b_in*b_out)",
    "z_larger": "sum_M(b_in + b_out)",
    "k_s": "k",
    "N_l": "N",
    "b": "B",
    "b_N": "B_norm",
    "N": "N_norm",
    "N_w": "N_word",
    "N_E": "N_enc",
    "o": "O",
    "o_b": "O_block",
    "t_V": "t",
    "q_V": "q",
    "f_B": "f",
    "i_G": "i",
    "i_S": "i_sel",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """A letter of a formula.

    `source` says where its number comes from, in Python and in the browser alike: a `parameter` of the setting,
    a `quantity` of the backbone's part, a sum over the `targets`, a `switch` (0 or 1), or a `fixed` number.
    `origin` is the name of it there.
    """

    name: str
    latex: str
    meaning: str
    source: Literal["parameter", "quantity", "targets", "switch", "fixed"]
    origin: str

    @property
    def text(self) -> str:
        """The letter without typesetting."""
        return _TEXTS.get(self.name, self.name)

    @property
    def letter(self) -> Letter:
        """The letter as formulas are written in it."""
        return letter(self.name)


def _signs(*rows: tuple[str, str, str, str, str]) -> Mapping[str, Sign]:
    return {
        name: Sign(name=name, latex=latex, meaning=meaning, source=source, origin=origin)  # type: ignore[arg-type]
        for name, latex, source, origin, meaning in rows
    }


SIGNS = _signs(
    ("r", "r", "parameter", "rank", "rank"),
    ("m", "m", "parameter", "bottleneck", "width of the bottleneck"),
    ("m_d", r"m_{\mathrm{dec}}", "parameter", "decoder_bottleneck", "width of the bottleneck in the decoder"),
    ("p", "p", "parameter", "tokens", "learned tokens"),
    ("K", "K", "parameter", "tasks", "tasks"),
    ("C", "C", "parameter", "classes", "classes"),
    ("n", "n", "parameter", "phm", "factors of the hypercomplex product"),
    ("M", "M", "parameter", "mlp", "hidden width of the reparameterisation"),
    ("rho", r"\rho", "parameter", "reduction", "reduction factor"),
    ("k_s", "k", "parameter", "shots", "examples a class"),
    ("u", "u", "parameter", "budget", "requested budget"),
    ("N_l", "N", "parameter", "layers", "adapted layers"),
    ("J", "J", "parameter", "depth", "layers with learned tokens of their own"),
    ("beta", r"\beta", "parameter", "block", "side of a block of the rotation"),
    ("n_f", "n_f", "parameter", "frequencies", "entries of a spectrum"),
    ("E_s", r"E_{\mathrm{side}}", "parameter", "side_encoder", "side layers of the encoder"),
    ("D_s", r"D_{\mathrm{side}}", "parameter", "side_decoder", "side layers of the decoder"),
    ("L", "L", "quantity", "layers", "layers"),
    ("E", "E", "quantity", "encoder_layers", "layers of the encoder"),
    ("D", "D", "quantity", "decoder_layers", "layers of the decoder"),
    ("s", "s", "quantity", "stacks", "stacks (encoder, decoder)"),
    ("S", "S", "quantity", "sublayers", "attentions and feed-forward networks"),
    ("g", "g", "quantity", "kinds", "kinds of sublayers, counted for each stack"),
    ("d", "d", "quantity", "width", "width (of a hierarchical backbone the mean over its blocks)"),
    ("d_0", "d_0", "quantity", "embedded_width", "width of the embedded input"),
    ("d_kv", r"d_{kv}", "quantity", "kv_width", "width of all keys (key/value heads times head width)"),
    ("h", "h", "quantity", "heads", "attention heads"),
    ("e", "e", "quantity", "embedding", "width of the joint embedding"),
    ("w", "w", "quantity", "vision_width", "width of the vision tower's last stage"),
    ("P", "P", "quantity", "params", "parameters"),
    ("b", "B", "quantity", "biases", "biases"),
    ("b_N", r"B_{\mathrm{norm}}", "quantity", "norm_biases", "biases among the norms"),
    ("N", r"N_{\mathrm{norm}}", "quantity", "norms", "weights and biases of the norms"),
    ("N_w", r"N_{\mathrm{word}}", "quantity", "embedding_norms", "norms of the embeddings among them"),
    ("N_E", r"N_{\mathrm{enc}}", "quantity", "encoder_norms", "norms of the encoder"),
    ("R", "R", "quantity", "relative_positions", "tables of relative positions"),
    ("V_E", r"V_{\mathrm{emb}}", "quantity", "embeddings", "embeddings"),
    ("V_P", r"V_{\mathrm{proj}}", "quantity", "projector", "projector, or visual embedding"),
    ("o", "O", "quantity", "outputs", "output widths of all operations together"),
    ("o_b", r"O_{\mathrm{block}}", "quantity", "block_outputs", "output widths of a block's linear layers together"),
    ("W_E", r"W_{\mathrm{enc}}", "quantity", "encoder_weights", "weights of an encoder layer"),
    ("W_D", r"W_{\mathrm{dec}}", "quantity", "decoder_weights", "weights of a decoder layer"),
    ("v_E", r"v_{\mathrm{enc}}", "quantity", "encoder_vectors", "biases and norms of an encoder layer"),
    ("v_D", r"v_{\mathrm{dec}}", "quantity", "decoder_vectors", "biases and norms of a decoder layer"),
    ("z", "z", "quantity", "norm_size", "scalars of one norm"),
    ("W", "W", "quantity", "weights", "weights of the blocks' linear layers, of experts those that a token passes"),
    ("A", "A", "quantity", "attention_width", "heads times head width, over all attentions"),
    ("T", "T", "parameter", "length", "tokens of an input"),
    ("F", "F", "quantity", "macs", "multiply–adds of the frozen part"),
    ("I", "I", "quantity", "inputs", "input widths of the blocks' linear layers, shared ones once"),
    ("c_1", r"c_1", "quantity", "head_column", "parameters of the head for each class"),
    ("c_0", r"c_0", "quantity", "head_fixed", "parameters of the head besides"),
    (
        "z_sides",
        r"\textstyle\sum_M (d_{\mathrm{in}} + d_{\mathrm{out}})",
        "targets",
        "sides",
        "both sides of the targets",
    ),
    ("z_out", r"\textstyle\sum_M d_{\mathrm{out}}", "targets", "outputs", "output widths of the targets"),
    ("z_scaled", r"\textstyle\sum_M d_M", "targets", "scaled", "widths that the targets' vectors scale"),
    ("z_in", r"\textstyle\sum_M d_{\mathrm{in}}", "targets", "inputs", "input widths of the targets, shared ones once"),
    (
        "z_small",
        r"\textstyle\sum_M a_{\mathrm{in}} a_{\mathrm{out}}",
        "targets",
        "kronecker_small",
        "sizes of the smaller Kronecker factors of the targets",
    ),
    (
        "z_large",
        r"\textstyle\sum_M b_{\mathrm{in}} b_{\mathrm{out}}",
        "targets",
        "kronecker_large",
        "sizes of the larger Kronecker factors of the targets",
    ),
    (
        "z_larger",
        r"\textstyle\sum_M (b_{\mathrm{in}} + b_{\mathrm{out}})",
        "targets",
        "kronecker_sides",
        "both sides of the larger Kronecker factors",
    ),
    ("z_count", r"|M|", "targets", "count", "number of target matrices"),
    ("y_norms", r"[\mathrm{norms}]", "switch", "norms", "1 if the norms are trained"),
    ("y_biases", r"[\mathrm{biases}]", "switch", "biases", "1 if the biases are trained"),
    ("y_embeddings", r"[\mathrm{embeddings}]", "switch", "embeddings", "1 if the embeddings are trained"),
    ("y_positions", r"[\mathrm{positions}]", "switch", "positions", "1 if relative positions are trained"),
    ("y_projector", r"[\mathrm{projector}]", "switch", "projector", "1 if the projector is trained"),
    ("y_head", r"[\mathrm{head}]", "switch", "head", "1 if a head is trained"),
    ("t", "t", "fixed", "64", "width of a task's embedding"),
    ("t_V", "t", "fixed", "512", "width of a task's embedding"),
    ("H", "H", "fixed", "128", "hidden width of the task network"),
    ("q", "q", "fixed", "64", "width of the projected task embedding"),
    ("q_V", "q", "fixed", "8", "width of the projected task embedding"),
    ("f_B", "f", "fixed", "128", "width of the bridger's feed-forward network"),
    ("G", "G", "fixed", "6", "gated blocks"),
    ("i_G", "i", "fixed", "512", "inner width of the gated attention"),
    ("i_S", r"i_{\mathrm{sel}}", "fixed", "256", "inner width of the pre-selecting attention"),
    ("d_t", "d_t", "quantity", "embedded_width", "width of the text tower"),
)
BY_LETTER: Mapping[Letter, Sign] = {sign.letter: sign for sign in SIGNS.values()}


def sign(name: str) -> Letter:
    """Return the letter of a name. Raises KeyError if there is none."""
    return SIGNS[name].letter
