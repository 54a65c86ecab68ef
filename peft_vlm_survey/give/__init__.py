"""What readers take away, one module per form; peft_vlm_survey/exports.py is the door."""
