"""The modules of methods that no library has, written from the papers' definitions."""

import torch
from torch import nn


def _vector(size: int) -> nn.Parameter:
    return nn.Parameter(torch.zeros(size))


def _matrix(rows: int, columns: int) -> nn.Parameter:
    return nn.Parameter(torch.zeros(rows, columns))


class Bottleneck(nn.Module):
    """Down, a non-linearity, up; with a norm before it or a scale behind it if asked."""

    def __init__(self, width: int, inner: int, *, norm: bool = False, scale: bool = False, bias: bool = True) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width) if norm else None
        self.down, self.up = nn.Linear(width, inner, bias=bias), nn.Linear(inner, width, bias=bias)
        self.scale = _vector(1) if scale else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return what is added to the stream."""
        y = self.up(torch.relu(self.down(x if self.norm is None else self.norm(x))))
        return y if self.scale is None else y * self.scale


class LowRank(nn.Module):
    """Two matrices of rank r, and a magnitude per output for DoRA."""

    def __init__(self, inputs: int, outputs: int, rank: int, *, magnitude: bool = False) -> None:
        super().__init__()
        self.a, self.b = _matrix(rank, inputs), _matrix(outputs, rank)
        self.magnitude = _vector(outputs) if magnitude else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return what is added to the output."""
        return x @ self.a.T @ self.b.T


class Edit(nn.Module):
    """LoReFT: what a token holds is moved, in the r directions of a matrix, to where a linear map of it leads."""

    def __init__(self, width: int, rank: int) -> None:
        super().__init__()
        self.directions, self.weight, self.bias = _matrix(rank, width), _matrix(rank, width), _vector(rank)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the edited state."""
        return x + (x @ self.weight.T + self.bias - x @ self.directions.T) @ self.directions


class Scale(nn.Module):
    """A factor, and a shift if asked, for each feature."""

    def __init__(self, width: int, *, shift: bool = False) -> None:
        super().__init__()
        self.gamma = _vector(width)
        self.beta = _vector(width) if shift else None


class Prompt(nn.Module):
    """Learned tokens, through a network of one hidden layer if it is given."""

    def __init__(self, tokens: int, width: int, hidden: int = 0, outputs: int = 0) -> None:
        super().__init__()
        self.tokens = nn.Embedding(tokens, width)
        outputs = outputs or width
        self.network = (
            nn.Sequential(nn.Linear(width, hidden), nn.Tanh(), nn.Linear(hidden, outputs)) if hidden else None
        )


class Coupled(nn.Module):
    """Learned tokens of the text tower for each of the first layers, and the layers that make the vision tower's of them."""

    def __init__(self, tokens: int, depth: int, text: int, vision: int) -> None:
        super().__init__()
        self.tokens = nn.ParameterList(_matrix(tokens, text) for _ in range(depth))
        self.projections = nn.ModuleList(nn.Linear(text, vision) for _ in range(depth))


class Independent(nn.Module):
    """Learned tokens of both towers for each of the first layers."""

    def __init__(self, tokens: int, depth: int, text: int, vision: int) -> None:
        super().__init__()
        self.tokens = nn.ParameterList(_matrix(tokens, width) for width in (text, vision) for _ in range(depth))


