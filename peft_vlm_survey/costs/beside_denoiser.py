"""What lies beside the denoiser of an image generator in training: what encodes images, and what encodes texts."""

from collections.abc import Mapping
from dataclasses import dataclass

# Parameters of the autoencoders of 4 and of 16 channels, of the text towers of CLIP-L (with and without a projection) and of
# OpenCLIP bigG, and of the encoder of T5-XXL, built from their sizes as published: CompVis/stable-diffusion@21f890f
# configs/stable-diffusion/v1-inference.yaml, Stability-AI/generative-models@0ad7de9 configs/inference/sd_xl_base.yaml,
# black-forest-labs/flux@802fb47 src/flux/util.py, Stability-AI/sd3.5@fbf8f48 sd3_infer.py.
FOUR, SIXTEEN = 83_653_863, 83_819_683
# The autoencoder of FLUX.2, of 32 channels (black-forest-labs/flux2@ab7cca6 src/flux2/autoencoder.py), and Qwen3-4B with its
# tied output layer, as it is loaded.
THIRTY_TWO, QWEN3_4B = 84_046_115, 4_022_468_096
CLIP_L, CLIP_L_PROJECTED, CLIP_G, T5 = 123_060_480, 123_650_304, 694_659_840, 4_762_310_656
# The text tower of OpenCLIP-H without its last layer, which Stable Diffusion 2 does not read (Stability-AI/stablediffusion@cf1d67a
# configs/stable-diffusion/v2-inference.yaml).
CLIP_H = 340_387_840


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """Parameters of the autoencoder and of the text encoders, and in how many bytes the autoencoder's are held.

    Those bytes are read in the scripts of huggingface/diffusers@58eb52c (examples/dreambooth/train_dreambooth_lora_sdxl.py,
    _sd3.py, _flux.py) and of @027e8ee (_flux2_klein.py): in 32 bits with Stable Diffusion XL and 3, else in those of the denoiser, as the text encoders are.
    """

    image: int
    image_bytes: int
    texts: int


BESIDE: Mapping[str, Beside] = {
    "sd1.5": Beside(image=FOUR, image_bytes=2, texts=CLIP_L),
    "sd2.1": Beside(image=FOUR, image_bytes=2, texts=CLIP_H),
    "sdxl": Beside(image=FOUR, image_bytes=4, texts=CLIP_L + CLIP_G),
    "sd3.5-large": Beside(image=SIXTEEN, image_bytes=4, texts=CLIP_L_PROJECTED + CLIP_G + T5),
    "flux.1-dev": Beside(image=SIXTEEN, image_bytes=2, texts=CLIP_L + T5),
    "flux.2-klein-4b": Beside(image=THIRTY_TWO, image_bytes=2, texts=QWEN3_4B),
}
