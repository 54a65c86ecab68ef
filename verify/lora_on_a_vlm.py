"""LoRA on a tiny random LLaVA: the lines of the chapter *Doing It*, which prints what stands between the two marks."""

# [begin]
import torch
from peft import LoraConfig, get_peft_model
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

torch.manual_seed(0)
sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 3, "num_attention_heads": 2}
vision = CLIPVisionConfig(**sizes, patch_size=14, image_size=28)  # 2 × 2 patches: four image tokens
text = LlamaConfig(**sizes, vocab_size=101, pad_token_id=0)
model = LlavaForConditionalGeneration(LlavaConfig(text_config=text, vision_config=vision, image_token_id=100))
# With weights: LlavaForConditionalGeneration.from_pretrained("llava-hf/llava-1.5-7b-hf", dtype=torch.bfloat16)

linear = r".*language_model\..*\.(q_proj|k_proj|v_proj|o_proj|gate_proj|up_proj|down_proj)"
model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules=linear))
model.print_trainable_parameters()

tokens = torch.tensor([[1, 100, 100, 100, 100, 7, 8, 9]])  # begin, the image, a question of one word, the answer
batch = {"input_ids": tokens, "attention_mask": torch.ones_like(tokens), "pixel_values": torch.randn(1, 3, 28, 28)}
labels = tokens.masked_fill(torch.arange(8) < 6, -100)  # the loss reads the answer alone
optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=2e-4)
losses = []
for _ in range(20):
    loss = model(**batch, labels=labels).loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    losses.append(loss.item())
model.save_pretrained("adapter")  # the factors alone
model = model.merge_and_unload()  # a plain LLaVA again
# [end]
