"""What readers take away, one module a form; peft_vlm_survey/exports.py is the door."""
