"""LoRA on a tiny random LLaVA: the lines of the chapter *Doing It*, which prints what stands between the two marks."""

# [begin]
import torch
import transformers as hf
from peft import LoraConfig, get_peft_model

torch.manual_seed(0)
sizes = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
}
# 2 × 2 patches make four image tokens.
vision = hf.CLIPVisionConfig(**sizes, patch_size=14, image_size=28)
text = hf.LlamaConfig(**sizes, vocab_size=101, pad_token_id=0)
config = hf.LlavaConfig(
    text_config=text,
    vision_config=vision,
    image_token_id=100,
)
# With weights: hf.LlavaForConditionalGeneration.from_pretrained(name)
model = hf.LlavaForConditionalGeneration(config)

linear = r".*language_model\..*\.(q|k|v|o|gate|up|down)_proj"
lora = LoraConfig(r=8, lora_alpha=16, target_modules=linear)
model = get_peft_model(model, lora)
model.print_trainable_parameters()

# Begin, the image, a question of one word, an answer of two.
tokens = torch.tensor([[1, 100, 100, 100, 100, 7, 8, 9]])
batch = {
    "input_ids": tokens,
    "attention_mask": torch.ones_like(tokens),
    "pixel_values": torch.randn(1, 3, 28, 28),
    # The loss reads the answer alone.
    "labels": tokens.masked_fill(torch.arange(8) < 6, -100),
}
trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=2e-4)
losses = []
for _ in range(20):
    loss = model(**batch).loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    losses.append(loss.item())
model.save_pretrained("adapter")  # the factors alone
model = model.merge_and_unload()  # a plain LLaVA again
# [end]
