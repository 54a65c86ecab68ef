"""The closed vocabulary of tasks, in groups: what a paper adapts its model to."""

from collections.abc import Mapping

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Referring and grounding": (
        "referring segmentation",
        "referring video segmentation",
        "visual grounding",
        "grounded dialogue",
        "video grounding",
    ),
    "Open-vocabulary perception": (
        "open-vocabulary detection",
        "open-vocabulary segmentation",
        "human-object interaction detection",
    ),
    "Segment Anything": ("promptable segmentation",),
    "Dense prediction": (
        "semantic segmentation",
        "object detection",
        "few-shot segmentation",
        "multi-task dense prediction",
    ),
    "Question answering and captioning": (
        "visual question answering",
        "visual captioning",
        "video question answering",
        "audio-visual understanding",
        "multimodal classification",
        "vision-and-language navigation",
    ),
    "Multimodal instruction tuning": (
        "multimodal instruction tuning",
        "multimodal LLM adaptation",
    ),
    "Retrieval": (
        "image-text retrieval",
        "video-text retrieval",
        "image retrieval",
    ),
    "CLIP few-shot and base-to-novel": (
        "CLIP few-shot recognition",
        "CLIP base-to-novel recognition",
        "CLIP domain generalisation",
        "CLIP multi-label recognition",
        "compositional zero-shot recognition",
    ),
    "CLIP test-time and unsupervised": (
        "CLIP test-time adaptation",
        "CLIP unsupervised adaptation",
    ),
    "CLIP reliability": (
        "CLIP out-of-distribution detection",
        "CLIP calibration",
        "CLIP robustness",
    ),
    "Image classification": (
        "image classification",
        "few-shot image classification",
        "long-tailed classification",
        "domain generalisation and adaptation",
        "adversarial robustness",
        "black-box adaptation",
    ),
    "Video and 3D": (
        "video recognition",
        "visual tracking",
        "point cloud analysis",
    ),
    "Continual and federated learning": (
        "continual learning",
        "federated and private adaptation",
    ),
    "Generation": (
        "image generation",
        "personalised generation",
        "controllable generation",
        "concept erasure",
        "video generation",
        "image restoration",
    ),
    "Applied domains": (
        "medical image analysis",
        "remote sensing",
        "anomaly detection",
        "face analysis",
        "robot control",
    ),
    "Language understanding and generation": (
        "natural language understanding",
        "natural language generation",
        "cross-lingual transfer",
    ),
    "LLM adaptation": (
        "LLM adaptation",
        "quantised LLM adaptation",
        "module composition",
    ),
}
GROUP_OF: Mapping[str, str] = {task: group for group, tasks in GROUPS.items() for task in tasks}
TASKS = tuple(GROUP_OF)