class Hypercomplex(nn.Module):
    """A bottleneck whose matrices are sums of Kronecker products with low-rank factors; the small ones are shared."""

    def __init__(self, width: int, inner: int, factors: int, rank: int) -> None:
        super().__init__()
        for name, inputs, outputs in (("down", width, inner), ("up", inner, width)):
            setattr(self, f"{name}_left", nn.Parameter(torch.zeros(factors, inputs // factors, rank)))
            setattr(self, f"{name}_right", nn.Parameter(torch.zeros(factors, rank, outputs // factors)))
            setattr(self, f"{name}_bias", _vector(outputs))


class FullHypercomplex(nn.Module):
    """The same with full factors that no other bottleneck shares, as VL-Adapter has it."""

    def __init__(self, width: int, inner: int, factors: int) -> None:
        super().__init__()
        for name, inputs, outputs in (("down", width, inner), ("up", inner, width)):
            setattr(self, f"{name}_rule", nn.Parameter(torch.zeros(factors, factors, factors)))
            setattr(self, f"{name}_weight", nn.Parameter(torch.zeros(factors, inputs // factors, outputs // factors)))
            setattr(self, f"{name}_bias", _vector(outputs))


class Generated(nn.Module):
    """What generates the adapters of one kind: matrices and biases of down and up, and two norms if asked."""

    def __init__(self, embedding: int, width: int, inner: int, *, norms: int = 2) -> None:
        super().__init__()
        self.up_weight, self.up_bias = nn.Linear(embedding, width * inner), nn.Linear(embedding, width)
        self.down_weight, self.down_bias = nn.Linear(embedding, width * inner), nn.Linear(embedding, inner)
        self.norms = nn.ModuleList(nn.Linear(embedding, width) for _ in range(2 * norms))


class TaskNetwork(nn.Module):
    """The network that turns embeddings of task and place into that of an adapter."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
        self.norm = nn.LayerNorm(outputs)


class VisualEmbedding(nn.Module):
    """Features, boxes with their area, order of images and of objects, in the width of the language model."""

    def __init__(self, features: int, width: int, *, bias_of_norms: bool) -> None:
        super().__init__()

        def norm() -> nn.Module:
            return nn.LayerNorm(width) if bias_of_norms else nn.RMSNorm(width)

        self.features = nn.Sequential(nn.Linear(features, width), norm())
        self.boxes = nn.Sequential(nn.Linear(5, width), norm())
        self.order = nn.Embedding(2, width)


class Block(nn.Module):
    """A transformer block of DiT: attention, feed-forward network, modulation by the condition; norms without weights."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)
        self.modulation = nn.Linear(width, 6 * width)


class DiT(nn.Module):
    """DiT with its embeddings of patches, times and labels, and the last layer that predicts noise and variance."""

    def __init__(self, width: int, layers: int, classes: int, patch: int = 2, channels: int = 4) -> None:
        super().__init__()
        self.patches = nn.Conv2d(channels, width, patch, patch)
        self.times = nn.Sequential(nn.Linear(256, width), nn.SiLU(), nn.Linear(width, width))
        self.labels = nn.Embedding(classes + 1, width)
        self.blocks = nn.ModuleList(Block(width, 4 * width) for _ in range(layers))
        self.last = nn.Linear(width, patch * patch * 2 * channels)
        self.last_modulation = nn.Linear(width, 2 * width)


class SideBlock(nn.Module):
    """A block of the ladder: as the backbone's, with everything divided by the reduction; no biases, RMS norms."""

    def __init__(self, width: int, inner: int, attention: int, *, attentions: int, gated: bool) -> None:
        super().__init__()
        self.attentions = nn.ModuleList(
            nn.ModuleList(nn.Linear(*size, bias=False) for size in [(width, attention)] * 3 + [(attention, width)])
            for _ in range(attentions)
        )
        sizes = [(width, inner)] * (2 if gated else 1) + [(inner, width)]
        self.network = nn.ModuleList(nn.Linear(*size, bias=False) for size in sizes)
        self.norms = nn.ModuleList(nn.RMSNorm(width) for _ in range(attentions + 1))


class Exchange(nn.Module):
    """How one tower of ETRIS looks at the other: attention to it, and with `inner` a whole block around that."""

    def __init__(self, width: int, heads: int, inner: int | None) -> None:
        super().__init__()
        self.across = nn.MultiheadAttention(width, heads)
        if inner is not None:
            self.along = nn.MultiheadAttention(width, heads)
            self.network = nn.Sequential(nn.Linear(width, inner), nn.ReLU(), nn.Linear(inner, width))
            self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))


class Bridge(nn.Module):
    """One stage of ETRIS's bridger: both towers come into a small width, look at each other, and go back."""

    def __init__(
        self, image: int, text: int, width: int, *, stride: int, inner: int | None, batch_norms: bool, fed: bool
    ) -> None:
        super().__init__()
        self.image_in = nn.Conv2d(image, width, stride, stride, bias=False)
        self.image_out = nn.ConvTranspose2d(width, image, stride, stride, bias=False)
        self.text_in, self.text_out = nn.Linear(text, width), nn.Linear(width, text)
        self.exchanges = nn.ModuleList(Exchange(width, 8, inner) for _ in ("image", "text"))
        self.batch_norms = nn.ModuleList(nn.BatchNorm2d(size) for size in (width, image) if batch_norms)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in ("image", "text") if fed)  # of what the last stage gave


class Looking(nn.Module):
    """Attention of one sequence to another, with a norm for each and without biases."""

    def __init__(self, width: int, inner: int, outputs: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        sizes = ((width, inner), (width, 2 * inner), (inner, outputs))  # queries, keys with values, output
        self.matrices = nn.ModuleList(nn.Linear(*size, bias=False) for size in sizes)


class Normed(nn.Module):
    """A feed-forward network without biases behind a norm."""

    def __init__(self, width: int, inner: int, outputs: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.matrices = nn.ModuleList(nn.Linear(*size, bias=False) for size in ((width, inner), (inner, outputs)))


class Gated(nn.Module):
    """A gated block of MQ-Det: text looks at visual queries, through a gate that is computed and one that is a number."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.looking, self.gate = Looking(width, inner, width), Normed(width, width // 2, 1)
        self.network, self.number = Normed(width, 4 * width, width), _vector(1)


class Selecting(nn.Module):
    """A block of MQ-Det that conditions visual queries on the image, and brings them into another width if asked."""

    def __init__(self, width: int, inner: int, outputs: int) -> None:
        super().__init__()
        self.looking, self.network = Looking(width, inner, outputs), Normed(outputs, 4 * outputs, outputs)
        self.mapping = nn.Linear(width, outputs, bias=False) if width != outputs else nn.Identity()


def count(module: nn.Module) -> int:
    """Return the parameters of a module, those that are shared once."""
    return sum(parameter.numel() for parameter in module.parameters())


class Resampler(nn.Module):
    """Learned queries that attend once to the patches of an image, as MiniCPM-V has it between tower and language model."""

    def __init__(self, queries: int, width: int, heads: int, patches: int) -> None:
        super().__init__()
        self.query, self.proj = _matrix(queries, width), _matrix(width, width)
        self.kv_proj = nn.Linear(patches, width, bias=False)
        self.attn = nn.MultiheadAttention(width, heads)
        self.ln_q, self.ln_kv, self.ln_post = (nn.LayerNorm(width) for _ in range(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return as many tokens as there are queries."""
        seen = self.ln_kv(self.kv_proj(x)).transpose(0, 1)
        asked = self.ln_q(self.query).unsqueeze(1).expand(-1, len(x), -1)
        return self.ln_post(self.attn(asked, seen, seen)[0].transpose(0, 1)) @ self.proj
