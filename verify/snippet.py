"""Whether the lines of the chapter *Doing It* run, and train what the closed form counts."""

import contextlib
import io
import runpy
import tempfile
from collections.abc import Iterator
from pathlib import Path

LINES = Path(__file__).with_name("lora_on_a_vlm.py")
RANK, WIDTH, INNER, LAYERS = 8, 32, 64, 3
# r(d_in + d_out) of four matrices of attention and three of the feed-forward part, in each layer.
EXPECTED = LAYERS * RANK * (4 * (WIDTH + WIDTH) + 3 * (WIDTH + INNER))


def look() -> Iterator[str]:
    """Run the lines in an empty folder and yield what they trained, stored and left."""
    told = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), contextlib.redirect_stdout(told):
        left = runpy.run_path(str(LINES))
        stored = sorted(path.name for path in Path("adapter").iterdir())
    losses, merged = left["losses"], not hasattr(left["model"], "peft_config")
    counted = f"trainable params: {EXPECTED:,}" in told.getvalue()
    falls = losses[-1] < losses[0]
    kept = "adapter_model.safetensors" in stored
    mark = "" if counted and falls and kept and merged else "  DIFFERS"
    yield f"lines of the chapter on practice: {EXPECTED:,} trained, loss {losses[0]:.3f} to {losses[-1]:.3f}{mark}"
    if mark:
        yield f"  printed {told.getvalue().strip()!r}; files {', '.join(stored)}; merged {merged}"
